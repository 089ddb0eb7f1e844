"""Writing messages. The words are in the templates; a message holds what it is about, its reader and its channel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from innovation.kernel.db import db
from innovation.kernel.events import Event, deliver_later
from innovation.notifications.models import Message
from innovation.notifications.queries.addressees import Addressee, addressees
from innovation.rules import notices
from innovation.rules.notices import TOPICS, Way

SEND = "notifications.send_mail"
BATCH = 500
"""How many people are told with one look at their choices."""


def tell(event: Event, kind: str, person_ids: Iterable[int], params: dict[str, Any]) -> int:
    """Tell people of a fact by the ways each of them wants for its topic. Inside a handler's transaction.

    Three statements for each five hundred people who are told something new, besides the mails' deliveries.

    Returns:
        How many people were not told before.
    """
    wanted = sorted(set(person_ids))
    return sum(
        _write(event, kind, params, addressees(wanted[start : start + BATCH], TOPICS[kind], event))
        for start in range(0, len(wanted), BATCH)
    )


def tell_each(
    event: Event, groups: Iterable[tuple[str, Iterable[int]]], params: dict[str, Any], *, but: Iterable[int] = ()
) -> None:
    """Tell several groups of one fact, each person once: by the first kind that he is named under, never who did it."""
    for kind, people in notices.once_each(groups, but={*but, event.actor_id or 0}):
        tell(event, kind, people, params)


def write(event: Event, kind: str, address: str, language: str, params: dict[str, Any], *, person_id: int | None) -> int:
    """Write one mail to an address, whoever has it, with its own delivery. 0 when this fact wrote it before."""
    one = Addressee(person_id or 0, address, language, frozenset({Way.MAIL}))
    return _write(event, kind, params, [one])


def _write(event: Event, kind: str, params: dict[str, Any], people: Sequence[Addressee]) -> int:
    if not any(each.ways for each in people):
        return 0
    rows = db.session.execute(
        select(Message.address, Message.channel).where(
            Message.event_id == event.id,
            Message.kind == kind,
            Message.address.in_([each.address for each in people]),
        )
    )
    known = {(row.address, row.channel) for row in rows}
    made = [
        Message(
            event_id=event.id,
            person_id=each.person_id or None,
            channel=way,
            kind=kind,
            address=each.address,
            language=each.language,
            params=params,
            created_at=event.recorded_at,
        )
        for each in people
        for way in Way
        if way in each.ways and (each.address, way) not in known
    ]
    db.session.add_all(made)
    db.session.flush()
    for message in made:
        if message.channel == Way.MAIL:
            deliver_later(event, SEND, key=str(message.id))
    return len({message.address for message in made})
