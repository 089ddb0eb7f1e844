"""When who is reminded of the day by which every author was promised an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class Step(StrEnum):
    """How near the promised day is."""

    SOON = "soon"
    TODAY = "today"
    LATE = "late"
    """Past: the manager is told as well."""


SOON = timedelta(days=3)
LATE = timedelta(days=1)
WEEK = timedelta(days=7)


def step(promised: datetime, now: datetime) -> tuple[Step, str] | None:
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
