"""Emptying a person: what made him somebody goes, his number stays, because votes and results point at it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, case, or_, select, update

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import NotPossible
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people.models import CircleMembership, EmailAddress, GrantRow, Invitation, Person
from innovation.people.service.grants import take
from innovation.rules.predicates import Role

NOTHING = {
    "name": "",
    "language": "en",
    "theme": "auto",
    "job_title": "",
    "shortcuts": True,
    "digest": "off",
    "digest_at": None,
    "expertise": [],
    "shown_by": [],
    "spoken": [],
    "ask_me": "",
    "named_publicly_at": None,
    "source": None,
    "foreign_id": None,
}
"""What a person's row says of nobody."""


@use_case(None)
def empty_person(*, actor: Actor, person_id: int, now: datetime = AT_LOCK) -> None:
    """Empty a person's row, end his roles and his circle, and empty the invitations he came by.

    His addresses are read here for the last time: whoever deletes them does so after this, in the same transaction.

    Raises:
        NotPossible: he is erased already.
    """
    person = db.session.scalars(
        select(Person).where(Person.id == person_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if person.erased_at is not None:
        raise NotPossible("erased_already")
    for column, value in NOTHING.items():
        setattr(person, column, value)
    person.erased_at, person.disabled_at = now, now
    _end_roles(actor, person_id, now)
    db.session.execute(
        update(CircleMembership)
        .where(CircleMembership.person_id == person_id)
        .values(
            valid_to=case((CircleMembership.valid_to.is_(None), now), else_=CircleMembership.valid_to),
            organisation_id=None,
            department_id=None,
        ),
        execution_options={"synchronize_session": False},
    )
    _empty_invitations(person_id, now)


def _end_roles(actor: Actor, person_id: int, now: datetime) -> None:
    held = select(GrantRow.role, GrantRow.scope, GrantRow.scope_id).where(
        GrantRow.person_id == person_id, GrantRow.valid_to.is_(None)
    )
    for role, scope, scope_id in db.session.execute(held.order_by(GrantRow.id)).all():
        take(actor=actor, person_id=person_id, role=Role(role), scope=scope, scope_id=scope_id, now=now)


def _empty_invitations(person_id: int, now: datetime) -> None:
    keys = select(EmailAddress.key).where(EmailAddress.person_id == person_id)
    his = or_(Invitation.accepted_by == person_id, and_(Invitation.email_key != "", Invitation.email_key.in_(keys)))
    open_ones = and_(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
    db.session.execute(
        update(Invitation)
        .where(his)
        .values(
            email_typed="",
            email_key="",
            name="",
            message="",
            bounce="",
            organisation_id=None,
            department_id=None,
            revoked_at=case((open_ones, now), else_=Invitation.revoked_at),
        ),
        execution_options={"synchronize_session": False},
    )
