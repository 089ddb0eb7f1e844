"""The way of a challenge."""

from __future__ import annotations

from enum import StrEnum

from innovation.rules.machine import Machine


class ChallengeState(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    RETURNED = "returned"
    PUBLISHED = "published"
    DECIDED = "decided"
    STOPPED = "stopped"


S = ChallengeState

CHALLENGE = Machine(
    name="challenge",
    start=S.DRAFT,
    moves={
        "propose": ({S.DRAFT, S.RETURNED}, S.PROPOSED),
        "return": ({S.PROPOSED}, S.RETURNED),
        "publish": ({S.DRAFT, S.RETURNED, S.PROPOSED}, S.PUBLISHED),
        "decide": ({S.PUBLISHED}, S.DECIDED),
        "stop": ({S.PUBLISHED}, S.STOPPED),
    },
)

EDITABLE = frozenset({S.DRAFT, S.RETURNED, S.PROPOSED})
"""States in which a brief may still be changed; what was published stays as promised."""

LIVE = frozenset({S.PUBLISHED, S.DECIDED, S.STOPPED})
"""States in which the audience sees a challenge."""
