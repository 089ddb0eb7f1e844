"""Reading what forecasts rest on, and the forecasts themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select

from innovation.kernel.db import db
from innovation.projects.models import Forecast, Gate, Milestone, Project
from innovation.rules.forecast import ENOUGH, Scores, Stretch, ratio, score
from innovation.rules.project import GateState, ProjectState

MOST_RATIOS = 2_000
"""The house's newest finished milestones; older ones tell of another house."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a project's forecast is computed from, besides today's date and the house's ratios."""

    project_id: int
    promised: date
    open_: tuple[Stretch, ...]


def own_ratios() -> list[float]:
    """Actual over estimated duration of the house's newest finished milestones."""
    rows = db.session.execute(
        select(Milestone.starts_on, Milestone.planned_on, Milestone.due_on, Milestone.done_at, Project.started_at)
        .join(Project, Project.id == Milestone.project_id)
        .where(Milestone.done_at.is_not(None))
        .order_by(Milestone.done_at.desc(), Milestone.id.desc())
        .limit(MOST_RATIOS)
    )
    return [
        ratio(starts=starts or began.date(), planned=planned or due, done=done.date())
        for starts, planned, due, done, began in rows
        if done is not None
    ]


def readings(project_ids: Iterable[int]) -> dict[int, Reading]:
    """What is open in some running projects: their milestones, or where none is open, their gates. Three queries."""
    ids = list(project_ids)
    projects = db.session.execute(
        select(Project.id, Project.started_at, Project.due_at).where(
            Project.id.in_(ids), Project.state == ProjectState.RUNNING
        )
    ).all()
    milestones: dict[int, list[tuple[date | None, date]]] = {}
    for project_id, starts, due in db.session.execute(
        select(Milestone.project_id, Milestone.starts_on, Milestone.due_on)
        .where(Milestone.project_id.in_(ids), Milestone.done_at.is_(None), Milestone.trashed_at.is_(None))
        .order_by(Milestone.due_on, Milestone.id)
    ):
        milestones.setdefault(project_id, []).append((starts, due))
    gates: dict[int, list[tuple[str, date]]] = {}
    for project_id, state, due_at in db.session.execute(
        select(Gate.project_id, Gate.state, Gate.due_at).where(Gate.project_id.in_(ids)).order_by(Gate.position)
    ):
        gates.setdefault(project_id, []).append((state, due_at.date()))
    found = {}
    for project_id, began, due_at in projects:
        listed = milestones.get(project_id, [])
        stretches = [Stretch(starts or began.date(), max(due, starts or began.date())) for starts, due in listed]
        found[project_id] = Reading(
            project_id, due_at.date(), tuple(stretches or _gates_ahead(began.date(), gates.get(project_id, [])))
        )
    return found


def _gates_ahead(began: date, gates: Sequence[tuple[str, date]]) -> list[Stretch]:
    """Gates that are not passed, each from the day of the one before it."""
    found, before = [], began
    for state, due in gates:
        if state not in {GateState.PASSED, GateState.STOPPED}:
            found.append(Stretch(before, max(due, before)))
        before = max(due, before)
    return found


def newest(project_ids: Iterable[int]) -> dict[int, Forecast]:
    """The newest forecast of each project that has one. One query."""
    last = (
        select(Forecast.project_id, func.max(Forecast.number).label("number"))
        .where(Forecast.project_id.in_(list(project_ids)))
        .group_by(Forecast.project_id)
        .subquery()
    )
    rows = db.session.scalars(
        select(Forecast).join(last, (last.c.project_id == Forecast.project_id) & (last.c.number == Forecast.number))
    )
    return {row.project_id: row for row in rows}


def of_project(project: Project, limit: int = 60) -> Sequence[Forecast]:
    """A project's forecasts, the newest first."""
    return db.session.scalars(
        select(Forecast).where(Forecast.project_id == project.id).order_by(Forecast.number.desc()).limit(limit)
    ).all()


def to_refresh(after: int = 0, limit: int = 200) -> Sequence[int]:
    """Running projects that have a forecast, or get one because the house has enough history of its own; by id."""
    enough = select(func.count()).select_from(
        select(Milestone.id).where(Milestone.done_at.is_not(None)).limit(ENOUGH).subquery()
    )
    asked = exists().where(Forecast.project_id == Project.id)
    return db.session.scalars(
        select(Project.id)
        .where(Project.state == ProjectState.RUNNING, Project.id > after, asked | (enough.scalar_subquery() >= ENOUGH))
        .order_by(Project.id)
        .limit(limit)
    ).all()


def scores(limit: int = 5_000) -> Scores:
    """How well the house's forecasts held, over those of projects that came to their end."""
    rows = db.session.execute(
        select(Forecast.likely_on, Forecast.safe_on, Forecast.promised_on, Forecast.chance_micro, Forecast.finished_on)
        .where(Forecast.finished_on.is_not(None))
        .order_by(Forecast.id.desc())
        .limit(limit)
    )
    return score([(likely, safe, promised, chance, done) for likely, safe, promised, chance, done in rows if done])


@dataclass(frozen=True, slots=True)
class Bar:
    """One forecast on the chart: from likely to safe, in percent of its width."""

    forecast: Forecast
    at: int
    high: int


@dataclass(frozen=True, slots=True)
class Chart:
    """The newest forecasts on one scale of days."""

    bars: tuple[Bar, ...]
    promised: int


def chart(rows: Sequence[Forecast], most: int = 12) -> Chart | None:
    """Where the newest forecasts lie between the earliest and the latest day any of them names."""
    if not rows:
        return None
    shown = rows[:most]
    days = [day for row in shown for day in (row.likely_on, row.safe_on, row.promised_on)]
    first, span = min(days), max(1, (max(days) - min(days)).days)

    def place(day: date) -> int:
        return 4 + (day - first).days * 92 // span

    return Chart(tuple(Bar(row, place(row.likely_on), place(row.safe_on)) for row in shown), place(shown[0].promised_on))
