"""What several doors of an idea use."""

from __future__ import annotations

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.ideas.service.timing import send_again_until
from innovation.kernel import clock
from innovation.kernel.web import Answer, refusal, see
from innovation.rules.challenge import ChallengeState
from innovation.rules.policy import May


def door(challenge: Challenge, idea: Idea | None = None) -> str:
    """Whether ideas can come in: ``open``, ``early`` or ``over``. For the page only; a verb asks under its lock.

    Args:
        idea: the one it is about, since what was sent back can come again although nothing else can.
    """
    schedule, now = challenge.schedule(), clock.now()
    running = challenge.state == ChallengeState.PUBLISHED and challenge.frozen_at is None
    again = send_again_until(idea) if idea is not None else None
    if running and again is not None:
        return "open" if now < again else "over"
    if running and schedule.allows(May.SUBMIT_IDEA, now):
        return "open"
    return "early" if running and now < schedule.opens else "over"


def as_it_stands(idea: Idea, code: str) -> Answer:
    """To the idea's page, saying why what was asked for is not possible."""
    return see("pages.idea", public_id=idea.public_id, message=refusal(code, state=idea.state), tone="stop")
