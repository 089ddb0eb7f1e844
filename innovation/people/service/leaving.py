"""Leaving: who takes over what a person owns, and passing it on once he is gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from innovation.kernel.actor import Actor
from innovation.kernel.db import db, lock
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries
from innovation.people.events import DutyPassed, PersonLeft, SuccessorNamed
from innovation.people.models import Invitation, Person, Succession
from innovation.people.service.giving import hand_on
from innovation.rules.policy import May


@use_case(May.RUN_THE_PLACE)
def name_successor(*, actor: Actor, person: Person, email: str, now: datetime = AT_LOCK) -> None:
    """Say who takes over what a person owns once his account is off; at once where it is off already.

    Raises:
        Invalid: nobody has this address, it is the leaver's own or one's own, or its owner's account is off.
    """
    successor = queries.by_email(email)
    if successor is None:
        raise Invalid("nobody_has_this_address", field="email")
    if successor.id == person.id:
        raise Invalid("own_successor", field="email")
    if successor.id == actor.person_id:
        # A successor reads what the leaver's sealed challenges hold: nobody gives himself that by his own word.
        raise Invalid("successor_is_yourself", field="email")
    if successor.disabled_at is not None:
        raise Invalid("successor_is_off", field="email")
    lock(select(Person).where(Person.id == person.id).with_for_update())
    row = queries.succession(person.id)
    if row is None:
        row = Succession(person_id=person.id)
        db.session.add(row)
    row.successor_id, row.named_by, row.named_at, row.passed_at = successor.id, actor.person_id, now, None
    db.session.flush()
    emit(SuccessorNamed(person_id=person.id, successor_id=successor.id), actor=actor, now=now)
    if person.disabled_at is not None:
        pass_on(actor=actor, person_id=person.id, now=now)


@use_case(May.RUN_THE_PLACE)
def name_nobody(*, actor: Actor, person: Person) -> None:
    """Take back who takes over; what has passed already stays where it is."""
    db.session.execute(delete(Succession).where(Succession.person_id == person.id, Succession.passed_at.is_(None)))


def pass_on(*, actor: Actor, person_id: int, now: datetime) -> None:
    """Hand what a person owns to his successor, inside a use case; once, and only to somebody who can sign in.

    Roles of the house and of programmes pass here, and open invitations; whoever owns more of it hears
    :class:`~innovation.people.events.PersonLeft`.
    """
    named = queries.succession(person_id)
    if named is None or queries.may_come_in(named.successor_id) is None:
        return
    successor_id = db.session.scalar(
        update(Succession)
        .where(Succession.person_id == person_id, Succession.passed_at.is_(None))
        .values(passed_at=now)
        .returning(Succession.successor_id)
    )
    if successor_id is None:
        return
    for grant in queries.grants_of(person_id):
        if grant.scope == "challenge":  # who may judge there is for those to say who know the ideas
            continue
        hand_on(actor=actor, grant=grant, person_id=successor_id, now=now)
        _passed(actor, person_id, successor_id, grant.role, grant.id, now)
    waiting = (Invitation.invited_by == person_id, Invitation.accepted_at.is_(None), Invitation.expires_at > now)
    invitations = db.session.scalars(
        update(Invitation).where(*waiting).values(invited_by=successor_id).returning(Invitation.id)
    ).all()
    if invitations:
        _passed(actor, person_id, successor_id, "invitations", len(invitations), now)
    emit(PersonLeft(person_id=person_id, successor_id=successor_id), actor=actor, now=now)


def _passed(actor: Actor, person_id: int, successor_id: int, duty: str, subject_id: int, now: datetime) -> None:
    fact = DutyPassed(person_id=person_id, successor_id=successor_id, duty=duty, subject_id=subject_id)
    emit(fact, actor=actor, now=now)
