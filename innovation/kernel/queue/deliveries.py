"""One delivery: claimed for the length of a lease, carried out, and marked done or put back to wait.

A claim is one statement and gives a fence: whoever lost his lease can mark nothing any more.
"""

from __future__ import annotations

import logging
import traceback
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from innovation.kernel import clock, events
from innovation.kernel.db import db, lock
from innovation.kernel.events import Delivery, DeliveryState, Event
from innovation.kernel.usecase import transaction

log = logging.getLogger(__name__)

ATTEMPTS = 8
LEASE = timedelta(minutes=2)


def backoff(attempts: int) -> timedelta:
    """How long a delivery waits after its n-th failure: 10 s, 30 s, 90 s … at most an hour."""
    return timedelta(seconds=min(10 * 3 ** max(0, attempts - 1), 3600))


def due(limit: int) -> list[int]:
    """The ids of deliveries that may be carried out now, oldest first."""
    now = clock.now()
    rows = db.session.scalars(
        select(Delivery.id)
        .where(Delivery.state == DeliveryState.DUE, Delivery.due_at <= now, free(now))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
    ).all()
    db.session.rollback()
    return list(rows)


def free(now: datetime) -> Any:
    """Nobody holds the delivery: it was never claimed, or the lease ran out."""
    return or_(Delivery.lease_until.is_(None), Delivery.lease_until < now)


def _claim(delivery_id: int) -> int | None:
    """Take a delivery for the length of a lease; its fence, or None when somebody else has it or it is not due."""
    now = clock.now()
    return db.session.scalar(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.DUE, Delivery.due_at <= now, free(now))
        .values(lease_until=now + LEASE, fence=Delivery.fence + 1, attempts=Delivery.attempts + 1)
        .returning(Delivery.fence),
        execution_options={"synchronize_session": False},
    )


def _mark_done(delivery_id: int, fence: int) -> bool:
    marked = db.session.scalar(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.fence == fence, Delivery.state == DeliveryState.DUE)
        .values(state=DeliveryState.DONE, done_at=clock.now(), lease_until=None, error=None)
        .returning(Delivery.id),
        execution_options={"synchronize_session": False},
    )
    return marked is not None


def deliver(delivery_id: int) -> bool:
    """Carry out one delivery. True when this call did it; False when it was not due, taken, or failed."""
    held: int | None = None  # the fence of a claim that is committed; None while the claim is part of the work
    try:
        with transaction():
            fence = _claim(delivery_id)
            if fence is None:
                return False
            delivery = db.session.get_one(Delivery, delivery_id, populate_existing=True)
            event = db.session.get_one(Event, delivery.event_id)
            subscriber = events.subscriber(delivery.handler)
            if subscriber is None:
                raise LookupError(f"no handler is called {delivery.handler}")
            if not subscriber.apart:
                subscriber.run(event, delivery)
                return _mark_done(delivery_id, fence)
        held = fence
        subscriber.run(event, delivery)
        with transaction():
            return _mark_done(delivery_id, fence)
    except Exception as error:  # whatever a handler raises, the delivery must wait and the worker live on
        log.warning("delivery %s failed: %s", delivery_id, error)
        _put_back(delivery_id, held, traceback.format_exc(limit=-8))
        return False


def _put_back(delivery_id: int, held: int | None, error: str) -> None:
    """Let a failed delivery wait for its next attempt, unless somebody else has it by now.

    Args:
        held: the fence of the committed claim under which it failed; None when the failure undid the claim.
    """
    with transaction():
        lock(select(Delivery.id).where(Delivery.id == delivery_id).with_for_update())
        delivery = db.session.get(Delivery, delivery_id, populate_existing=True)
        if delivery is None or delivery.state != DeliveryState.DUE:
            return
        leased = delivery.lease_until is not None and delivery.lease_until > clock.now()
        taken_over = delivery.fence != held if held is not None else leased
        if taken_over:
            return
        if held is None:
            delivery.attempts += 1
        delivery.lease_until = None
        delivery.error = error[-4000:]
        delivery.due_at = clock.now() + backoff(delivery.attempts)
        if delivery.attempts >= ATTEMPTS:
            delivery.state = DeliveryState.FAILED


def renew(delivery_id: int, fence: int) -> None:
    """Lengthen the lease of a delivery that takes long.

    Args:
        fence: the delivery's fence as it was when the handler began; the row may carry another's by now.

    Raises:
        LookupError: the lease ran out and somebody else took the delivery; stop at once.
    """
    with transaction():
        kept = db.session.scalar(
            update(Delivery)
            .where(Delivery.id == delivery_id, Delivery.fence == fence, Delivery.state == DeliveryState.DUE)
            .values(lease_until=clock.now() + LEASE)
            .returning(Delivery.id),
            execution_options={"synchronize_session": False},
        )
    if kept is None:
        raise LookupError(f"delivery {delivery_id} was taken over")


def retry_failed(delivery_id: int) -> bool:
    """Give a failed delivery its attempts back. The caller's transaction commits it."""
    row = db.session.scalar(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.FAILED)
        .values(state=DeliveryState.DUE, attempts=0, due_at=clock.now(), lease_until=None, poked_at=None)
        .returning(Delivery.id),
        execution_options={"synchronize_session": False},
    )
    if row is not None:
        db.session.info.setdefault("deliveries", []).append(db.session.get(Delivery, delivery_id))
    return row is not None
