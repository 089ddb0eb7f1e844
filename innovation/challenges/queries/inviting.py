"""Reading what an invitation is for: which challenges one may invite to, and which one a link shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges.models import Audience, Challenge
from innovation.challenges.queries.seeing import manages, visible
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.people import queries as people
from innovation.people.models import Invitation
from innovation.rules.challenge import ChallengeState

MOST_CHOICES = 200


def invites_to(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Challenges that still take ideas and to which this person may invite: of his programmes, or open to outsiders."""
    return and_(
        Challenge.state == ChallengeState.PUBLISHED,
        Challenge.closes_at > now,
        visible(actor),
        or_(manages(actor, Challenge.programme_id), _beyond_staff()),
    )


def choices_to_invite(actor: Actor, now: datetime) -> Sequence[Challenge]:
    """The challenges somebody can be invited to, the next to close first."""
    found = select(Challenge).where(invites_to(actor, now)).order_by(Challenge.closes_at, Challenge.id)
    return db.session.scalars(found.limit(MOST_CHOICES)).all()


def choice_to_invite(actor: Actor, public_id: str, now: datetime) -> Challenge | None:
    """One of these by its name in addresses."""
    return db.session.scalars(
        select(Challenge).where(Challenge.public_id == public_id, invites_to(actor, now))
    ).one_or_none()


def invited_to(invitation: Invitation, now: datetime) -> Challenge | None:
    """The challenge whose public brief an invitation's link shows, while it takes ideas; None where there is none.

    A challenge for staff alone is opened to somebody else only by who manages it: neither a co-author nor a colleague who
    was named instead is shown it.
    """
    if invitation.challenge_id is None:
        return None
    opened: ColumnElement[bool] = _beyond_staff()
    if invitation.invited_by is not None and invitation.passed_on_from_id is None:
        inviter = people.actors([invitation.invited_by]).get(invitation.invited_by)
        opened = or_(opened, manages(inviter, Challenge.programme_id)) if inviter else opened
    return db.session.scalars(
        select(Challenge)
        .options(joinedload(Challenge.programme), joinedload(Challenge.terms), selectinload(Challenge.audience))
        .where(
            Challenge.id == invitation.challenge_id,
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.closes_at > now,
            opened,
        )
    ).one_or_none()


def _beyond_staff() -> ColumnElement[bool]:
    """Challenges that are open to a circle or an organisation outside; single people named do not make them so."""
    outside = or_(and_(Audience.kind == "circle", Audience.value != Circle.STAFF), Audience.kind == "organisation")
    return exists().where(Audience.challenge_id == Challenge.id, outside).correlate(Challenge)
