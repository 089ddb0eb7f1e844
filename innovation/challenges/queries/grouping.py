"""Reading what challenges are grouped by: programmes and topics."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, or_, select

from innovation.challenges.models import Challenge, Programme, Topic
from innovation.challenges.queries.seeing import manages, visible
from innovation.kernel.actor import Actor
from innovation.kernel.db import db


def programmes(actor: Actor) -> Sequence[Programme]:
    """Programmes in which this person sees a challenge, or which he manages."""
    seen = exists().where(Challenge.programme_id == Programme.id, visible(actor))
    return db.session.scalars(
        select(Programme).where(or_(manages(actor, Programme.id), seen)).order_by(Programme.title, Programme.id).limit(200)
    ).all()


def programmes_managed(actor: Actor) -> Sequence[Programme]:
    """Programmes this person manages, by title."""
    return db.session.scalars(
        select(Programme).where(manages(actor, Programme.id)).order_by(Programme.title, Programme.id).limit(200)
    ).all()


def programme(actor: Actor, public_id: str) -> Programme | None:
    """A programme with at least one challenge this person may see, or which he manages."""
    seen = exists().where(Challenge.programme_id == Programme.id, visible(actor))
    return db.session.scalars(
        select(Programme).where(Programme.public_id == public_id, or_(manages(actor, Programme.id), seen))
    ).one_or_none()


def programmes_to_start_in(actor: Actor) -> Sequence[Programme]:
    """Programmes a new challenge may be put into; all, since a manager publishes it."""
    return db.session.scalars(select(Programme).order_by(Programme.id).limit(200)).all()


def topics(challenge_id: int) -> list[str]:
    """What a challenge is about, in alphabetical order."""
    found = select(Topic.topic).where(Topic.challenge_id == challenge_id).order_by(Topic.topic)
    return list(db.session.scalars(found))


def topics_seen(actor: Actor, limit: int = 100) -> Sequence[str]:
    """What the challenges this person may see are about, in alphabetical order."""
    return db.session.scalars(
        select(Topic.topic)
        .join(Challenge, Challenge.id == Topic.challenge_id)
        .where(visible(actor))
        .distinct()
        .order_by(Topic.topic)
        .limit(limit)
    ).all()
