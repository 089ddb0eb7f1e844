"""The end of long work: done, failed, or so old that the store lets go of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from innovation.exchange.events import OrderEnded
from innovation.exchange.models import Order
from innovation.exchange.queries.orders import by_id, expired
from innovation.exchange.service.orders import incoming
from innovation.exchange.service.orders.exporting import GATHERED, left_of
from innovation.exchange.service.orders.progress import under_way
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.files import Store
from innovation.kernel.usecase import AT_LOCK, lock_subject, use_case
from innovation.rules.order import ORDER, UNDER_WAY, OrderState

COUNTED = frozenset({"new", "changed", "known", "left_out", "remarks"})
"""What an import's parameters say of the rows behind it."""


@use_case(None)
def finish(*, actor: Actor, order_id: int, file_key: str = "", file_name: str = "", now: datetime = AT_LOCK) -> bool:
    """Say that an order is done; an export names what it made. False where it was cancelled meanwhile."""
    order = under_way(actor, order_id, now)
    if order is None:
        return False
    if file_key:
        order.file_key, order.file_name = file_key, file_name
    order.total, order.ended_at = order.done, now
    _end(order, "finish", actor, now)
    return True


@use_case(None)
def begin_anew(*, actor: Actor, order_id: int, now: datetime = AT_LOCK) -> None:
    """Let work that writes nothing begin at the first row again: what it remembers of the rows before is gone."""
    order = under_way(actor, order_id, now)
    if order is not None:
        order.done, order.cursor = 0, ""
        order.params = {name: value for name, value in order.params.items() if name not in COUNTED}


@use_case(None)
def fail(*, actor: Actor, order_id: int, code: str, now: datetime = AT_LOCK) -> None:
    """Say that an order cannot be carried out, and why; it can be asked for again. Nothing where it has ended."""
    order = by_id(order_id)
    if order is None:
        return
    lock_subject(db.session(), order)
    if order.state in UNDER_WAY:
        order.error, order.ended_at = code, now
        _end(order, "fail", actor, now)


def _end(order: Order, move: str, actor: Actor, now: datetime) -> None:
    fact = OrderEnded(order_id=order.id, order=order.public_id, state=ORDER.after(order.state, move))
    lifecycle.move(order, ORDER, move, fact, actor=actor, now=now)


def _shared(order: Order) -> bool:
    """Whether a later order still reads the file this one brought: it was looked through, then taken in."""
    others = select(Order.id).where(Order.file_key == order.file_key, Order.id > order.id).limit(1)
    return db.session.scalar(others) is not None


@use_case(None)
def empty_store(*, actor: Actor, store: Store, now: datetime = AT_LOCK) -> int:
    """Let go of what orders made or brought seven days after they ended; the row stays and says what was done.

    Returns:
        How many orders that were, at most a hundred.
    """
    old = expired(now)
    for order in old:
        brought = [order.file_key] if order.file_key and not _shared(order) else []
        store.delete(*brought, *left_of(order, store))
        order.file_key = ""
        if order.kind == "export" and order.state != OrderState.DONE:  # asked for again, it begins anew
            order.cursor, order.done = "", 0
            order.params = {name: value for name, value in order.params.items() if name not in GATHERED}
    needed = set(db.session.scalars(select(Order.file_key).where(Order.kind == "import", Order.file_key != "")))
    incoming.forget(store, needed, now)
    return len(old)
