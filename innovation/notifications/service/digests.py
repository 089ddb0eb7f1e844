"""What waited for a person's morning, in one mail.

The mail, the mark on its lines and the instant of the digest are one transaction: killed anywhere, the lines wait for
the next look or stand in the mail, never both and never neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import emit
from innovation.kernel.i18n import HOST_ZONE
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.notifications.events import DigestMade
from innovation.notifications.models import Message
from innovation.notifications.queries.lines import lines
from innovation.notifications.service.telling import write
from innovation.people import queries as people
from innovation.people.models import Person
from innovation.rules.notices import Frequency, Way, last_morning

BATCH = 20
"""How many people have their digest written in one transaction."""
MOST_LINES = 500
"""How many lines one mail has; what is more waits for the next morning."""


@use_case(None)
def make_digests(*, actor: Actor, after: int = 0, now: datetime = AT_LOCK) -> int | None:
    """Write the digests that are due: of everything that waited when it was last seven in the morning, on the reader's day.

    Who has nothing to read gets no mail. A line about something its reader may no longer see is dropped.

    Returns:
        The id after which to go on, or None when nobody is left.
    """
    mornings = {each: last_morning(now, each, HOST_ZONE) for each in (Frequency.DAILY, Frequency.WEEKLY)}
    due = [_due(each, morning) for each, morning in mornings.items() if morning is not None]
    # Locked, so that of two clocks the second finds the digest made.
    found = db.session.scalars(
        select(Person)
        .where(Person.id > after, or_(*due))
        .order_by(Person.id)
        .limit(BATCH)
        .with_for_update(of=Person)
        .execution_options(populate_existing=True)
    ).all()
    actors = people.actors(person.id for person in found)
    addresses = {row[0]: row for row in people.recipients(person.id for person in found)}
    for person in found:
        morning = mornings[Frequency(person.digest)]
        assert morning is not None
        waiting = _waiting(person.id, morning)
        shown = [line.message for line in lines(actors[person.id], waiting) if line.seen]
        person.digest_at = now
        db.session.execute(
            update(Message).where(Message.id.in_([each.id for each in waiting])).values(sent_at=now),
            execution_options={"synchronize_session": False},
        )
        if shown and person.id in addresses:
            _mail(actor, addresses[person.id], shown, now)
    return found[-1].id if len(found) == BATCH else None


def _due(frequency: str, morning: datetime) -> ColumnElement[bool]:
    waits = exists().where(
        Message.person_id == Person.id,
        Message.channel == Way.DIGEST,
        Message.sent_at.is_(None),
        Message.created_at < morning,
    )
    return and_(Person.digest == frequency, or_(Person.digest_at.is_(None), Person.digest_at < morning), waits)


def _waiting(person_id: int, morning: datetime) -> Sequence[Message]:
    return db.session.scalars(
        select(Message)
        .where(
            Message.person_id == person_id,
            Message.channel == Way.DIGEST,
            Message.sent_at.is_(None),
            Message.created_at < morning,
        )
        .order_by(Message.id)
        .limit(MOST_LINES)
    ).all()


def _mail(actor: Actor, to: tuple[int, str, str], shown: Sequence[Message], now: datetime) -> None:
    person_id, address, language = to
    event = emit(DigestMade(person_id=person_id, lines=len(shown)), actor=actor, now=now)
    params: dict[str, Any] = {"message_ids": [each.id for each in shown]}
    write(event, "digest", address, language, params, person_id=person_id)
