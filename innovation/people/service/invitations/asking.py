"""Asking one person to join, and taking the question back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update

from innovation.kernel import ids
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries
from innovation.people.events import InvitationRevoked, PersonInvited
from innovation.people.models import Invitation
from innovation.people.service.employers import department_named, organisation_named
from innovation.rules.policy import May

GOOD_DAYS = 60
NEARNESS = (Circle.STAFF, Circle.PARTNER, Circle.EXPERT, Circle.PUBLIC)
"""Circles from the nearest to the farthest."""


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
    message: str = "",
    now: datetime = AT_LOCK,
) -> Invitation:
    """Ask somebody to join in a circle. An open invitation to the same address is replaced, not doubled.

    Whoever asked never to be invited again is written down like anybody else, and gets no mail.

    Raises:
        Invalid: the address belongs to somebody who can sign in already.
    """
    replace_open([queries.email_key(email)], challenge_id, now)
    invitation = _written(actor, email, name, circle, language, challenge_id, message, now)
    invitation.organisation_id = organisation_named(organisation)
    invitation.department_id = department_named(department) if circle == Circle.STAFF else None
    return _send_off(invitation, actor, now)


def ask(
    *,
    actor: Actor,
    email: str,
    name: str,
    circle: Circle = Circle.EXPERT,
    language: str = "en",
    challenge_id: int | None = None,
    message: str = "",
    passed_on_from: Invitation | None = None,
    now: datetime,
) -> Invitation:
    """Ask somebody in the course of something else that was allowed, inside its use case; as an expert at the nearest.

    An open invitation of this address stays beside the new one: what a manager promised is not taken away by others.

    Raises:
        Invalid: the address belongs to somebody who can sign in already.
    """
    invitation = _written(actor, email, name, farther(circle, Circle.EXPERT), language, challenge_id, message, now)
    if passed_on_from is not None:
        # The house asks, whoever happens to be signed in; the colleague who named this person is found by the other row.
        invitation.invited_by, invitation.passed_on_from_id = None, passed_on_from.id
    return _send_off(invitation, actor, now)


@use_case(May.INVITE, on="invitation")
def revoke(*, actor: Actor, invitation: Invitation, now: datetime = AT_LOCK) -> None:
    """Take an invitation back; a mail that is under way leads to a page that says so.

    Raises:
        Invalid: it was accepted before.
    """
    taken = db.session.scalar(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.accepted_at.is_(None))
        .values(revoked_at=now, due_at=None)
        .returning(Invitation.id)
    )
    if taken is None:
        raise Invalid("invitation_used")
    emit(InvitationRevoked(invitation_id=invitation.id, challenge_id=invitation.challenge_id), actor=actor, now=now)


def farther(one: Circle, other: Circle) -> Circle:
    """The circle that stands less near."""
    return max(one, other, key=NEARNESS.index)


def replace_open(keys: Sequence[str], challenge_id: int | None, now: datetime) -> None:
    """Let newer invitations to these addresses, for the same challenge, take the place of the open ones."""
    for start in range(0, len(keys), 500):
        db.session.execute(
            update(Invitation)
            .where(
                Invitation.email_key.in_(keys[start : start + 500]),
                Invitation.challenge_id == challenge_id if challenge_id else Invitation.challenge_id.is_(None),
                Invitation.accepted_at.is_(None),
                Invitation.revoked_at.is_(None),
                Invitation.replaced_at.is_(None),
                Invitation.expires_at > now,
            )
            .values(replaced_at=now, due_at=None)
        )


def _written(
    actor: Actor,
    email: str,
    name: str,
    circle: Circle,
    language: str,
    challenge_id: int | None,
    message: str,
    now: datetime,
) -> Invitation:
    if queries.by_email(email) is not None:
        raise Invalid("already_here", field="email")
    return Invitation(
        email_typed=email.strip(),
        email_key=queries.email_key(email),
        name=name,
        circle=circle,
        language=language,
        challenge_id=challenge_id,
        message=message,
        invited_by=actor.person_id,
        nonce=ids.token(),
        created_at=now,
        expires_at=now + timedelta(days=GOOD_DAYS),
    )


def _send_off(invitation: Invitation, actor: Actor, now: datetime) -> Invitation:
    db.session.add(invitation)
    db.session.flush()
    if not queries.said_never([invitation.email_key]):
        emit(PersonInvited(invitation_id=invitation.id, challenge_id=invitation.challenge_id), actor=actor, now=now)
    return invitation
