"""Reading invitations and the lists they came in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import joinedload

from innovation.kernel import ids, paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import general_roles, roles_of
from innovation.people.models import EmailAddress, Invitation, InvitationList, NeverInvite, Person
from innovation.people.queries.person import email_key
from innovation.rules.predicates import Role

CHUNK = 500


class Stand(StrEnum):
    """What an invitation's link can still do, and why it cannot."""

    OPEN = "open"
    DECLINED = "declined"
    """Put aside by its receiver, who may think better of it."""
    USED = "used"
    NEVER = "never"
    REVOKED = "revoked"
    REPLACED = "replaced"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list is: how many of its invitations stand where. ``sent`` counts every mail that left."""

    waiting: int
    sent: int
    bounced: int
    accepted: int
    declined: int
    cancelled: int


@roles_of(Invitation)
def _roles_on_invitation(actor: Actor, invitation: Invitation) -> frozenset[Role]:
    return general_roles(actor)


@roles_of(InvitationList)
def _roles_on_list(actor: Actor, invitation_list: InvitationList) -> frozenset[Role]:
    return general_roles(actor)


def stand(invitation: Invitation, now: datetime) -> Stand:
    """What an invitation's link can still do."""
    over = [
        (invitation.accepted_at, Stand.USED),
        (invitation.revoked_at and invitation.declined_at, Stand.NEVER),
        (invitation.revoked_at, Stand.REVOKED),
        (invitation.replaced_at, Stand.REPLACED),
        (invitation.expires_at <= now, Stand.EXPIRED),
        (invitation.declined_at, Stand.DECLINED),
    ]
    return next((stand for holds, stand in over if holds), Stand.OPEN)


def is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Invitations whose link still lets somebody in."""
    return (
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.replaced_at.is_(None),
        Invitation.expires_at > now,
    )


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


def invitation_named(actor: Actor, public_id: str) -> Invitation | None:
    """An invitation as those who invite see it."""
    return db.session.scalars(select(Invitation).where(Invitation.public_id == public_id)).one_or_none()


def named_by(invitation: Invitation) -> str:
    """Whoever named this person as a colleague, by name or else by address; empty where nobody did."""
    found = db.session.get(Invitation, invitation.passed_on_from_id) if invitation.passed_on_from_id else None
    return (found.name or found.email_typed) if found else ""


def invitations_page(
    cursor: str | None, of: InvitationList | None = None
) -> paging.Page[tuple[Invitation, str | None, str | None]]:
    """Invitations, newest first (of a list: in its order), with who invited, and who named this colleague instead."""
    before = select(Invitation).subquery()
    statement = (
        select(Invitation, Person.name, func.coalesce(func.nullif(before.c.name, ""), before.c.email_typed))
        .outerjoin(Person, and_(Person.id == Invitation.invited_by, Person.erased_at.is_(None)))
        .outerjoin(before, before.c.id == Invitation.passed_on_from_id)
    )
    if of is not None:
        statement = statement.where(Invitation.list_id == of.id)
    return paging.fetch(statement, [paging.Key(Invitation.id, of is None)], cursor, lambda row: (row[0].id,))


def invitation_list(actor: Actor, public_id: str) -> InvitationList | None:
    """A list of invitations as those who invite see it."""
    return db.session.scalars(select(InvitationList).where(InvitationList.public_id == public_id)).one_or_none()


def newest_lists(limit: int = 10) -> Sequence[tuple[InvitationList, str | None]]:
    """The newest lists, each with the name of who made it."""
    statement = select(InvitationList, Person.name).outerjoin(
        Person, and_(Person.id == InvitationList.made_by, Person.erased_at.is_(None))
    )
    return [(row[0], row[1]) for row in db.session.execute(statement.order_by(InvitationList.id.desc()).limit(limit))]


def progress(of: InvitationList) -> Progress:
    """How far a list is: one query over its own invitations."""
    counted = {
        "waiting": Invitation.due_at.is_not(None),
        "sent": Invitation.sent_at.is_not(None),
        "bounced": Invitation.bounced_at.is_not(None),
        "accepted": Invitation.accepted_at.is_not(None),
        "declined": and_(Invitation.declined_at.is_not(None), Invitation.accepted_at.is_(None)),
        "cancelled": and_(Invitation.revoked_at.is_not(None), Invitation.declined_at.is_(None)),
    }
    sums = [func.coalesce(func.sum(case((holds, 1), else_=0)), 0) for holds in counted.values()]
    row = db.session.execute(select(*sums).where(Invitation.list_id == of.id)).one()
    return Progress(**{name: int(value) for name, value in zip(counted, row, strict=True)})


def asked_already(email: str, challenge_id: int | None, now: datetime) -> bool:
    """Whether an address has an open invitation to the same challenge."""
    same = Invitation.challenge_id == challenge_id if challenge_id else Invitation.challenge_id.is_(None)
    found = select(Invitation.id).where(Invitation.email_key == email_key(email), same, *is_open(now)).limit(1)
    return db.session.scalar(found) is not None


def keys_taken(keys: Sequence[str]) -> set[str]:
    """Which of these keys of addresses belong to somebody here."""
    found: set[str] = set()
    for start in range(0, len(keys), CHUNK):
        found |= set(db.session.scalars(select(EmailAddress.key).where(EmailAddress.key.in_(keys[start : start + CHUNK]))))
    return found


def said_never(keys: Iterable[str]) -> set[str]:
    """Which of these keys of addresses belong to somebody who said never again."""
    by_digest = {ids.digest(key): key for key in keys}
    digests, found = list(by_digest), set[str]()
    for start in range(0, len(digests), CHUNK):
        some = select(NeverInvite.key_digest).where(NeverInvite.key_digest.in_(digests[start : start + CHUNK]))
        found |= {by_digest[digest] for digest in db.session.scalars(some)}
    return found


def used_at(person_id: int, at: datetime) -> Sequence[Invitation]:
    """What a person used up at one instant: the invitation he pressed, and all he was asked by besides."""
    return db.session.scalars(
        select(Invitation).where(Invitation.accepted_by == person_id, Invitation.accepted_at == at).order_by(Invitation.id)
    ).all()
