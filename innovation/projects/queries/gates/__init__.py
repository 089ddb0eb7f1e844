"""Reading gates: where a project stands, whose turn it is, and how its gates were decided."""

from innovation.projects.queries.gates.acting import acts_as, is_late, keeps, last_decided, reopens_as
from innovation.projects.queries.gates.history import Told, decisions, latest
from innovation.projects.queries.gates.lists import late, mine_of, to_decide, waiting
from innovation.projects.queries.gates.position import Standing, at_hand, checks, evidence_count, standing
from innovation.projects.queries.gates.turns import WAITING, Duty, duties

__all__ = [
    "WAITING",
    "Duty",
    "Standing",
    "Told",
    "acts_as",
    "at_hand",
    "checks",
    "decisions",
    "duties",
    "evidence_count",
    "is_late",
    "keeps",
    "last_decided",
    "late",
    "latest",
    "mine_of",
    "reopens_as",
    "standing",
    "to_decide",
    "waiting",
]
