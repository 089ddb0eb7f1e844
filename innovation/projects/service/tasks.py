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
from innovation.projects.models import Project, Task
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
    listed = _listed(project)
    if len(listed) >= MOST_TASKS:
        raise Invalid("board_is_full", most=MOST_TASKS)
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
def move_task(*, actor: Actor, project: Project, number: int, was: str, to: str, now: datetime = AT_LOCK) -> None:
    """Carry a task to the end of another column, or one place ``up`` or ``down`` in its own.

    How far work is gets told even while the plan is locked.

    Raises:
        Invalid: it is not there any more, or there is no such column.
        NotPossible: the project has ended.
    """
    require_running(project)
    listed = _listed(project)
    task = _at(listed, number, was)
    if to in ("up", "down"):
        _swap([each for each in _in_order(listed) if each.status == task.status], task, -1 if to == "up" else 1)
    elif to not in COLUMNS:
        raise Invalid("no_such_column")
    elif to != task.status:
        task.position = _end(listed, to)
        task.status, task.done_at = to, now if to == "done" else None


@use_case(May.WORK_ON_PROJECT, on="project")
def drop_task(*, actor: Actor, project: Project, number: int, was: str) -> None:
    """Take a task off the board.

    Raises:
        Invalid: it is not there any more.
    """
    require_plan_open(project)
    db.session.delete(_at(_listed(project), number, was))


def _write(project: Project, task: Task, work: Work) -> None:
    task.title, task.due_on, task.owner_id = work.title, work.due_on, member_id(project, work.owner)
    task.milestone_id = milestone_at(project, *work.milestone).id if work.milestone else None


def _listed(project: Project) -> Sequence[Task]:
    return db.session.scalars(
        select(Task).where(Task.project_id == project.id).order_by(Task.id).execution_options(populate_existing=True)
    ).all()


def _at(listed: Sequence[Task], number: int, was: str) -> Task:
    if not 1 <= number <= len(listed) or listed[number - 1].title != was:
        raise Invalid("no_such_task")
    return listed[number - 1]


def _in_order(listed: Sequence[Task]) -> list[Task]:
    return sorted(listed, key=lambda task: (task.position, task.id))


def _end(listed: Sequence[Task], column: str) -> int:
    return max((task.position for task in listed if task.status == column), default=0) + 1


def _swap(column: list[Task], task: Task, step: int) -> None:
    here = column.index(task)
    there = here + step
    if 0 <= there < len(column):
        column[here], column[there] = column[there], column[here]
    for position, each in enumerate(column, start=1):
        each.position = position
