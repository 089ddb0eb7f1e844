"""Reading what a person chose."""

from __future__ import annotations

from sqlalchemy import select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.notifications.models import Choice, FeedKey
from innovation.people.models import Person
from innovation.rules.notices import PLANS, Topic, Way


def matrix(actor: Actor) -> dict[Topic, frozenset[Way]]:
    """By which ways each topic reaches a person, whatever he mutes; topics that stand in mails alone are left out."""
    chosen = {
        (row.topic, row.channel): row.wanted
        for row in db.session.scalars(select(Choice).where(Choice.person_id == actor.person_id))
    }
    found = {}
    for topic, plan in PLANS.items():
        mine = {way for way in Way if chosen.get((topic, way), way in plan.ways)}
        found[topic] = plan.ways if plan.must else frozenset(mine)
    return {topic: ways for topic, ways in found.items() if not PLANS[topic].only_mail}


def digest(actor: Actor) -> str:
    """How often a person wants a digest."""
    return db.session.get_one(Person, actor.person_id).digest


def wants(public_id: str, topic: Topic) -> bool | None:
    """Whether a person gets mails of a topic; None when there is no such person (any more)."""
    person_id = db.session.scalar(select(Person.id).where(Person.public_id == public_id, Person.erased_at.is_(None)))
    if person_id is None:
        return None
    wanted = db.session.scalar(
        select(Choice.wanted).where(Choice.person_id == person_id, Choice.topic == topic, Choice.channel == Way.MAIL)
    )
    return Way.MAIL in PLANS[topic].ways if wanted is None else wanted


def feed_key(actor: Actor) -> FeedKey | None:
    """The key under which a person's feeds can be read now, if he has one."""
    return db.session.scalars(
        select(FeedKey).where(FeedKey.person_id == actor.person_id, FeedKey.revoked_at.is_(None)).order_by(FeedKey.id.desc())
    ).first()


def key_holder(token_digest: str) -> int | None:
    """Whose feeds a token opens; None for one that is unknown or revoked, or whose holder left or was disabled."""
    return db.session.scalar(
        select(FeedKey.person_id)
        .join(Person, Person.id == FeedKey.person_id)
        .where(
            FeedKey.token_digest == token_digest,
            FeedKey.revoked_at.is_(None),
            Person.disabled_at.is_(None),
            Person.erased_at.is_(None),
        )
    )
