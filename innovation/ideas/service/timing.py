"""Is it time? Asked of the row that the verb has locked, at the instant read after the lock."""

from __future__ import annotations

from datetime import datetime

from innovation.challenges.models import Challenge
from innovation.kernel.errors import NotNow
from innovation.rules.challenge import ChallengeState
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


def _window(schedule: Schedule, act: May) -> tuple[datetime, datetime | None]:
    """From when to when an act has its phase."""
    if act == May.VOTE:
        return schedule.vote_opens or schedule.opens, schedule.vote_closes
    if act == May.REVIEW:
        return schedule.votes_are_in(), schedule.review_closes
    return schedule.opens, schedule.closes
