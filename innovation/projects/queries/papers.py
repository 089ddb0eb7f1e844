"""Reading a team's documents, decisions and risks."""

from __future__ import annotations

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from innovation.kernel import paging
from innovation.kernel.db import db
from innovation.people.models import Person
from innovation.projects.models import Document, LogEntry, Project, Risk

SIZE = 10
"""Rows of one section; three sections stand on one page."""


def documents(project: Project, cursor: str | None) -> paging.Page[tuple[Document, int]]:
    """Documents with their places in the project, the newest first."""
    return paging.fetch(_documents(project), [paging.Key(Document.id, True)], cursor, lambda row: (row[0].id,), SIZE)


def decisions(project: Project, cursor: str | None) -> paging.Page[tuple[LogEntry, str | None]]:
    """What the team decided and who wrote it down, the newest first; None where nobody is named any more."""
    statement = (
        select(LogEntry, Person.name)
        .outerjoin(Person, (Person.id == LogEntry.written_by) & Person.erased_at.is_(None))
        .where(LogEntry.project_id == project.id)
    )
    return paging.fetch(statement, [paging.Key(LogEntry.id, True)], cursor, lambda row: (row[0].id,), SIZE)


def risks(project: Project, cursor: str | None) -> paging.Page[tuple[Risk, int]]:
    """Risks with their places in the project: the open ones first, the gravest of them on top."""
    closed = case((Risk.closed_at.is_(None), 0), else_=1)
    order = [paging.Key(closed), paging.Key(Risk.likelihood * Risk.impact, True), paging.Key(Risk.id, True)]
    return paging.fetch(
        _risks(project),
        order,
        cursor,
        lambda row: (int(row[0].closed_at is not None), row[0].likelihood * row[0].impact, row[0].id),
        SIZE,
    )


def risk_at(project: Project, number: int) -> Risk | None:
    """A risk by its place in the project, counted from 1 in the order they were added."""
    if not 1 <= number < 2**31:
        return None
    return db.session.scalars(
        select(Risk)
        .options(joinedload(Risk.owner))
        .where(Risk.project_id == project.id)
        .order_by(Risk.id)
        .offset(number - 1)
        .limit(1)
    ).one_or_none()


def _documents(project: Project) -> Select[Document, int]:
    place = func.row_number().over(order_by=Document.id).label("place")
    kept = Document.project_id == project.id, Document.trashed_at.is_(None)
    places = select(Document.id, place).where(*kept).subquery()
    return select(Document, places.c.place).join(places, places.c.id == Document.id)


def _risks(project: Project) -> Select[Risk, int]:
    place = func.row_number().over(order_by=Risk.id).label("place")
    places = select(Risk.id, place).where(Risk.project_id == project.id).subquery()
    return select(Risk, places.c.place).join(places, places.c.id == Risk.id).options(joinedload(Risk.owner))
