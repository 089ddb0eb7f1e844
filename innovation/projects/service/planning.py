"""What a team plans: its description and its milestones.

What was promised stays while a gate waits for its decision (``plan_lock``); what is done is a report, and never locked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import Event, emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.events import (
    MilestoneDone,
    MilestoneDropped,
    MilestoneMoved,
    MilestonePlanned,
    MilestoneReopened,
    ProjectDescribed,
)
from innovation.projects.models import Milestone, Project
from innovation.projects.service.opening import scope
from innovation.projects.service.plan_lock import require_plan_open
from innovation.rules.policy import May
from innovation.rules.project import ProjectState

MOST_MILESTONES = 60
"""A plan of six weeks that is longer than this is read by nobody, and its page shows all of it."""


@use_case(May.WORK_ON_PROJECT, on="project")
def describe(*, actor: Actor, project: Project, title: str, goal: str, work_url: str, now: datetime = AT_LOCK) -> None:
    """Say what the project wants to show, and where its work is kept."""
    require_plan_open(project)
    said = (project.title, project.goal)
    project.title, project.goal, project.work_url = title, goal, work_url
    if said != (title, goal):
        emit(ProjectDescribed(**scope(project)), actor=actor, now=now)


@use_case(May.WORK_ON_PROJECT, on="project")
def add_milestone(
    *,
    actor: Actor,
    project: Project,
    title: str,
    due_on: date,
    owner: str,
    starts_on: date | None = None,
    now: datetime = AT_LOCK,
) -> None:
    """Add something that is to be there by a day. The day is the promise that stays, however often it moves.

    Args:
        owner: the public id of a member, or '' for nobody yet.

    Raises:
        Invalid: it starts after it is due, or the plan is full.
    """
    require_plan_open(project)
    _require_in_order(starts_on, due_on)
    require_room(project)
    milestone = Milestone(
        project_id=project.id,
        title=title,
        starts_on=starts_on,
        due_on=due_on,
        planned_on=due_on,
        owner_id=member_id(project, owner),
    )
    db.session.add(milestone)
    db.session.flush()
    emit(MilestonePlanned(milestone_id=milestone.id, **scope(project)), actor=actor, now=now)


@use_case(May.WORK_ON_PROJECT, on="project")
def change_milestone(
    *,
    actor: Actor,
    project: Project,
    number: int,
    was: str,
    title: str,
    due_on: date,
    owner: str,
    starts_on: date | None,
    now: datetime = AT_LOCK,
) -> None:
    """Say a milestone better, or move its day; what was promised first is kept.

    Args:
        number: its place in the project, counted from 1 in the order they were added.
        was: the title it had when it was looked at.

    Raises:
        Invalid: it is not there any more, or it starts after it is due.
    """
    require_plan_open(project)
    _require_in_order(starts_on, due_on)
    milestone = milestone_at(project, number, was)
    moved = milestone.due_on != due_on
    milestone.title, milestone.due_on, milestone.starts_on = title, due_on, starts_on
    milestone.owner_id = member_id(project, owner)
    if moved:
        emit(MilestoneMoved(milestone_id=milestone.id, **scope(project)), actor=actor, now=now)


@use_case(May.WORK_ON_PROJECT, on="project")
def set_milestone(*, actor: Actor, project: Project, number: int, was: str, done: bool, now: datetime = AT_LOCK) -> None:
    """Mark a milestone as done, or as not done after all.

    Raises:
        Invalid: it is not there any more.
        NotPossible: the project has ended.
    """
    require_running(project)
    milestone = milestone_at(project, number, was)
    if done and milestone.done_at is None:
        milestone.done_at, milestone.done_by = now, actor.person_id
        emit(MilestoneDone(milestone_id=milestone.id, **scope(project)), actor=actor, now=now)
    elif not done and milestone.done_at is not None:
        milestone.done_at = milestone.done_by = None
        emit(MilestoneReopened(milestone_id=milestone.id, **scope(project)), actor=actor, now=now)


@use_case(May.WORK_ON_PROJECT, on="project")
def drop_milestone(*, actor: Actor, project: Project, number: int, was: str, now: datetime = AT_LOCK) -> Milestone:
    """Take a milestone out of the plan, for thirty days into the trash; its tasks stay, and keep to which it belonged.

    Raises:
        Invalid: it is not there any more.
        NotPossible: it was done once: what was reached stays in the record.
    """
    require_plan_open(project)
    milestone = milestone_at(project, number, was)
    if milestone.done_at is not None or milestone.id in _ever_done(project):
        raise NotPossible("milestone_was_done")
    milestone.trashed_at, milestone.trashed_by = now, actor.person_id
    emit(MilestoneDropped(milestone_id=milestone.id, **scope(project)), actor=actor, now=now)
    return milestone


def member_id(project: Project, public_id: str) -> int | None:
    """The person who is named as an owner; None for '' and for who is not, or not yet, on the team."""
    return next((m.person_id for m in project.members if m.accepted_at and m.person.public_id == public_id), None)


def milestone_at(project: Project, number: int, was: str) -> Milestone:
    """A milestone by its place, read under the project's lock.

    Raises:
        Invalid: there is none, or another one took its place since it was looked at.
    """
    listed = _listed(project)
    if not 1 <= number <= len(listed) or listed[number - 1].title != was:
        raise Invalid("no_such_milestone")
    return listed[number - 1]


def require_running(project: Project) -> None:
    """Refuse what an ended project takes no more.

    Raises:
        NotPossible: the project has ended.
    """
    if project.state != ProjectState.RUNNING:
        raise NotPossible("project_has_ended", state=project.state)


def _listed(project: Project) -> Sequence[Milestone]:
    return db.session.scalars(
        select(Milestone)
        .where(Milestone.project_id == project.id, Milestone.trashed_at.is_(None))
        .order_by(Milestone.id)
        .execution_options(populate_existing=True)
    ).all()


def require_room(project: Project) -> None:
    """Refuse one more milestone than a plan takes.

    Raises:
        Invalid: the plan is full.
    """
    if len(_listed(project)) >= MOST_MILESTONES:
        raise Invalid("plan_is_full", most=MOST_MILESTONES)


def _ever_done(project: Project) -> set[int]:
    facts = db.session.scalars(
        select(Event.payload).where(Event.project_id == project.id, Event.name == MilestoneDone.__name__)
    )
    return {payload["milestone_id"] for payload in facts}


def _require_in_order(starts_on: date | None, due_on: date) -> None:
    if starts_on is not None and starts_on > due_on:
        raise Invalid("starts_after_due", field="starts_on")
