"""Whose turn it is to decide a gate: its keeper, later his deputy, and last the manager."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from innovation.rules.predicates import Role

MOST_ANSWER_DAYS = 60
"""The longest time a keeper can take to answer."""


class DecidesAs(StrEnum):
    """In which capacity somebody decides a gate."""

    KEEPER = "keeper"
    DEPUTY = "deputy"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What the order of turns rests on.

    Attributes:
        keeper: who keeps the gate: ``sponsor`` or ``manager``.
        keeper_there: whether anybody in that role stands outside the team; if not, the manager need not wait.
        asked_at: when the team asked for a decision; None while it has not.
        due_at: by when the gate should be passed: a gate that nobody asked for is waited for from then on.
        answer_days: within how many days the keeper promises to answer.
    """

    keeper: str
    keeper_there: bool
    asked_at: datetime | None
    due_at: datetime
    answer_days: int

    @property
    def answer_by(self) -> datetime:
        """The end of the promised days; from then on the deputy may act."""
        return (self.asked_at or self.due_at) + timedelta(days=self.answer_days)

    @property
    def manager_from(self) -> datetime:
        """When the manager may act in the keeper's place."""
        return (self.asked_at or self.due_at) + timedelta(days=2 * self.answer_days)

    def decides_as(self, roles: Set[Role], *, is_deputy: bool, now: datetime) -> DecidesAs | None:
        """In which capacity somebody may decide now; None: it is not his turn. The nearest capacity counts.

        That nobody keeps a gate of his own work is the policy table's word, not this one's.
        """
        if Role(self.keeper) in roles:
            return DecidesAs.KEEPER
        if is_deputy and now >= self.answer_by:
            return DecidesAs.DEPUTY
        if Role.MANAGER in roles and (now >= self.manager_from or not self.keeper_there):
            return DecidesAs.MANAGER
        return None


class GateStep(StrEnum):
    """What is said about a gate that waits."""

    SOON = "soon"
    LATE = "late"
    """Past its day, and nobody asked for a decision."""
    DEPUTY = "deputy"
    """The keeper was asked and did not answer in the promised days: his deputy may."""
    MANAGER = "manager"
    """As long again without an answer: the manager may."""
    ON_HOLD = "on_hold"
    """The keeper put it on hold, longer ago than he promises to answer in."""


@dataclass(frozen=True, slots=True)
class Due:
    """A step, and the name under which it is said once; what is late or on hold is named again every week."""

    step: GateStep
    name: str


def held_step(*, held_at: datetime, answer_days: int, now: datetime) -> Due | None:
    """What is to be said to the keeper of a gate that he put on hold: a first time when the days are over in which he
    answers, then every week, so that no project is forgotten there. None before."""
    over = now - held_at - timedelta(days=answer_days)
    return None if over < timedelta() else Due(GateStep.ON_HOLD, f"{GateStep.ON_HOLD}_{held_at.date()}_{over.days // 7}")


def due_step(*, asked_at: datetime | None, due_at: datetime, answer_days: int, soon: timedelta, now: datetime) -> Due | None:
    """What is to be said about a gate now, or None."""
    if asked_at is not None:
        waited, promised = now - asked_at, timedelta(days=answer_days)
        if waited < promised:
            return None
        step = GateStep.MANAGER if waited >= 2 * promised else GateStep.DEPUTY
        return Due(step, f"{step}_{asked_at.date()}")
    if now < due_at:
        return Due(GateStep.SOON, f"soon_{due_at.date()}") if due_at - now <= soon else None
    return Due(GateStep.LATE, f"late_{due_at.date()}_{(now - due_at).days // 7}")
