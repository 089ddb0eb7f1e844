"""Reading the outbox and the clock."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from innovation.kernel import paging
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, DeliveryState, Event
from innovation.kernel.queue import ClockTick


def failed(cursor: str | None) -> paging.Page[tuple[Delivery, Event]]:
    """Deliveries that were given up, the newest first, with their facts."""
    statement = (
        select(Delivery, Event).join(Event, Event.id == Delivery.event_id).where(Delivery.state == DeliveryState.FAILED)
    )
    return paging.fetch(statement, [paging.Key(Delivery.id, True)], cursor, lambda row: (row[0].id,))


def waiting(limit: int = 20) -> Sequence[tuple[Delivery, Event]]:
    """Deliveries that are due or will be tried again, the soonest first."""
    rows = db.session.execute(
        select(Delivery, Event)
        .join(Event, Event.id == Delivery.event_id)
        .where(Delivery.state == DeliveryState.DUE)
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
    ).all()
    return [(row[0], row[1]) for row in rows]


def ticks() -> Sequence[ClockTick]:
    """When each regular work ran last, and its error if it failed."""
    return db.session.scalars(select(ClockTick).order_by(ClockTick.name)).all()
