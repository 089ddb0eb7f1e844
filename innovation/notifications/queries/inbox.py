"""Reading messages as they stand on the page of their reader."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.notifications.models import Message
from innovation.rules.notices import TOPICS


def message(message_id: int) -> Message | None:
    return db.session.get(Message, message_id)


def messages(message_ids: Iterable[int]) -> list[Message]:
    """Messages by id, the oldest first."""
    return list(db.session.scalars(select(Message).where(Message.id.in_(list(message_ids))).order_by(Message.id)))


def inbox(actor: Actor, cursor: str | None, topic: str = "") -> paging.Page[Message]:
    """A person's inbox, the newest first; of one topic, where one is named."""
    statement = select(Message).where(Message.person_id == actor.person_id, Message.channel == "inbox")
    if topic:
        statement = statement.where(Message.kind.in_([kind for kind, its in TOPICS.items() if its == topic]))
    return paging.fetch(statement, [paging.Key(Message.id, True)], cursor, lambda row: (row[0].id,))


def latest(actor: Actor, limit: int) -> list[Message]:
    """The newest lines of a person's inbox."""
    mine = select(Message).where(Message.person_id == actor.person_id, Message.channel == "inbox")
    return list(db.session.scalars(mine.order_by(Message.id.desc()).limit(limit)))


def unread(actor: Actor) -> bool:
    """Whether anything in the inbox is new."""
    if actor.person_id is None:
        return False
    return (
        db.session.scalar(
            select(Message.id)
            .where(Message.person_id == actor.person_id, Message.channel == "inbox", Message.read_at.is_(None))
            .limit(1)
        )
        is not None
    )
