"""Gates: the team ticks a checklist and asks, a keeper decides, and what was decided is taken back by a new decision.

Every verb reads the gates under the project's lock. A decision is a row that is only added; a gate's own columns say
how it stands now.
"""

from innovation.projects.service.gates.asking import ask, tick, unask
from innovation.projects.service.gates.deciding import decide, reopen
from innovation.projects.service.gates.deputies import name_deputy
from innovation.projects.service.gates.extending import extend
from innovation.projects.service.gates.recording import ANSWERED_AT

__all__ = [
    "ANSWERED_AT",
    "ask",
    "decide",
    "extend",
    "name_deputy",
    "reopen",
    "tick",
    "unask",
]
