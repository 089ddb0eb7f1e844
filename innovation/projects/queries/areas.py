"""Which parts of a project are in use, and where it stands today: what every one of its pages shows around its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, false, or_, select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.projects.models import (
    BudgetLine,
    Document,
    Evidence,
    Follower,
    Forecast,
    Hypothesis,
    LogEntry,
    Milestone,
    Project,
    Risk,
    Task,
    ValueClaim,
)
from innovation.projects.queries import forecasts

PARTS: dict[str, tuple[type, ...]] = {
    "plan": (Milestone, Task),
    "evidence": (Hypothesis, Evidence),
    "money": (BudgetLine,),
    "outcome": (ValueClaim,),
    "papers": (Document, LogEntry, Risk),
    "forecast": (Forecast,),
}
"""What an area keeps; it is in use from the first row on."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page of a project.

    Attributes:
        day: the day of the proof, from 1; the last day it ran, once it has ended.
        days: how many days it was given.
        in_use: the areas that have something in them.
        following: whether the reader asked to hear of it.
        asked: whether the reader was asked to join and has not answered.
        forecast: the newest one, while the project runs.
    """

    day: int
    days: int
    in_use: frozenset[str]
    following: bool
    asked: bool
    forecast: Forecast | None


def in_use(project: Project) -> frozenset[str]:
    """The areas that have something in them, in one query."""
    return _look(project, {name: _any(project, name) for name in PARTS}) | _always(project)


def frame(actor: Actor, project: Project, now: datetime) -> Frame:
    """What stands around every page of a project, in two queries."""
    columns = {name: _any(project, name) for name in PARTS}
    columns["following"] = _follows(actor, project)
    found = _look(project, columns)
    return Frame(
        day=project.day(now),
        days=project.days,
        in_use=(found & set(PARTS)) | _always(project),
        following="following" in found,
        asked=any(each.person_id == actor.person_id and each.accepted_at is None for each in project.members),
        forecast=forecasts.newest([project.id]).get(project.id) if project.ended_at is None else None,
    )


def _look(project: Project, columns: dict[str, ColumnElement[bool]]) -> frozenset[str]:
    row = db.session.execute(select(*(column.label(name) for name, column in columns.items()))).one()
    return frozenset(name for name in columns if row._mapping[name])


def _any(project: Project, name: str) -> ColumnElement[bool]:
    return or_(*(exists().where(*_kept(model, project)) for model in PARTS[name]))


def _kept(model: Any, project: Project) -> list[ColumnElement[bool]]:
    """Rows of a project that nobody threw away."""
    kept: list[ColumnElement[bool]] = [model.project_id == project.id]
    return [*kept, model.trashed_at.is_(None)] if hasattr(model, "trashed_at") else kept


def _follows(actor: Actor, project: Project) -> ColumnElement[bool]:
    if actor.person_id is None:
        return false()
    return exists().where(Follower.project_id == project.id, Follower.person_id == actor.person_id)


def _always(project: Project) -> frozenset[str]:
    """Areas that the project's own columns tell of: a talk that was begun, a team of more than one, and its end."""
    return frozenset(
        name
        for name, used in (
            ("talk", project.thread_id is not None),
            ("team", len(project.members) > 1),
            ("outcome", project.ended_at is not None),
        )
        if used
    )
