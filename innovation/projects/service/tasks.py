"""The team's tasks: three columns, each in an order of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.models import Milestone, Project, Task
from innovation.projects.service.plan_lock import require_plan_open
from innovation.projects.service.planning import member_id, milestone_at, require_running
from innovation.rules.policy import May

COLUMNS = ("todo", "doing", "done")
MOST_TASKS = 200
"""The board shows every task; a proof of concept with more of them keeps its work elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a task is.

    Attributes:
        owner: the public id of a member, or '' for nobody yet.
        milestone: the place of the milestone it belongs to and that one's title when it was looked at, or None.
    """

    title: str
    owner: str = ""
    due_on: date | None = None
    milestone: tuple[int, str] | None = None


@use_case(May.WORK_ON_PROJECT, on="project")
def add_task(*, actor: Actor, project: Project, work: Work, now: datetime = AT_LOCK) -> None:
    """Add a task at the end of what is to do.

    Raises:
        Invalid: the milestone is not there any more, or the board is full.
    """
    require_plan_open(project)
    listed = require_room(project)
    task = Task(project_id=project.id, position=_end(listed, COLUMNS[0]), made_at=now)
    _write(project, task, work)
    db.session.add(task)


@use_case(May.WORK_ON_PROJECT, on="project")
def change_task(*, actor: Actor, project: Project, number: int, was: str, work: Work) -> None:
    """Say a task better, or give it to somebody else.

    Args:
        number: its place in the project, counted from 1 in the order they were added.
        was: the title it had when it was looked at.

    Raises:
        Invalid: it, or the milestone, is not there any more.
    """
    require_plan_open(project)
    _write(project, _at(_listed(project), number, was), work)


@use_case(May.WORK_ON_PROJECT, on="project")
def move_task(
    *, actor: Actor, project: Project, number: int, was: str, to: str, place: int | None = None, now: datetime = AT_LOCK
) -> tuple[str, int]:
    """Carry a task to another column, or one place ``up`` or ``down`` in its own.

    How far work is gets told even while the plan is locked.

    Args:
        place: where in that column it goes, counted from 1; None for its end. So a move is taken back.

    Returns:
        The column and the place it came from.

    Raises:
        Invalid: it is not there any more, or there is no such column.
        NotPossible: the project has ended.
    """
    require_running(project)
    listed = _listed(project)
    task = _at(listed, number, was)
    if to not in (*COLUMNS, "up", "down"):
        raise Invalid("no_such_column")
    came_from = task.status, _column(listed, task.status).index(task) + 1
    if to in ("up", "down"):
        to, place = task.status, came_from[1] + (-1 if to == "up" else 1)
    if to == task.status and place is None:
        return came_from
    column = [each for each in _column(listed, to) if each is not task]
    at = len(column) if place is None else min(max(place - 1, 0), len(column))
    if to != task.status:
        task.status, task.done_at = to, now if to == "done" else None
    for position, each in enumerate([*column[:at], task, *column[at:]], start=1):
        each.position = position
    return came_from


@use_case(May.WORK_ON_PROJECT, on="project")
def drop_task(*, actor: Actor, project: Project, number: int, was: str, now: datetime = AT_LOCK) -> Task:
    """Take a task off the board, for thirty days into the trash.

    Raises:
        Invalid: it is not there any more.
    """
    require_plan_open(project)
    task = _at(_listed(project), number, was)
    task.trashed_at, task.trashed_by = now, actor.person_id
    return task


def require_room(project: Project) -> Sequence[Task]:
    """The tasks of a board that takes another one.

    Raises:
        Invalid: the board is full.
    """
    listed = _listed(project)
    if len(listed) >= MOST_TASKS:
        raise Invalid("board_is_full", most=MOST_TASKS)
    return listed


def _write(project: Project, task: Task, work: Work) -> None:
    task.title, task.due_on, task.owner_id = work.title, work.due_on, member_id(project, work.owner)
    if work.milestone:
        task.milestone_id = milestone_at(project, *work.milestone).id
    elif not _in_trash(task.milestone_id):
        task.milestone_id = None  # one that lies in the trash is shown nowhere, and comes back with its tasks


def _in_trash(milestone_id: int | None) -> bool:
    milestone = db.session.get(Milestone, milestone_id) if milestone_id is not None else None
    return milestone is not None and milestone.trashed_at is not None


def _listed(project: Project) -> Sequence[Task]:
    return db.session.scalars(
        select(Task)
        .where(Task.project_id == project.id, Task.trashed_at.is_(None))
        .order_by(Task.id)
        .execution_options(populate_existing=True)
    ).all()


def _at(listed: Sequence[Task], number: int, was: str) -> Task:
    if not 1 <= number <= len(listed) or listed[number - 1].title != was:
        raise Invalid("no_such_task")
    return listed[number - 1]


def _column(listed: Sequence[Task], status: str) -> list[Task]:
    """One column of the board, in its order."""
    return sorted((task for task in listed if task.status == status), key=lambda task: (task.position, task.id))


def _end(listed: Sequence[Task], column: str) -> int:
    return max((task.position for task in listed if task.status == column), default=0) + 1
