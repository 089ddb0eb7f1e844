"""What a team threw away: for thirty days it comes back with everything that hung on it; then it goes for good."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.events import MilestoneRestored
from innovation.projects.models import Document, Milestone, Project, Task
from innovation.projects.service import planning, tasks
from innovation.projects.service.opening import scope
from innovation.projects.service.plan_lock import require_plan_open
from innovation.rules.policy import May
from innovation.rules.trash import KEPT

Row = Milestone | Task | Document

KINDS: dict[str, type[Row]] = {
    "milestone": Milestone,
    "task": Task,
    "document": Document,
}


@use_case(May.WORK_ON_PROJECT, on="project")
def restore(*, actor: Actor, project: Project, kind: str, name: str, now: datetime = AT_LOCK) -> None:
    """Put back what was thrown away: a milestone with its tasks, a task in its column and milestone, a document.

    Args:
        kind: ``milestone``, ``task`` or ``document``.
        name: its public id.

    Raises:
        Invalid: it is not in the trash (any more), or the plan or board is full.
        NotPossible: the plan is locked, or the project has ended; documents are reports, and never locked.
    """
    model = KINDS.get(kind)
    found = _thrown_away(model, project, name, now) if model else None
    if found is None:
        raise Invalid("not_in_the_trash")
    if isinstance(found, Milestone):
        require_plan_open(project)
        planning.require_room(project)
        emit(MilestoneRestored(milestone_id=found.id, **scope(project)), actor=actor, now=now)
    elif isinstance(found, Task):
        require_plan_open(project)
        tasks.require_room(project)
    found.trashed_at = found.trashed_by = None


def _thrown_away(model: type[Row], project: Project, name: str, now: datetime) -> Row | None:
    """A row in a project's trash, read under the project's lock."""
    found: Any = db.session.scalars(
        select(model)
        .where(model.project_id == project.id, model.public_id == name, model.trashed_at > now - KEPT)
        .execution_options(populate_existing=True)
    ).one_or_none()
    kept: Row | None = found
    return kept


@use_case(None)
def empty(*, actor: Actor, now: datetime = AT_LOCK) -> int:
    """Let go of what was thrown away more than thirty days ago. Facts name a milestone by number alone, so none is kept.

    Returns:
        How much went.
    """
    old = select(Milestone.id).where(Milestone.trashed_at <= now - KEPT)
    db.session.execute(update(Task).where(Task.milestone_id.in_(old)).values(milestone_id=None))
    went = 0
    for model in KINDS.values():
        done = db.session.execute(delete(model).where(model.trashed_at <= now - KEPT))
        went += done.rowcount  # type: ignore[attr-defined]  # a DELETE's result has a count
    return went
