"""What a team and its gatekeepers do with a project."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries as people
from innovation.projects.events import (
    GatePassed,
    GateStopped,
    MemberJoined,
    MilestoneDone,
    ProjectPassed,
    ProjectStopped,
    UpdatePosted,
)
from innovation.projects.models import Gate, Member, Milestone, Project, Update
from innovation.projects.service.opening import open_gate, scope
from innovation.rules.policy import May
from innovation.rules.project import GATE, PROJECT, GateState, ProjectState


@use_case(May.WORK_ON_PROJECT, on="project")
def describe(*, actor: Actor, project: Project, title: str, goal: str, work_url: str) -> None:
    """Say what the project wants to show, and where its work is kept."""
    _require_running(project)
    project.title, project.goal, project.work_url = title, goal, work_url


@use_case(May.WORK_ON_PROJECT, on="project")
def post_update(*, actor: Actor, project: Project, status: str, text: str, now: datetime = AT_LOCK) -> None:
    """Say in three lines how it is going."""
    db.session.add(Update(project_id=project.id, written_by=actor.person_id, status=status, text=text, written_at=now))
    emit(UpdatePosted(status=status, **scope(project)), actor=actor, now=now)


@use_case(May.WORK_ON_PROJECT, on="project")
def add_milestone(*, actor: Actor, project: Project, title: str, due_on: date, owner: str) -> None:
    """Add something that is to be there by a day.

    Args:
        owner: the public id of a member, or '' for nobody yet.
    """
    _require_running(project)
    owner_id = next((m.person_id for m in project.members if m.person.public_id == owner), None)
    db.session.add(Milestone(project_id=project.id, title=title, due_on=due_on, owner_id=owner_id))


@use_case(May.WORK_ON_PROJECT, on="project")
def set_milestone(*, actor: Actor, project: Project, milestone_id: int, done: bool, now: datetime = AT_LOCK) -> None:
    """Mark a milestone as done, or as not done after all."""
    milestone = db.session.scalars(
        select(Milestone).where(Milestone.id == milestone_id, Milestone.project_id == project.id)
    ).one_or_none()
    if milestone is None:
        raise Invalid("no_such_milestone")
    if done and milestone.done_at is None:
        milestone.done_at, milestone.done_by = now, actor.person_id
        emit(MilestoneDone(milestone_id=milestone.id, **scope(project)), actor=actor, now=now)
    elif not done:
        milestone.done_at = milestone.done_by = None


@use_case(May.LEAD_PROJECT, on="project")
def add_member(*, actor: Actor, project: Project, email: str, task: str, now: datetime = AT_LOCK) -> None:
    """Take somebody into the team.

    Raises:
        Invalid: nobody has this address, or he is in the team already.
    """
    person = people.by_email(email)
    if person is None:
        raise Invalid("nobody_has_this_address", field="email")
    if any(member.person_id == person.id for member in project.members):
        raise Invalid("member_already", field="email")
    db.session.add(Member(project_id=project.id, person_id=person.id, role="member", task=task))
    emit(MemberJoined(person_id=person.id, **scope(project)), actor=actor, now=now)


@use_case(May.DECIDE_GATE, on="project")
def decide_gate(
    *, actor: Actor, project: Project, gate_key: str, passed: bool, reason: str, now: datetime = AT_LOCK
) -> None:
    """Decide the open gate with a reason: on to the next one, or stop. The last gate passed is the proof.

    Args:
        gate_key: the gate the decision was written for; another one may be open by now.

    Raises:
        NotPossible: the project has ended, or another gate is open: somebody else decided meanwhile.
    """
    _require_running(project)
    # Read under the project's lock, past what was loaded before it: somebody may have decided in between.
    gates = db.session.scalars(
        select(Gate).where(Gate.project_id == project.id).order_by(Gate.position).execution_options(populate_existing=True)
    ).all()
    gate = next((each for each in gates if each.state == GateState.OPEN), None)
    if gate is None or gate.key != gate_key:
        raise NotPossible("gate_decided_already")
    gate.decided_at, gate.decided_by, gate.reason = now, actor.person_id, reason
    gate.project = project
    if not passed:
        lifecycle.move(gate, GATE, "stop", GateStopped(gate=gate.key, **scope(project)), actor=actor, now=now)
        project.ended_at, project.lesson = now, reason
        lifecycle.move(project, PROJECT, "stop", ProjectStopped(**scope(project)), actor=actor, now=now)
        return
    lifecycle.move(gate, GATE, "pass", GatePassed(gate=gate.key, **scope(project)), actor=actor, now=now)
    following = next((each for each in gates if each.position == gate.position + 1), None)
    if following is not None:
        following.project = project
        open_gate(following, actor=actor, now=now)
    else:
        project.ended_at = now
        lifecycle.move(project, PROJECT, "pass", ProjectPassed(**scope(project)), actor=actor, now=now)


def _require_running(project: Project) -> None:
    if project.state != ProjectState.RUNNING:
        raise NotPossible("project_has_ended", state=project.state)
