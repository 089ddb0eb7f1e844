"""Of whom and of which organisation somebody may know: those he meets in what he sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import aliased

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.discussion import queries as talk
from innovation.discussion.models import Comment, Thread
from innovation.ideas import queries as ideas
from innovation.ideas.models import Author, Idea
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import may
from innovation.people.models import CircleMembership, GrantRow, Organisation, Person
from innovation.projects import queries as projects
from innovation.projects.models import Member, Project
from innovation.rules.challenge import LIVE
from innovation.rules.policy import May
from innovation.rules.predicates import Role

_Author, _Member = aliased(Author), aliased(Member)
_Veiled = aliased(Idea)
PEOPLE = 24


def named(actor: Actor, idea: Any = Idea) -> ColumnElement[bool]:
    """Ideas whose authors this person may know by name; the challenge must be joined. The twin of ``May.SEE_NAMES``."""
    if actor.is_house:
        return true()
    mine = aliased(Author)
    own, judged = actor.scopes(Role.SPONSOR, "challenge"), actor.scopes(Role.PANEL, "challenge")
    return or_(
        Challenge.names_hidden.is_(False),
        Challenge.decided_at.is_not(None),
        exists().where(mine.idea_id == idea.id, mine.person_id == actor.person_id),
        Challenge.id.in_(own),
        and_(challenges.manages(actor, Challenge.programme_id), Challenge.id.not_in(judged)),
    )


def spoke_openly(actor: Actor) -> ColumnElement[bool]:
    """Comments whose writer this person may know; the thread must be joined.

    An author's name is kept back in the talk about his idea for as long as it is on the idea itself; that of a sponsor who
    withholds it, everywhere in his challenge.
    """
    veiled = (
        select(_Veiled.id)
        .join(Challenge, Challenge.id == _Veiled.challenge_id)
        .join(_Author, _Author.idea_id == _Veiled.id)
        .where(
            Thread.kind == "idea",
            _Veiled.id == Thread.idea_id,
            _Author.person_id == Comment.person_id,
            ~named(actor, _Veiled),
        )
    )
    return and_(~veiled.correlate(Comment, Thread).exists(), ~asks_unnamed(actor, Comment.person_id, Thread.challenge_id))


def asks_unnamed(actor: Actor, person_id: Any, challenge_id: Any) -> ColumnElement[bool]:
    """Whether somebody answers for a challenge and his name is withheld from this person."""
    asked = select(Challenge.id).where(Challenge.id == challenge_id, challenges.is_withheld(actor, person_id))
    return asked.correlate_except(Challenge).exists()


def owned_by(actor: Actor, organisation: Organisation) -> ColumnElement[bool]:
    """Challenges that are an organisation's, as far as this person may know; those of nobody else are the host's."""
    if organisation.is_host:
        return or_(Challenge.organisation_id.is_(None), ~challenges.names_sponsor(actor))
    return and_(Challenge.organisation_id == organisation.id, challenges.names_sponsor(actor))


def knows(actor: Actor) -> ColumnElement[bool]:
    """People this person may know of: himself; all of them, for who invites people; else whoever is named on an idea or a
    comment that he reads, works in a project or answers for a challenge that he sees, or judges one that he judges too."""
    if may(actor, May.INVITE):
        return true()
    wrote = exists().where(
        _Author.person_id == Person.id,
        _Author.accepted_at.is_not(None),
        Idea.id == _Author.idea_id,
        Idea.submitted_at.is_not(None),
        Challenge.id == Idea.challenge_id,
        ideas.visible(actor),
        named(actor),
    )
    said = exists().where(
        Comment.person_id == Person.id, Thread.id == Comment.thread_id, talk.readable(actor), spoke_openly(actor)
    )
    works = exists().where(
        _Member.person_id == Person.id,
        _Member.accepted_at.is_not(None),
        Project.id == _Member.project_id,
        Challenge.id == Project.challenge_id,
        projects.visible(actor),
    )
    granted = and_(
        GrantRow.person_id == Person.id,
        GrantRow.scope == "challenge",
        GrantRow.valid_to.is_(None),
        Challenge.id == GrantRow.scope_id,
    )
    asks = exists().where(granted, GrantRow.role == Role.SPONSOR, challenges.visible(actor), challenges.names_sponsor(actor))
    met = [Person.id == actor.person_id, wrote, said, works, asks]
    if near := actor.scopes(Role.SPONSOR, "challenge") | actor.scopes(Role.PANEL, "challenge"):
        met.append(exists().where(granted, Challenge.id.in_(near)))
    return or_(*met)


def person(actor: Actor, public_id: str) -> Person | None:
    """Somebody this person may know of."""
    if not actor.signed_in:
        return None
    found = select(Person).where(Person.public_id == public_id, Person.erased_at.is_(None), knows(actor))
    return db.session.scalars(found).one_or_none()


def knows_organisation(actor: Actor) -> ColumnElement[bool]:
    """Organisations this person may know of: the host, his own, those that ask him something, and those of whom he knows."""
    if may(actor, May.INVITE):
        return true()
    asked = and_(challenges.visible(actor), challenges.names_sponsor(actor))
    asks = exists().where(Challenge.organisation_id == Organisation.id, asked)
    works = exists().where(
        CircleMembership.organisation_id == Organisation.id,
        CircleMembership.valid_to.is_(None),
        Person.id == CircleMembership.person_id,
        Person.erased_at.is_(None),
        knows(actor),
    )
    return or_(Organisation.is_host, Organisation.id == actor.organisation_id, asks, works)


def organisation(actor: Actor, public_id: str) -> Organisation | None:
    """An organisation this person may know of."""
    if not actor.signed_in:
        return None
    found = select(Organisation).where(Organisation.public_id == public_id, knows_organisation(actor))
    return db.session.scalars(found).one_or_none()


def people_of(actor: Actor, organisation: Organisation, cursor: str | None) -> paging.Page[Person]:
    """An organisation's people of whom this person may know, by name."""
    statement = (
        select(Person)
        .join(CircleMembership, and_(CircleMembership.person_id == Person.id, CircleMembership.valid_to.is_(None)))
        .where(CircleMembership.organisation_id == organisation.id, Person.erased_at.is_(None), knows(actor))
    )
    order = [paging.Key(Person.name), paging.Key(Person.id)]
    return paging.fetch(statement, order, cursor, lambda row: (row[0].name, row[0].id), PEOPLE)


def challenges_of(actor: Actor, organisation: Organisation, limit: int = 6) -> Sequence[Challenge]:
    """The latest challenges of an organisation that this person sees; those of nobody else are the host's."""
    own = owned_by(actor, organisation)
    statement = select(Challenge).where(own, Challenge.state.in_(LIVE), challenges.visible(actor))
    return db.session.scalars(statement.order_by(Challenge.closes_at.desc(), Challenge.id.desc()).limit(limit)).all()
