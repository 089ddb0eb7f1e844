"""How long what was taken away can be brought back."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

DAYS: Final = 30
KEPT: Final = timedelta(days=DAYS)


def gone_for_good(taken_at: datetime) -> datetime:
    """From when on nothing brings back what was taken away then."""
    return taken_at + KEPT


class Lost(StrEnum):
    """Why something stays away."""

    TOO_LATE = "trash_is_emptied"
    DECIDING = "decision_under_way_restore"
    NOT_RUNNING = "challenge_not_running"
    MISSED = "missed_the_vote"


def why_an_idea_stays_away(
    *,
    withdrawn_at: datetime,
    sent: bool,
    running: bool,
    frozen: bool,
    votes_are_in: datetime | None,
    now: datetime,
) -> Lost | None:
    """Why a withdrawn idea cannot be restored any more; None while it can.

    A draft comes back any time within the days. A sent idea is judged among others, so it comes back as long as it missed
    nothing of that: while the challenge runs and is not frozen for its decision, and not once the votes are in, unless it
    was withdrawn after that.
    """
    if now >= gone_for_good(withdrawn_at):
        return Lost.TOO_LATE
    if not sent:
        return None
    if not running:
        return Lost.NOT_RUNNING
    if frozen:
        return Lost.DECIDING
    if votes_are_in is not None and withdrawn_at < votes_are_in <= now:
        return Lost.MISSED
    return None
