"""An award: its way from offered to paid (or declined, or taken back), how it is shared, and when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from innovation.rules.machine import Machine


class AwardState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    COMPLETE = "complete"
    PAID = "paid"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


AWARD = Machine(
    name="award",
    start=AwardState.OFFERED,
    moves={
        "accept": ({AwardState.OFFERED}, AwardState.ACCEPTED),
        "decline": ({AwardState.OFFERED}, AwardState.DECLINED),
        "complete": ({AwardState.ACCEPTED}, AwardState.COMPLETE),
        "incomplete": ({AwardState.COMPLETE}, AwardState.ACCEPTED),
        "pay": ({AwardState.COMPLETE}, AwardState.PAID),
        "take_back": ({AwardState.OFFERED, AwardState.ACCEPTED, AwardState.COMPLETE}, AwardState.TAKEN_BACK),
    },
)

GIVEN_UP = frozenset({AwardState.DECLINED, AwardState.TAKEN_BACK})
"""States in which nothing is promised any more."""

STEPS = {AwardState.OFFERED: "accept", AwardState.ACCEPTED: "papers", AwardState.COMPLETE: "pay"}
"""What is to be done next in a state: the name of the date it has to be done by, ``<step>_by``."""

SOON = timedelta(days=3)


def divide(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide an amount by weights (equally, where all are 0) into whole parts that add up to it exactly.

    Largest remainder: every part is rounded down, and what is left goes unit by unit to the parts that lost most;
    between equals the earlier one comes first.
    """
    weights = weights if any(weights) else [1] * len(weights)
    total = sum(weights)
    parts = [amount * weight // total for weight in weights]
    lost = sorted(range(len(weights)), key=lambda at: (-(amount * weights[at] % total), at))
    for at in lost[: amount - sum(parts)]:
        parts[at] += 1
    return parts


def due_on(state: str, accept_by: date, papers_by: date | None, pay_by: date | None) -> date | None:
    """The day by which the next step of an award is due; None when there is none."""
    days = {"accept": accept_by, "papers": papers_by, "pay": pay_by}
    step = STEPS.get(AwardState(state))
    return days[step] if step else None


def due_step(state: str, due: date | None, today: date) -> str | None:
    """What to remind of today: ``<step>_soon`` from three days before its day on, ``<step>_late`` after it."""
    step = STEPS.get(AwardState(state))
    if step is None or due is None or today < due - SOON:
        return None
    return f"{step}_late" if today > due else f"{step}_soon"
