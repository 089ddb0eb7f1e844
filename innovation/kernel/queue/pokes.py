"""Waking workers, and what one that is woken does. Pokes go through Redis and are hints: the delivery rows decide."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import timedelta

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy import or_, select, update

from innovation.kernel import clock, events
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, DeliveryState
from innovation.kernel.queue import deliveries, regular
from innovation.kernel.queue.deliveries import free
from innovation.kernel.usecase import transaction

log = logging.getLogger(__name__)

QUEUE = "deliveries"
JOB = "innovation.kernel.queue.drain"
"""The name under which RQ finds :func:`drain`. It stands in Redis, so it stays wherever the function lives."""

BATCH = 50
DRAIN_SECONDS = 60
SWEEP_LIMIT = 500
POKE_AGAIN = timedelta(minutes=1)
REDIS_TIMEOUT = 30

_app: Flask | None = None
_redis: Redis | None = None


def connect(app: Flask, redis_url: str) -> None:
    """Tell the queue which application its jobs run in and where Redis is ('' for none)."""
    global _app, _redis
    _app = app
    _redis = Redis.from_url(redis_url, socket_connect_timeout=2, socket_timeout=REDIS_TIMEOUT) if redis_url else None
    if poke not in events.after_commit:
        events.after_commit.append(poke)


def connection() -> Redis | None:
    """Where Redis is, or None."""
    return _redis


def poke(delivery_ids: Sequence[int]) -> None:
    """Wake a worker for each batch of new deliveries. Losing a poke costs a minute, never a delivery."""
    if _redis is None:
        return
    try:
        queue = Queue(QUEUE, connection=_redis, serializer="json")
        queue.enqueue_many(
            [
                Queue.prepare_data(JOB, args=[delivery_id], timeout=600, result_ttl=0, failure_ttl=3600)
                for delivery_id in delivery_ids[::BATCH]
            ]
        )
    except RedisError as error:
        log.warning("redis does not answer (%s); the sweeper will poke again", type(error).__name__)


def drain(delivery_id: int | None = None) -> int:
    """Carry out one delivery, then others that are due, for at most a minute.

    Returns:
        How many were carried out.
    """
    assert _app is not None, "queue.connect was not called"
    with _app.app_context():
        done = int(deliveries.deliver(delivery_id)) if delivery_id is not None else 0
        until = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < until:
            batch = deliveries.due(BATCH)
            done_now = sum(deliveries.deliver(each) for each in batch)
            done += done_now
            if not done_now:
                break
        return done


def settle(limit_seconds: float = 60) -> int:
    """Carry out everything due, here and now, until nothing is left: for commands that wait, and for tests."""
    done, until = 0, time.monotonic() + limit_seconds
    while time.monotonic() < until and (step := drain()):
        done += step
    return done


@regular.every(name="kernel.sweep", seconds=20)
def sweep() -> int:
    """Poke deliveries that are due and were not poked within a minute. Returns how many."""
    now = clock.now()
    with transaction():
        stale = list(
            db.session.scalars(
                select(Delivery.id)
                .where(
                    Delivery.state == DeliveryState.DUE,
                    Delivery.due_at <= now,
                    free(now),
                    or_(Delivery.poked_at.is_(None), Delivery.poked_at < now - POKE_AGAIN),
                )
                .order_by(Delivery.due_at)
                .limit(SWEEP_LIMIT)
            )
        )
        db.session.execute(
            update(Delivery).where(Delivery.id.in_(stale)).values(poked_at=now),
            execution_options={"synchronize_session": False},
        )
    poke(stale)
    return len(stale)
