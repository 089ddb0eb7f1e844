"""What somebody who was asked can do: take part, say no, say never, or name a colleague."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from innovation.kernel import ids
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db, lock, upsert
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries
from innovation.people.events import (
    InvitationAccepted,
    InvitationDeclined,
    InvitationPassedOn,
    NeverInviteSaid,
    PersonJoined,
)
from innovation.people.models import Credential, EmailAddress, Invitation, NeverInvite
from innovation.people.service.accounts import add_person, place
from innovation.people.service.invitations.asking import NEARNESS, ask, farther
from innovation.rules.policy import May


@use_case(May.LOOK)
def accept(
    *, actor: Actor, invitation_id: int, name: str = "", password_hash: str | None = None, now: datetime = AT_LOCK
) -> int:
    """Use an invitation up: a person in the promised circle, the address proven by the link. Returns the person's id.

    Without a name it is the one that the inviter wrote, else the part of the address before the @.

    Raises:
        Invalid: it was used, revoked or replaced, has expired, or the address has joined by another way meanwhile.
    """
    invitation = _claimed(invitation_id, now)
    called = name.strip() or invitation.name or invitation.email_typed.rpartition("@")[0]
    person = add_person(
        actor=actor, name=called, email=invitation.email_typed, language=invitation.language, verified=True, now=now
    )
    promised = _nearest(invitation, now)
    place(person, Circle(promised.circle), promised.organisation_id, promised.department_id, "invitation", now)
    if password_hash is not None:
        db.session.add(Credential(person_id=person.id, kind="password", secret=password_hash, changed_at=now))
    emit(PersonJoined(person_id=person.id, how="invitation"), actor=actor, now=now)
    _settle(invitation, person.id, actor, now)
    return person.id


@use_case(May.USE_ACCOUNT)
def take_up(*, actor: Actor, invitation_id: int, now: datetime = AT_LOCK) -> int:
    """Use an invitation up as somebody who has the address already. It changes neither circle nor organisation.

    Raises:
        Invalid: it is no longer open, or was sent to an address that this person has not proven.
    """
    assert actor.person_id is not None
    invitation = _claimed(invitation_id, now)
    proven = select(EmailAddress.id).where(
        EmailAddress.person_id == actor.person_id,
        EmailAddress.key == invitation.email_key,
        EmailAddress.verified_at.is_not(None),
    )
    if db.session.scalar(proven) is None:
        raise Invalid("invitation_foreign")
    _settle(invitation, actor.person_id, actor, now)
    return actor.person_id


@use_case(May.LOOK)
def decline(*, actor: Actor, invitation_id: int, now: datetime = AT_LOCK) -> None:
    """Say that it is not for oneself; until it expires one may still think better of it. Twice is once.

    Raises:
        Invalid: it is no longer open.
    """
    if _put_aside(invitation_id, now):
        invitation = db.session.get_one(Invitation, invitation_id)
        emit(InvitationDeclined(invitation_id=invitation_id, challenge_id=invitation.challenge_id), actor=actor, now=now)


@use_case(May.LOOK)
def refuse_for_good(*, actor: Actor, invitation_id: int, now: datetime = AT_LOCK) -> None:
    """Say never again: nobody can invite this address any more, and every invitation it has is over. Twice is once.

    An invitation that has expired or was replaced serves as well; one that was used does not, for its owner has an account.

    Raises:
        Invalid: it was used.
    """
    invitation = db.session.get_one(Invitation, invitation_id)
    if invitation.accepted_at is not None:
        raise Invalid("invitation_spent")
    row = upsert(NeverInvite).values(key_digest=ids.digest(invitation.email_key), said_at=now)
    db.session.execute(row.on_conflict_do_nothing(index_elements=["key_digest"]))
    over = db.session.scalars(
        update(Invitation)
        .where(Invitation.email_key == invitation.email_key, Invitation.accepted_at.is_(None))
        .where(Invitation.revoked_at.is_(None) | Invitation.declined_at.is_(None))
        .values(declined_at=func.coalesce(Invitation.declined_at, now), revoked_at=now, due_at=None)
        .returning(Invitation.id)
    ).all()
    if over:
        said = NeverInviteSaid(invitation_id=invitation_id, challenge_id=invitation.challenge_id)
        emit(said, actor=actor, now=now)


@use_case(May.LOOK)
def pass_on(*, actor: Actor, invitation_id: int, name: str, email: str, now: datetime = AT_LOCK) -> None:
    """Name a colleague instead: the house asks him for the same challenge, never nearer than the one who names him.

    One colleague an invitation. Whether the address has an account here, or said never, is not told.

    Raises:
        Invalid: it is no longer open, was passed on before, or the address is the invitation's own.
    """
    first_no = _put_aside(invitation_id, now)
    invitation = db.session.get_one(Invitation, invitation_id, populate_existing=True)
    if queries.email_key(email) == invitation.email_key:
        raise Invalid("own_address", field="email")
    if db.session.scalar(select(Invitation.id).where(Invitation.passed_on_from_id == invitation_id)) is not None:
        raise Invalid("passed_on_before", field="email")
    if first_no:
        emit(InvitationDeclined(invitation_id=invitation_id, challenge_id=invitation.challenge_id), actor=actor, now=now)
    if queries.by_email(email) is not None or queries.asked_already(email, invitation.challenge_id, now):
        return
    made = ask(
        actor=actor,
        email=email,
        name=name,
        circle=farther(Circle(invitation.circle), Circle.EXPERT),
        language=invitation.language,
        challenge_id=invitation.challenge_id,
        passed_on_from=invitation,
        now=now,
    )
    told = InvitationPassedOn(invitation_id=invitation_id, to_invitation_id=made.id, challenge_id=invitation.challenge_id)
    emit(told, actor=actor, now=now)


def _claimed(invitation_id: int, now: datetime) -> Invitation:
    """An open invitation, used up from now on: of many at once, the UPDATE lets one through."""
    taken = db.session.scalar(
        update(Invitation)
        .where(Invitation.id == invitation_id, *queries.is_open(now))
        .values(accepted_at=now, declined_at=None, due_at=None)
        .returning(Invitation.id)
    )
    if taken is None:
        raise Invalid("invitation_spent")
    return db.session.get_one(Invitation, invitation_id, populate_existing=True)


def _nearest(invitation: Invitation, now: datetime) -> Invitation:
    """Of everything this address is asked by at the moment, what puts its owner nearest."""
    others = select(Invitation).where(Invitation.email_key == invitation.email_key, *queries.is_open(now))
    promises: list[Invitation] = [invitation, *db.session.scalars(others.order_by(Invitation.id))]
    return min(promises, key=_distance)


def _distance(invitation: Invitation) -> int:
    return NEARNESS.index(Circle(invitation.circle))


def _settle(invitation: Invitation, person_id: int, actor: Actor, now: datetime) -> None:
    """Write down who used it, and that everything else he was asked by is answered with it; a fact for each."""
    others = db.session.scalars(
        update(Invitation)
        .where(
            Invitation.email_key == invitation.email_key,
            Invitation.id != invitation.id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(accepted_at=now, accepted_by=person_id, declined_at=None, due_at=None)
        .returning(Invitation.id)
    ).all()
    invitation.accepted_by = person_id
    db.session.flush()
    for each in (invitation.id, *sorted(others)):
        challenge_id = db.session.scalar(select(Invitation.challenge_id).where(Invitation.id == each))
        said = InvitationAccepted(invitation_id=each, person_id=person_id, challenge_id=challenge_id)
        emit(said, actor=actor, now=now)


def _put_aside(invitation_id: int, now: datetime) -> bool:
    """Mark an open invitation as declined, under its lock. Whether it was not before.

    Raises:
        Invalid: it is no longer open.
    """
    lock(select(Invitation.id).where(Invitation.id == invitation_id).with_for_update())
    held = select(Invitation.declined_at).where(Invitation.id == invitation_id, *queries.is_open(now))
    found = db.session.execute(held).one_or_none()
    if found is None:
        raise Invalid("invitation_spent")
    if found.declined_at is None:
        db.session.execute(update(Invitation).where(Invitation.id == invitation_id).values(declined_at=now))
    return found.declined_at is None
