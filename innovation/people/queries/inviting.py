"""Reading invitations."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import general_roles, roles_of
from innovation.people.models import Invitation, Person
from innovation.rules.predicates import Role


@roles_of(Invitation)
def _roles_on_invitation(actor: Actor, invitation: Invitation) -> frozenset[Role]:
    return general_roles(actor)


def invitation(public_id: str, nonce: str) -> Invitation | None:
    """An invitation by its link, used or not; the page says which."""
    return db.session.scalars(
        select(Invitation)
        .options(joinedload(Invitation.organisation))
        .where(Invitation.public_id == public_id, Invitation.nonce == nonce)
    ).one_or_none()


def invitation_by_id(invitation_id: int) -> Invitation | None:
    return db.session.scalars(
        select(Invitation).options(joinedload(Invitation.organisation)).where(Invitation.id == invitation_id)
    ).one_or_none()


def invitations_page(cursor: str | None) -> paging.Page[tuple[Invitation, str | None]]:
    """Invitations, newest first, with the inviting person's name."""
    statement = select(Invitation, Person.name).outerjoin(Person, Person.id == Invitation.invited_by)
    return paging.fetch(statement, [paging.Key(Invitation.id, descending=True)], cursor, lambda row: (row[0].id,))
