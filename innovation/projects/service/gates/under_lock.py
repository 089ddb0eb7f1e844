"""A project's gates as they are under its lock."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from innovation.kernel.db import db
from innovation.kernel.errors import NotPossible
from innovation.projects.models import Gate, Project
from innovation.rules.project import AT_THE_GATE, GateState, ProjectState

ENDED = frozenset({GateState.PASSED, GateState.STOPPED})


def gates_of(project: Project) -> Sequence[Gate]:
    """The project's gates as they are under its lock, past what was loaded before it."""
    found = db.session.scalars(
        select(Gate).where(Gate.project_id == project.id).order_by(Gate.position).execution_options(populate_existing=True)
    ).all()
    for gate in found:
        gate.project = project
    return found


def gate_at_hand(project: Project, gate_key: str) -> Gate:
    """The gate the project stands at, which must be this one.

    Raises:
        NotPossible: the project has ended, or another gate is at hand by now.
    """
    if project.state != ProjectState.RUNNING:
        raise NotPossible("project_has_ended", state=project.state)
    gate = next((each for each in gates_of(project) if each.state in AT_THE_GATE), None)
    if gate is None or gate.key != gate_key:
        raise NotPossible("gate_decided_already")
    return gate


def after(gates: Sequence[Gate], gate: Gate) -> Gate | None:
    """The gate that follows; None for the last one."""
    return next((each for each in gates if each.position == gate.position + 1), None)
