"""One step of long work: a few hundred rows and the place they lead to, in one transaction."""

from __future__ import annotations

from datetime import datetime

from innovation.exchange.events import OrderBegun
from innovation.exchange.models import Order
from innovation.exchange.queries.orders import by_id
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import lock_subject
from innovation.rules.order import ORDER, OrderState


def under_way(actor: Actor, order_id: int, now: datetime) -> Order | None:
    """An order under its lock, begun by now; None where it has ended or was cancelled: then nothing more is done."""
    order = by_id(order_id)
    if order is None:
        return None
    lock_subject(db.session(), order)
    if order.state == OrderState.QUEUED:
        lifecycle.move(order, ORDER, "begin", OrderBegun(order_id=order.id), actor=actor, now=now)
    return order if order.state == OrderState.RUNNING else None
