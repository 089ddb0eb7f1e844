"""What several doors of an idea use."""

from __future__ import annotations

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.web import Answer, refusal, see
from innovation.rules.challenge import ChallengeState
from innovation.rules.policy import May


def door(challenge: Challenge) -> str:
    """Whether ideas can come in: ``open``, ``early`` or ``over``. For the page only; a verb asks under its lock."""
    schedule, now = challenge.schedule(), clock.now()
    running = challenge.state == ChallengeState.PUBLISHED and challenge.frozen_at is None
    if running and schedule.allows(May.SUBMIT_IDEA, now):
        return "open"
    return "early" if running and now < schedule.opens else "over"


def as_it_stands(idea: Idea, code: str) -> Answer:
    """To the idea's page, saying why what was asked for is not possible."""
    return see("pages.idea", public_id=idea.public_id, message=refusal(code, state=idea.state), tone="stop")
