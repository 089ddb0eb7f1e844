"""What a person chooses: the ways of each topic, his digest, what he follows and mutes, his inbox."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime

from sqlalchemy import delete, select, update

from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.errors import Invalid
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.notifications.models import Choice, Message, Watch
from innovation.notifications.queries.following import COLUMNS
from innovation.people.models import Person
from innovation.rules import notices
from innovation.rules.notices import Frequency, Topic, Way
from innovation.rules.policy import May


@use_case(May.USE_ACCOUNT)
def choose(*, actor: Actor, wanted: Mapping[Topic, Set[Way]], digest: str, now: datetime = AT_LOCK) -> None:
    """Keep by which ways each topic reaches a person, and how often he wants a digest.

    What is a must stays as it is, whatever is asked. Without digests nothing waits for one any more.

    Raises:
        Invalid: there is no such frequency.
    """
    if digest not in set(Frequency):
        raise Invalid("unknown_frequency", field="digest")
    assert actor.person_id is not None
    for topic, ways in wanted.items():
        for way in Way:
            if notices.can_choose(topic, way):
                _choose(actor.person_id, topic, way, way in ways, now)
    db.session.execute(update(Person).where(Person.id == actor.person_id).values(digest=digest))
    if digest == Frequency.OFF:
        waiting = Message.channel == Way.DIGEST, Message.sent_at.is_(None)
        db.session.execute(delete(Message).where(Message.person_id == actor.person_id, *waiting))


@use_case(None)
def switch_mail(*, actor: Actor, public_id: str, topic: Topic, wanted: bool, now: datetime = AT_LOCK) -> bool:
    """Switch one topic's mails off or on for the holder of a signed link, signed in or not. Twice is once.

    Returns:
        False when that person is no longer here, or the topic is a must.
    """
    person_id = db.session.scalar(select(Person.id).where(Person.public_id == public_id, Person.erased_at.is_(None)))
    if person_id is None or not notices.can_choose(topic, Way.MAIL):
        return False
    _choose(person_id, topic, Way.MAIL, wanted, now)
    return True


def _choose(person_id: int, topic: Topic, way: Way, wanted: bool, now: datetime) -> None:
    row = upsert(Choice).values(person_id=person_id, topic=topic, channel=way, wanted=wanted, chosen_at=now)
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["person_id", "topic", "channel"],
            set_={"wanted": wanted, "chosen_at": now},
            where=Choice.wanted != wanted,
        )
    )


@use_case(May.USE_ACCOUNT)
def watch(*, actor: Actor, kind: str, subject_id: int, level: str, now: datetime = AT_LOCK) -> None:
    """Follow something, mute it, or (``level`` empty) neither.

    Args:
        kind: ``challenge``, ``idea``, ``person`` or ``organisation``; the door has asked whether he may see it.
    """
    column = COLUMNS[kind]
    if not level:
        db.session.execute(delete(Watch).where(Watch.person_id == actor.person_id, column == subject_id))
        return
    row = upsert(Watch).values({"person_id": actor.person_id, column.key: subject_id, "level": level, "since": now})
    db.session.execute(
        row.on_conflict_do_update(index_elements=["person_id", column.key], set_={"level": level, "since": now})
    )


@use_case(May.USE_ACCOUNT)
def mark_read(*, actor: Actor, now: datetime = AT_LOCK) -> None:
    """Mark everything in one's inbox as read."""
    db.session.execute(
        update(Message)
        .where(Message.person_id == actor.person_id, Message.channel == "inbox", Message.read_at.is_(None))
        .values(read_at=now)
    )


@use_case(May.USE_ACCOUNT)
def mark_one(*, actor: Actor, message_id: int, read: bool, now: datetime = AT_LOCK) -> bool:
    """Mark one line of one's own inbox as read or as new. False when there is no such line."""
    mine = update(Message).where(Message.id == message_id, Message.person_id == actor.person_id, Message.channel == "inbox")
    return db.session.scalar(mine.values(read_at=now if read else None).returning(Message.id)) is not None
