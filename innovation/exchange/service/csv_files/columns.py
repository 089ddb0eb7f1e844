"""Which columns the files have: a table for code, and for readers ``docs/import.md``."""

from collections.abc import Mapping
from typing import Final

COLUMNS: Final[Mapping[str, Mapping[str, bool]]] = {
    "challenges": {
        "id": True, "title": True, "question": False, "brief": False, "brief_format": False, "sponsor": False,
        "url": False, "language": False, "opens": False, "closes": False, "zone": False, "budget": False,
        "prize": False, "currency": False, "types": False,
    },
    "ideas": {
        "id": True, "challenge": True, "title": True, "text": False, "requested": False, "currency": False,
        "authors": False, "url": False, "state": False, "submitted": False, "language": False,
    },
    "people": {
        "email": True, "name": True, "organisation": False, "department": False, "circle": False,
        "language": False,
    },
    "comments": {
        "id": True, "idea": True, "text": True, "answers": False, "author": False, "text_format": False,
        "written": False, "language": False,
    },
    "tallies": {
        "idea": True, "for": True, "against": False, "voters": False, "electorate": False, "unit": False,
        "source": True,
    },
}  # fmt: skip
"""Kind -> column -> whether it must be there and filled."""

SEPARATOR: Final = "|"
"""Between several values in one cell (authors, types)."""
