"""Who works in a project: asked, joined, leading, gone; and who follows it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, forget_roles, use_case
from innovation.people import queries as people
from innovation.projects.events import LeadHandedOver, MemberAsked, MemberDeclined, MemberJoined, MemberLeft
from innovation.projects.models import Follower, Member, Project
from innovation.projects.service.opening import scope
from innovation.rules.policy import May


@use_case(May.LEAD_PROJECT, on="project")
def ask(*, actor: Actor, project: Project, email: str, task: str, now: datetime = AT_LOCK) -> None:
    """Ask somebody to work in the project. He sees it from now on, and joins when he accepts.

    Raises:
        Invalid: nobody has this address, or he is in the team or asked already.
    """
    person = people.by_email(email)
    if person is None:
        raise Invalid("nobody_has_this_address", field="email")
    known = _member(project, person.id)
    if known is not None:
        raise Invalid("member_already" if known.accepted_at else "asked_already", field="email")
    db.session.add(Member(project_id=project.id, person_id=person.id, role="member", task=task, invited_by=actor.person_id))
    emit(MemberAsked(person_id=person.id, **scope(project)), actor=actor, now=now)


@use_case(May.USE_ACCOUNT, on="project")
def answer(*, actor: Actor, project: Project, joins: bool, now: datetime = AT_LOCK) -> None:
    """Say whether one joins a team one was asked into.

    Raises:
        NotPossible: nobody asked, or it was answered.
    """
    asked = _member(project, actor.person_id)
    if asked is None or asked.accepted_at is not None:
        raise NotPossible("not_asked")
    forget_roles(project)
    if joins:
        asked.accepted_at = now
        emit(MemberJoined(person_id=asked.person_id, **scope(project)), actor=actor, now=now)
    else:
        db.session.delete(asked)
        emit(MemberDeclined(person_id=asked.person_id, **scope(project)), actor=actor, now=now)


@use_case(May.LEAD_PROJECT, on="project")
def hand_over(*, actor: Actor, project: Project, public_id: str, now: datetime = AT_LOCK) -> None:
    """Let another member lead; whoever led is a member from now on.

    Raises:
        Invalid: he is not on the team, or has not accepted yet.
    """
    heir = _named(project, public_id)
    if heir.accepted_at is None:
        raise Invalid("no_such_member")
    if heir.role == "lead":
        return
    for member in project.members:
        if member.role == "lead":
            member.role = "member"
    heir.role = "lead"
    forget_roles(project)
    emit(LeadHandedOver(person_id=heir.person_id, **scope(project)), actor=actor, now=now)


@use_case(May.LEAD_PROJECT, on="project")
def remove(*, actor: Actor, project: Project, public_id: str, now: datetime = AT_LOCK) -> None:
    """Take somebody off the team, or take back that he was asked. An author stays an author."""
    _part(actor, project, _named(project, public_id), now)


@use_case(May.WORK_ON_PROJECT, on="project")
def leave(*, actor: Actor, project: Project, now: datetime = AT_LOCK) -> None:
    """Leave the team. An author stays an author."""
    mine = _member(project, actor.person_id)
    if mine is None:
        raise NotPossible("not_on_the_team")
    _part(actor, project, mine, now)


@use_case(May.USE_ACCOUNT, on="project")
def follow(*, actor: Actor, project: Project, follows: bool, now: datetime = AT_LOCK) -> None:
    """Hear of a project's gates, updates and lateness from now on, or no longer."""
    if follows:
        row = upsert(Follower).values(project_id=project.id, person_id=actor.person_id, since=now)
        db.session.execute(row.on_conflict_do_nothing(index_elements=["project_id", "person_id"]))
    else:
        db.session.execute(delete(Follower).where(Follower.project_id == project.id, Follower.person_id == actor.person_id))


def _part(actor: Actor, project: Project, member: Member, now: datetime) -> None:
    if member.role == "lead" and not any(other.role == "lead" for other in project.members if other is not member):
        raise NotPossible("last_lead")
    db.session.delete(member)
    forget_roles(project)
    emit(MemberLeft(person_id=member.person_id, **scope(project)), actor=actor, now=now)


def _member(project: Project, person_id: int | None) -> Member | None:
    return db.session.scalars(
        select(Member)
        .where(Member.project_id == project.id, Member.person_id == person_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _named(project: Project, public_id: str) -> Member:
    found = next((each for each in project.members if each.person.public_id == public_id), None)
    if found is None:
        raise Invalid("no_such_member")
    return found
