"""Reading what teams threw away within thirty days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.people.models import Person
from innovation.projects.models import Document, Milestone, Project, Task
from innovation.projects.queries import is_member
from innovation.rules.trash import KEPT, gone_for_good

MOST = 100


@dataclass(frozen=True, slots=True)
class Trashed:
    """One thing that was thrown away: what it was, whose project's, who did it, and when it goes for good.

    ``tasks`` counts the tasks that hang on a milestone, and come back into it with it.
    """

    kind: str
    name: str
    title: str
    project: str
    project_title: str
    by: str | None
    taken_at: datetime
    goes_at: datetime
    tasks: int = 0


def of_project(project: Project, now: datetime) -> Sequence[Trashed]:
    """What was thrown away in a project, the latest first. One query."""
    return _rows(now, Project.id == project.id)


def of_person(actor: Actor, now: datetime) -> Sequence[Trashed]:
    """What was thrown away in the projects this person works in, the latest first. One query."""
    return _rows(now, is_member(actor))


def _rows(now: datetime, which: Any) -> Sequence[Trashed]:
    every = union_all(
        *(_of(kind, model, now, which) for kind, model in (("milestone", Milestone), ("task", Task), ("document", Document)))
    ).subquery()
    rows = db.session.execute(select(every).order_by(every.c.taken_at.desc(), every.c.kind, every.c.name).limit(MOST))
    return [
        Trashed(r.kind, r.name, r.title, r.project, r.project_title, r.by, r.taken_at, gone_for_good(r.taken_at), r.tasks)
        for r in rows
    ]


def _of(kind: str, model: type[Milestone] | type[Task] | type[Document], now: datetime, which: Any) -> Select[Any]:
    hanging: Any = literal(0)
    if model is Milestone:
        hung = Task.milestone_id == Milestone.id, Task.trashed_at.is_(None)
        hanging = select(func.count(Task.id)).where(*hung).correlate(Milestone).scalar_subquery()
    return (
        select(
            literal(kind).label("kind"),
            model.public_id.label("name"),
            model.title.label("title"),
            Project.public_id.label("project"),
            Project.title.label("project_title"),
            Person.name.label("by"),
            model.trashed_at.label("taken_at"),
            hanging.label("tasks"),
        )
        .join(Project, Project.id == model.project_id)
        .outerjoin(Person, (Person.id == model.trashed_by) & Person.erased_at.is_(None))
        .where(model.trashed_at > now - KEPT, which)
    )
