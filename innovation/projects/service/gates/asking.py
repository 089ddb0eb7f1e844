"""The team's side of a gate: tick its checklist, ask for the decision, take the request back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.events import GateAsked, GateUnasked
from innovation.projects.models import Check, Project
from innovation.projects.service.gates.under_lock import gate_at_hand
from innovation.projects.service.opening import scope
from innovation.rules.policy import May
from innovation.rules.project import GATE, GateState


@use_case(May.WORK_ON_PROJECT, on="project")
def tick(*, actor: Actor, project: Project, gate_key: str, line: int, done: bool, now: datetime = AT_LOCK) -> None:
    """Tick a line of the checklist of the gate at hand, or untick it.

    Args:
        line: the line's place in the checklist, counted from 1.

    Raises:
        NotPossible: the gate is not at hand any more, or waits for its decision.
        Invalid: there is no such line.
    """
    gate = gate_at_hand(project, gate_key)
    if gate.state == GateState.ASKED:
        raise NotPossible("plan_is_locked")
    check = db.session.scalars(select(Check).where(Check.gate_id == gate.id, Check.position == line)).one_or_none()
    if check is None:
        raise Invalid("no_such_line")
    if done and check.done_at is None:
        check.done_at, check.done_by = now, actor.person_id
    elif not done:
        check.done_at = check.done_by = None


@use_case(May.WORK_ON_PROJECT, on="project")
def ask(*, actor: Actor, project: Project, gate_key: str, now: datetime = AT_LOCK) -> None:
    """Ask for the decision. The project's plan is locked until it is taken, or the request taken back."""
    gate = gate_at_hand(project, gate_key)
    gate.asked_at, gate.asked_by = now, actor.person_id
    lifecycle.move(gate, GATE, "ask", GateAsked(gate=gate.key, **scope(project)), actor=actor, now=now)


@use_case(May.WORK_ON_PROJECT, on="project")
def unask(*, actor: Actor, project: Project, gate_key: str, now: datetime = AT_LOCK) -> None:
    """Take the request back: the team has something to change first."""
    gate = gate_at_hand(project, gate_key)
    lifecycle.move(gate, GATE, "unask", GateUnasked(gate=gate.key, **scope(project)), actor=actor, now=now)
    gate.asked_at = gate.asked_by = None
