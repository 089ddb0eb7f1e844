"""While a gate waits for its decision, what the team promised stays as it was promised.

Locked are milestones, tasks, the budget plan, hypotheses and the project's description. Updates, evidence, what was
spent and what is done are reports, and never locked. A gate on hold locks nothing: what it waits for has to be planned.
"""

from __future__ import annotations

from sqlalchemy import select

from innovation.kernel.db import db
from innovation.kernel.errors import NotPossible
from innovation.projects.models import Gate, Project
from innovation.rules.project import GateState, ProjectState


def plan_locked(project: Project) -> bool:
    """Whether a gate of the project, read with it, waits for its decision."""
    return any(gate.state == GateState.ASKED for gate in project.gates)


def require_plan_open(project: Project) -> None:
    """Refuse a change of plan, under the project's lock.

    Raises:
        NotPossible: the project has ended, or the team has asked for a decision that is not taken yet.
    """
    if project.state != ProjectState.RUNNING:
        raise NotPossible("project_has_ended", state=project.state)
    # Asked of the database: a gate that was loaded before the lock may say otherwise.
    asked = select(Gate.id).where(Gate.project_id == project.id, Gate.state == GateState.ASKED).limit(1)
    if db.session.scalar(asked) is not None:
        raise NotPossible("plan_is_locked")
