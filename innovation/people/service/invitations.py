"""Inviting people, and accepting."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from innovation.kernel import ids
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries
from innovation.people.events import InvitationAccepted, PersonInvited, PersonJoined
from innovation.people.models import Credential, Department, Invitation, Organisation
from innovation.people.service.accounts import add_person, place
from innovation.rules.policy import May

GOOD_DAYS = 60


@use_case(May.INVITE)
def invite(
    *,
    actor: Actor,
    email: str,
    name: str,
    circle: Circle,
    organisation: str,
    department: str,
    language: str,
    challenge_id: int | None = None,
    now: datetime = AT_LOCK,
) -> Invitation:
    """Ask somebody to join in a circle. An open invitation to the same address is replaced, not doubled.

    Raises:
        Invalid: the address belongs to somebody who can sign in already.
    """
    key = queries.email_key(email)
    if queries.by_email(email) is not None:
        raise Invalid("already_here", field="email")
    db.session.execute(
        update(Invitation)
        .where(Invitation.email_key == key, Invitation.accepted_at.is_(None), Invitation.expires_at > now)
        .values(expires_at=now)
    )
    invitation = Invitation(
        email_typed=email.strip(),
        email_key=key,
        name=name,
        circle=circle,
        organisation_id=organisation_named(organisation),
        department_id=department_named(department) if circle == Circle.STAFF else None,
        language=language,
        challenge_id=challenge_id,
        invited_by=actor.person_id,
        nonce=ids.token(),
        created_at=now,
        expires_at=now + timedelta(days=GOOD_DAYS),
    )
    db.session.add(invitation)
    db.session.flush()
    emit(PersonInvited(invitation_id=invitation.id, challenge_id=challenge_id), actor=actor, now=now)
    return invitation


@use_case(May.LOOK)
def accept(*, actor: Actor, invitation_id: int, name: str, password_hash: str | None, now: datetime = AT_LOCK) -> int:
    """Use an invitation up: a person in the promised circle, the address proven by the link. Returns the person's id.

    Raises:
        Invalid: it was used, has expired, or the address has joined by another way meanwhile.
    """
    taken = db.session.scalar(
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.accepted_at.is_(None), Invitation.expires_at > now)
        .values(accepted_at=now)
        .returning(Invitation.id)
    )
    if taken is None:
        raise Invalid("invitation_spent")
    invitation = db.session.get_one(Invitation, invitation_id, populate_existing=True)
    person = add_person(
        actor=actor, name=name, email=invitation.email_typed, language=invitation.language, verified=True, now=now
    )
    place(person, Circle(invitation.circle), invitation.organisation_id, invitation.department_id, "invitation", now)
    invitation.accepted_by = person.id
    if password_hash is not None:
        db.session.add(Credential(person_id=person.id, kind="password", secret=password_hash, changed_at=now))
    emit(PersonJoined(person_id=person.id, how="invitation"), actor=actor, now=now)
    emit(
        InvitationAccepted(invitation_id=invitation.id, person_id=person.id, challenge_id=invitation.challenge_id),
        actor=actor,
        now=now,
    )
    return person.id


def organisation_named(name: str) -> int | None:
    """The organisation of that name, made if it is new; None for no name."""
    if not name.strip():
        return None
    found = db.session.scalars(select(Organisation).where(Organisation.name == name.strip())).one_or_none()
    if found is None:
        found = Organisation(name=name.strip())
        db.session.add(found)
        db.session.flush()
    return found.id


def department_named(name: str) -> int | None:
    """The department of that name, made if it is new; None for no name."""
    if not name.strip():
        return None
    found = db.session.scalars(select(Department).where(Department.name == name.strip())).one_or_none()
    if found is None:
        found = Department(name=name.strip())
        db.session.add(found)
        db.session.flush()
    return found.id
