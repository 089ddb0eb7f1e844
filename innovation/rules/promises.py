"""When who is reminded of what was promised: an answer to every author, one to every sponsor who handed in a brief, and that
what is sent is checked soon where it is checked before others see it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class Step(StrEnum):
    """How near the promised day is."""

    SOON = "soon"
    TODAY = "today"
    LATE = "late"
    """Past: the manager is told as well."""


Due = tuple[Step, str]
"""The step a promise not kept yet has come to, and the name under which that is said once."""

SOON = timedelta(days=3)
LATE = timedelta(days=1)
WEEK = timedelta(days=7)


def step(promised: datetime, now: datetime) -> Due | None:
    """The step that a promise not kept yet has come to, and the name under which it is said once.

    A late one is said again every week, each time under another name.
    """
    if now < promised - SOON:
        return None
    if now < promised:
        return Step.SOON, "answer_soon"
    if now < promised + LATE:
        return Step.TODAY, "answer_today"
    return Step.LATE, f"answer_late_{(now - promised - LATE) // WEEK}"


APPROVAL = timedelta(days=2)
"""So soon a sponsor who handed in a challenge hears whether it is published."""
APPROVAL_REMINDER = timedelta(days=1)


def approval_step(proposed: datetime, now: datetime) -> Due | None:
    """The same for a challenge that waits to be approved: after a day, and when the two days are over, then every week.

    Handed in anew, it is reminded of anew.
    """
    if now < proposed + APPROVAL_REMINDER:
        return None
    since = f"{proposed:%y%m%d%H%M%S}"
    if now < proposed + APPROVAL:
        return Step.SOON, f"approve_soon_{since}"
    return Step.LATE, f"approve_late_{since}_{(now - proposed - APPROVAL) // WEEK}"


INQUIRY = timedelta(days=5)
"""So soon whoever asks a sponsor something is answered."""
INQUIRY_REMINDER = timedelta(days=3)


def inquiry_step(asked: datetime, now: datetime) -> Due | None:
    """The same for a question to a sponsor: after three days, and when the five days are over, then every week."""
    if now < asked + INQUIRY_REMINDER:
        return None
    if now < asked + INQUIRY:
        return Step.SOON, "inquiry_soon"
    return Step.LATE, f"inquiry_late_{(now - asked - INQUIRY) // WEEK}"


CHECK = timedelta(days=2)
"""So soon an author hears whether his idea is shown, where it is checked first."""
CHECK_REMINDER = timedelta(days=1)


def check_step(waiting_since: datetime, now: datetime) -> Due | None:
    """The same for the ideas of a challenge that wait to be checked, by the one that waits longest.

    It is said at most once a day while none waits too long, and once a week when one does.
    """
    if now < waiting_since + CHECK_REMINDER:
        return None
    if now < waiting_since + CHECK:
        return Step.SOON, f"check_soon_{now:%y%m%d}"
    return Step.LATE, f"check_late_{now:%G%V}"
