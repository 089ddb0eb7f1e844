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


class WhoDecides(StrEnum):
    """Whose judgement a challenge's result rests on."""

    VOTES = "votes"
    SPONSOR = "sponsor"
    PANEL = "panel"
    VOTES_PANEL = "votes_panel"


class AmendmentKind(StrEnum):
    """What may still change after publication, and only in the direction that was promised."""

    DEADLINE = "deadline"
    ANSWER = "answer"
    """The day by which every author was promised an answer."""
    PRIZE = "prize"
    TERMS = "terms"
    ELIGIBILITY = "eligibility"
    WORDS = "words"
    STOPPED = "stopped"


BY_VOTES = frozenset({WhoDecides.VOTES, WhoDecides.VOTES_PANEL})
"""Where the participants vote."""

BY_PANEL = frozenset({WhoDecides.PANEL, WhoDecides.VOTES_PANEL})
"""Where a panel scores: every idea, or those the participants put on the shortlist."""

S = ChallengeState

CHALLENGE = Machine(
    name="challenge",
    start=S.DRAFT,
    moves={
        "propose": ({S.DRAFT, S.RETURNED}, S.PROPOSED),
        "return": ({S.PROPOSED}, S.RETURNED),
        "publish": ({S.PROPOSED}, S.PUBLISHED),
        "decide": ({S.PUBLISHED}, S.DECIDED),
        "stop": ({S.PUBLISHED}, S.STOPPED),
    },
)

EDITABLE = frozenset({S.DRAFT, S.RETURNED, S.PROPOSED})
"""States in which a brief may still be changed; what was published stays as promised."""

LIVE = frozenset({S.PUBLISHED, S.DECIDED, S.STOPPED})
"""States in which the audience sees a challenge."""
