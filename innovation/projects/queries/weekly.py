"""Reading what a team told from week to week."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, exists, select

from innovation.kernel import paging
from innovation.kernel.db import db
from innovation.people.models import Person
from innovation.projects.models import Project, Update

Told = tuple[Update, str | None]
"""An update and its writer's name; None where nobody is named any more."""


def latest(project: Project) -> Told | None:
    """What was told last, if anything was."""
    row = db.session.execute(_told(project).order_by(Update.written_at.desc(), Update.id.desc()).limit(1)).one_or_none()
    return (row[0], row[1]) if row else None


def page(project: Project, cursor: str | None) -> paging.Page[Told]:
    """A project's updates with their writers' names, the newest first."""
    order = [paging.Key(Update.written_at, True), paging.Key(Update.id, True)]
    return paging.fetch(_told(project), order, cursor, lambda row: (row[0].written_at, row[0].id))


def told_since(project: Project, since: datetime) -> bool:
    """Whether an update was written at or after an instant."""
    return bool(db.session.scalar(select(exists().where(Update.project_id == project.id, Update.written_at >= since))))


def may_tell(project: Project) -> bool:
    """Whether an update can be written: always while the project runs, and one more after it has ended."""
    return project.ended_at is None or not told_since(project, project.ended_at)


def _told(project: Project) -> Select[Update, str | None]:
    return (
        select(Update, Person.name)
        .outerjoin(Person, (Person.id == Update.written_by) & Person.erased_at.is_(None))
        .where(Update.project_id == project.id)
    )
