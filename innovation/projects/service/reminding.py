"""Saying that a gate or a milestone is due or late: once per step, by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from innovation.kernel import reminders
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.events import GateDue, MilestoneLate
from innovation.projects.models import Gate, GateDecision, Milestone, Project
from innovation.projects.service.opening import scope
from innovation.rules.gatekeeping import Due, due_step, held_step
from innovation.rules.project import AT_THE_GATE, GateState, ProjectState, Verdict

BATCH = 200
SOON = timedelta(days=2)


@use_case(None)
def remind_of_gates(*, actor: Actor, after: int = 0, now: datetime = AT_LOCK) -> int | None:
    """State for gates that come near, are late, are on hold or wait for an answer longer than promised, that they do.

    Returns:
        The id after which to go on, or None when no gate is left.
    """
    held_at = select(func.max(GateDecision.decided_at)).where(
        GateDecision.gate_id == Gate.id, GateDecision.verdict == Verdict.HOLD
    )
    rows = db.session.execute(
        select(Gate, held_at.correlate(Gate).scalar_subquery())
        .join(Gate.project)
        .options(joinedload(Gate.project))
        .where(
            Gate.state.in_(AT_THE_GATE),
            Project.state == ProjectState.RUNNING,
            (Gate.due_at <= now + SOON) | Gate.state.in_([GateState.ASKED, GateState.HELD]),
            Gate.id > after,
        )
        .order_by(Gate.id)
        .limit(BATCH)
    ).all()
    for gate, held in rows:
        found = _due(gate, held, now)
        if found is not None and reminders.first_time("gate", gate.id, found.name, now=now):
            emit(GateDue(gate=gate.key, step=found.step, **scope(gate.project)), actor=actor, now=now)
    return rows[-1][0].id if len(rows) == BATCH else None


def _due(gate: Gate, held_at: datetime | None, now: datetime) -> Due | None:
    if gate.state == GateState.HELD:
        return None if held_at is None else held_step(held_at=held_at, answer_days=gate.answer_days, now=now)
    asked_at = gate.asked_at if gate.state == GateState.ASKED else None
    return due_step(asked_at=asked_at, due_at=gate.due_at, answer_days=gate.answer_days, soon=SOON, now=now)


@use_case(None)
def remind_of_milestones(*, actor: Actor, after: int = 0, now: datetime = AT_LOCK) -> int | None:
    """State for milestones past their day that they are; again only when they get another day and miss that too."""
    rows = db.session.execute(
        select(Milestone, Project)
        .join(Project, Project.id == Milestone.project_id)
        .where(
            Milestone.done_at.is_(None),
            Milestone.trashed_at.is_(None),
            Milestone.due_on < now.date(),
            Project.state == ProjectState.RUNNING,
            Milestone.id > after,
        )
        .order_by(Milestone.id)
        .limit(BATCH)
    ).all()
    for milestone, project in rows:
        if reminders.first_time("milestone", milestone.id, f"late_{milestone.due_on}", now=now):
            emit(MilestoneLate(milestone_id=milestone.id, **scope(project)), actor=actor, now=now)
    return rows[-1][0].id if len(rows) == BATCH else None
