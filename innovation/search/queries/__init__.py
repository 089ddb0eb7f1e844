"""Reading the index: what this person may see of what he looks for."""

from innovation.search.queries.asking import PAGE, Filters, Found, Hit, challenge_names, search
from innovation.search.queries.lacking import waiting
from innovation.search.queries.seeing import KINDS, STATED
from innovation.search.queries.similar import Like, like

__all__ = ["KINDS", "PAGE", "STATED", "Filters", "Found", "Hit", "Like", "challenge_names", "like", "search", "waiting"]
