"""Reading a team's plan: its milestones along the days, and the columns of its board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from innovation.kernel.db import db
from innovation.projects.models import Milestone, Project, Task

AXIS = 1000
"""A timeline is drawn in thousandths of its length."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A milestone on the timeline, in thousandths of its length.

    Attributes:
        number: its place in the project, counted from 1 in the order they were added.
        state: ``done``, ``late`` or ``ahead``.
        days: how many days it is late, was late, or has left.
        promised: where its first promise stood, if it moved since.
    """

    number: int
    milestone: Milestone
    begins: int
    ends: int
    state: str
    days: int
    promised: int | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Milestones by the day they are due, from the first day drawn to the last.

    Attributes:
        today: where today stands, or None outside of it.
        proof: where the proof is due.
        weeks: where each seventh day stands, and that day.
    """

    first: date
    last: date
    today: int | None
    proof: int
    weeks: Sequence[tuple[int, date]]
    rows: Sequence[Stretch]


@dataclass(frozen=True, slots=True)
class Card:
    """A task on the board; ``number`` is its place in the project, in the order they were added."""

    number: int
    task: Task
    milestone: str


def milestones(project: Project) -> Sequence[Milestone]:
    """A project's milestones in the order they were added, with their owners."""
    return db.session.scalars(
        select(Milestone)
        .options(joinedload(Milestone.owner))
        .where(Milestone.project_id == project.id, Milestone.trashed_at.is_(None))
        .order_by(Milestone.id)
    ).all()


def tasks(project: Project) -> Sequence[Task]:
    """A project's tasks in the order they were added, with their owners."""
    return db.session.scalars(
        select(Task)
        .options(joinedload(Task.owner))
        .where(Task.project_id == project.id, Task.trashed_at.is_(None))
        .order_by(Task.id)
    ).all()


def board(listed: Sequence[Task], milestones: Sequence[Milestone]) -> dict[str, list[Card]]:
    """The columns of the board, each in its order."""
    titles = {each.id: each.title for each in milestones}
    columns: dict[str, list[Card]] = {"todo": [], "doing": [], "done": []}
    for number, task in enumerate(listed, start=1):
        columns[task.status].append(Card(number, task, titles.get(task.milestone_id or 0, "")))
    for cards in columns.values():
        cards.sort(key=lambda card: (card.task.position, card.task.id))
    return columns


def timeline(project: Project, milestones: Sequence[Milestone], now: datetime) -> Timeline:
    """The milestones along the days of the project; the days reach as far as the plan does."""
    today = (project.ended_at or now).date()
    start, due = project.started_at.date(), project.due_at.date()
    days = {start, due, *(each.due_on for each in milestones), *(each.starts_on for each in milestones if each.starts_on)}
    days |= {each.planned_on for each in milestones if each.planned_on}
    first, last = min(days), max(days)

    def at(day: date) -> int:
        return round(AXIS * (day - first).days / max((last - first).days, 1))

    rows = [
        Stretch(
            number=number,
            milestone=each,
            begins=at(min(each.starts_on or start, each.due_on)),
            ends=at(each.due_on),
            state="done" if each.done_at else "late" if each.due_on < today else "ahead",
            days=((each.done_at.date() if each.done_at else today) - each.due_on).days,
            promised=at(each.planned_on) if each.planned_on and each.planned_on != each.due_on else None,
        )
        for number, each in enumerate(milestones, start=1)
    ]
    return Timeline(
        first=first,
        last=last,
        today=at(now.date()) if first <= now.date() <= last else None,
        proof=at(due),
        weeks=[(at(day), day) for day in _sevenths(first, last)],
        rows=sorted(rows, key=lambda row: (row.milestone.due_on, row.number)),
    )


def _sevenths(first: date, last: date) -> Sequence[date]:
    """Each week's first day, at most eight of them."""
    weeks = (last - first).days // 7
    step = 7 * max(1, -(-weeks // 7))
    return [first + timedelta(days=day) for day in range(0, (last - first).days + 1, step)]
