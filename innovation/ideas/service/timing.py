"""Is it time? Asked of the row that the verb has locked, at the instant read after the lock."""

from __future__ import annotations

from datetime import datetime

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.errors import NotNow
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import IdeaState
from innovation.rules.phases import Schedule
from innovation.rules.policy import May


def require_time(challenge: Challenge, act: May, now: datetime) -> None:
    """Refuse an act that the challenge's schedule does not allow now.

    Raises:
        NotNow: it has not begun, is over, or the challenge was stopped or frozen for its decision.
    """
    if challenge.state != ChallengeState.PUBLISHED:
        raise NotNow("challenge_not_running", state=challenge.state)
    schedule = challenge.schedule()
    if challenge.frozen_at is not None or not schedule.allows(act, now):
        opens, over = _window(schedule, act)
        early = challenge.frozen_at is None and now < opens
        raise NotNow("not_open_yet" if early else "closed", at=opens if early else over, zone=challenge.zone)


def require_time_to_send(idea: Idea, now: datetime) -> None:
    """Refuse to send an idea when its time is over: for one that was sent back the day that was said, else the deadline.

    Raises:
        NotNow: as in :func:`require_time`.
    """
    until = send_again_until(idea)
    if until is None:
        require_time(idea.challenge, May.SUBMIT_IDEA, now)
        return
    challenge = idea.challenge
    if challenge.state != ChallengeState.PUBLISHED:
        raise NotNow("challenge_not_running", state=challenge.state)
    if challenge.frozen_at is not None or now >= until:
        raise NotNow("closed", at=until, zone=challenge.zone)


def send_again_until(idea: Idea) -> datetime | None:
    """Until when an idea that was sent back can come again: as long as any idea can, and until the day that was said.

    None for an idea that was not sent back.
    """
    if idea.state != IdeaState.RETURNED:
        return None
    closes = idea.challenge.closes_at
    return closes if idea.resubmit_until is None else max(closes, idea.resubmit_until)


def _window(schedule: Schedule, act: May) -> tuple[datetime, datetime | None]:
    """From when to when an act has its phase."""
    if act == May.VOTE:
        return schedule.vote_opens or schedule.opens, schedule.vote_closes
    if act == May.REVIEW:
        return schedule.votes_are_in(), schedule.review_closes
    return schedule.opens, schedule.closes
