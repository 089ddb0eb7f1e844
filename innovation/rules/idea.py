"""The way of an idea."""

from __future__ import annotations

from enum import StrEnum

from innovation.rules.machine import Machine


class IdeaState(StrEnum):
    DRAFT = "draft"
    CHECKING = "checking"
    """Sent, and not shown before somebody has checked it."""
    SUBMITTED = "submitted"
    RETURNED = "returned"
    SHORTLISTED = "shortlisted"
    PROMOTED = "promoted"
    PARKED = "parked"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


S = IdeaState

IN_THE_RUNNING = frozenset({S.SUBMITTED, S.SHORTLISTED})
"""States in which an idea takes part in votes and in a promotion run."""

WAITS_OR_RUNS = IN_THE_RUNNING | {S.CHECKING}
"""The same, and what waits to be checked first: sent, and not decided."""

UNSENT = frozenset({S.DRAFT, S.RETURNED})
"""States from which an idea can be sent."""

IDEA = Machine(
    name="idea",
    start=S.DRAFT,
    moves={
        "submit": ({S.DRAFT, S.RETURNED}, S.SUBMITTED),
        "hand_in": ({S.DRAFT, S.RETURNED}, S.CHECKING),
        "accept": ({S.CHECKING}, S.SUBMITTED),
        "return": ({S.CHECKING}, S.RETURNED),
        "shortlist": ({S.SUBMITTED}, S.SHORTLISTED),
        "promote": ({S.SUBMITTED, S.SHORTLISTED, S.DECLINED, S.PARKED}, S.PROMOTED),
        "park": ({S.SUBMITTED, S.SHORTLISTED}, S.PARKED),
        "decline": ({S.CHECKING, S.SUBMITTED, S.SHORTLISTED}, S.DECLINED),
        "withdraw": ({S.DRAFT, S.CHECKING, S.SUBMITTED, S.RETURNED, S.SHORTLISTED}, S.WITHDRAWN),
        "restore_draft": ({S.WITHDRAWN}, S.DRAFT),
        "restore_returned": ({S.WITHDRAWN}, S.RETURNED),
        "restore_checking": ({S.WITHDRAWN}, S.CHECKING),
        "restore_submitted": ({S.WITHDRAWN}, S.SUBMITTED),
        "restore_shortlisted": ({S.WITHDRAWN}, S.SHORTLISTED),
        "merge": ({S.SUBMITTED, S.SHORTLISTED}, S.MERGED),
    },
)
