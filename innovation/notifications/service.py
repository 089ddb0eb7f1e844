"""Writing messages: which people a fact concerns is decided here, the words are in the templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event, deliver_later
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.notifications.models import Message
from innovation.people import queries as people
from innovation.rules.policy import May

SEND = "notifications.send_mail"


def tell(event: Event, kind: str, person_ids: Iterable[int], params: dict[str, Any], *, inbox: bool = True) -> int:
    """Write people a mail, and a line in their inbox, because of a fact. Inside a handler's transaction.

    Returns:
        How many people were not told before.
    """
    told = 0
    for person_id, address, language in people.recipients(set(person_ids)):
        told += write(event, kind, address, language, params, person_id=person_id)
        if inbox:
            _add(event, kind, address, language, params, person_id, "inbox")
    return told


def write(event: Event, kind: str, address: str, language: str, params: dict[str, Any], *, person_id: int | None) -> int:
    """Write one mail, with its own delivery. 0 when this fact wrote it before."""
    message = _add(event, kind, address, language, params, person_id, "mail")
    if message is None:
        return 0
    deliver_later(event, SEND, key=str(message.id))
    return 1


def _add(
    event: Event, kind: str, address: str, language: str, params: dict[str, Any], person_id: int | None, channel: str
) -> Message | None:
    known = db.session.scalar(
        select(Message.id).where(
            Message.event_id == event.id, Message.kind == kind, Message.address == address, Message.channel == channel
        )
    )
    if known is not None:
        return None
    message = Message(
        event_id=event.id,
        person_id=person_id,
        channel=channel,
        kind=kind,
        address=address,
        language=language,
        params=params,
        created_at=event.recorded_at,
    )
    db.session.add(message)
    db.session.flush()
    return message


@use_case(May.USE_ACCOUNT)
def mark_read(*, actor: Actor, now: datetime = AT_LOCK) -> None:
    """Mark everything in one's inbox as read."""
    db.session.execute(
        update(Message)
        .where(Message.person_id == actor.person_id, Message.channel == "inbox", Message.read_at.is_(None))
        .values(read_at=now)
    )
