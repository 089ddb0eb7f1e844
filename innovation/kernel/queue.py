"""Carrying out what facts caused, and what the clock says is due.

The database's delivery rows decide; Redis only wakes workers up. A job that Redis loses is poked again by the sweeper,
a worker that dies leaves a lease that runs out, and a delivery that fails comes back later and later, until after
eight attempts it waits on the operators' page.
"""

from __future__ import annotations

import logging
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from sqlalchemy import String, Text, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from innovation.kernel import clock, events
from innovation.kernel.db import Base, db, lock, upsert
from innovation.kernel.events import Delivery, DeliveryState, Event
from innovation.kernel.usecase import transaction

log = logging.getLogger(__name__)

QUEUE = "deliveries"
ATTEMPTS = 8
LEASE = timedelta(minutes=2)
BATCH = 50
DRAIN_SECONDS = 60
SWEEP_LIMIT = 500
POKE_AGAIN = timedelta(minutes=1)
REDIS_TIMEOUT = 30
WORKER_TTL = 30
"""RQ listens 15 seconds less than this at a time; that must stay below the socket's timeout, or listening is an error."""

_app: Flask | None = None
_redis: Redis | None = None


def connect(app: Flask, redis_url: str) -> None:
    """Tell the queue which application its jobs run in and where Redis is ('' for none)."""
    global _app, _redis
    _app = app
    _redis = Redis.from_url(redis_url, socket_connect_timeout=2, socket_timeout=REDIS_TIMEOUT) if redis_url else None
    if poke not in events.after_commit:
        events.after_commit.append(poke)


def poke(delivery_ids: Sequence[int]) -> None:
    """Wake a worker for each batch of new deliveries. Losing a poke costs a minute, never a delivery."""
    if _redis is None:
        return
    try:
        queue = Queue(QUEUE, connection=_redis, serializer="json")
        queue.enqueue_many(
            [
                Queue.prepare_data(drain, args=[delivery_id], timeout=600, result_ttl=0, failure_ttl=3600)
                for delivery_id in delivery_ids[::BATCH]
            ]
        )
    except RedisError as error:
        log.warning("redis does not answer (%s); the sweeper will poke again", type(error).__name__)


def backoff(attempts: int) -> timedelta:
    """How long a delivery waits after its n-th failure: 10 s, 30 s, 90 s … at most an hour."""
    return timedelta(seconds=min(10 * 3 ** max(0, attempts - 1), 3600))


def drain(delivery_id: int | None = None) -> int:
    """Carry out one delivery, then others that are due, for at most a minute.

    Returns:
        How many were carried out.
    """
    assert _app is not None, "queue.connect was not called"
    with _app.app_context():
        done = int(deliver(delivery_id)) if delivery_id is not None else 0
        until = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < until:
            batch = due(BATCH)
            done_now = sum(deliver(each) for each in batch)
            done += done_now
            if not done_now:
                break
        return done


def due(limit: int) -> list[int]:
    """The ids of deliveries that may be carried out now, oldest first."""
    now = clock.now()
    rows = db.session.scalars(
        select(Delivery.id)
        .where(Delivery.state == DeliveryState.DUE, Delivery.due_at <= now, _free(now))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
    ).all()
    db.session.rollback()
    return list(rows)


def _free(now: datetime) -> Any:
    return or_(Delivery.lease_until.is_(None), Delivery.lease_until < now)


def _claim(delivery_id: int) -> int | None:
    """Take a delivery for the length of a lease; its fence, or None when somebody else has it or it is not due."""
    now = clock.now()
    return db.session.scalar(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.DUE, Delivery.due_at <= now, _free(now))
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
                    _free(now),
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


# --- the clock -----------------------------------------------------------------------------------------------------


class ClockTick(Base):
    """When each regular work is due next; one row per name, so that two clocks do it once."""

    __tablename__ = "clock_tick"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    due_at: Mapped[datetime]
    ran_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Regular:
    """Work the clock does: "everything due by now", so that a missed tick costs nothing."""

    name: str
    every: timedelta
    run: Callable[[], object]


_F = TypeVar("_F", bound=Callable[[], object])
regulars: dict[str, Regular] = {}


def every(*, name: str, seconds: int = 0, minutes: int = 0) -> Callable[[_F], _F]:
    """Register regular work under a stable name."""

    def register(run: _F) -> _F:
        regulars[name] = Regular(name, timedelta(seconds=seconds, minutes=minutes), run)
        return run

    return register


every(name="kernel.sweep", seconds=20)(sweep)


def tick(app: Flask, only: Callable[[str], bool] = lambda name: True) -> list[str]:
    """Do the regular work that is due. Returns the names of what ran here."""
    return [each.name for each in regulars.values() if only(each.name) and _run_if_due(app, each)]


def _run_if_due(app: Flask, regular: Regular) -> bool:
    with app.app_context():
        now = clock.now()
        with transaction():
            statement = upsert(ClockTick).values(name=regular.name, due_at=now + regular.every, ran_at=now)
            mine = db.session.scalar(
                statement.on_conflict_do_update(
                    index_elements=["name"],
                    set_={"due_at": now + regular.every, "ran_at": now},
                    where=ClockTick.due_at <= now,
                ).returning(ClockTick.name)
            )
        if mine is None:
            return False
        error = None
        try:
            regular.run()
        except Exception:  # one failing work must not stop the others
            log.exception("regular work %s failed", regular.name)
            error = traceback.format_exc(limit=-8)[-4000:]
        with transaction():
            db.session.execute(update(ClockTick).where(ClockTick.name == regular.name).values(error=error))
        return True


def run_clock(app: Flask, stop: Callable[[], bool]) -> None:
    """Tick once a second until told to stop."""
    while not stop():
        try:
            tick(app)
        except Exception:  # a database that is away for a moment
            log.exception("the clock missed a tick")
        time.sleep(1)


class _Worker(SimpleWorker):
    """RQ's worker, which leaves its loop when Redis goes away instead of waiting for it ever longer.

    Whoever called it looks into the database meanwhile.
    """

    def __init__(self, connection: Redis, stop: Callable[[], bool]) -> None:
        queues = [Queue(QUEUE, connection=connection, serializer="json")]
        super().__init__(queues, connection=connection, serializer="json", worker_ttl=WORKER_TTL, log_job_description=False)
        self._stop, self.asked_to_stop = stop, False

    def handle_warm_shutdown_request(self) -> None:
        self.asked_to_stop = True

    def subscribe(self) -> None:
        """Take no commands from Redis: a thread that waits for them would outlive each outage."""

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        if self._stop():  # a signal that came before RQ took the signals over
            self.asked_to_stop = True
            raise StopRequested
        try:
            super().heartbeat(timeout, pipeline)
        except RedisError as error:
            log.warning("redis went away (%s)", type(error).__name__)
            raise StopRequested from error


def _work(connection: Redis, stop: Callable[[], bool]) -> bool:
    """Work as Redis pokes, until it goes away or somebody asks to stop. True when somebody asked."""
    worker = _Worker(connection, stop)
    handlers = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        worker.work(logging_level="WARNING")
    except RedisError:  # it could not say goodbye
        log.warning("redis does not answer; looking into the database instead")
    finally:
        for sign, handler in handlers.items():
            signal.signal(sign, handler)  # RQ put its own there, which belong to a worker that is no more
    return worker.asked_to_stop


def run_worker(stop: Callable[[], bool]) -> None:
    """Work until told to stop: woken by Redis where there is one, else by looking every second."""
    away = False
    while not stop():
        try:
            drain()
            if _redis is None:
                time.sleep(1)
                continue
            _redis.ping()
            away = False
            if _work(_redis, stop):
                return
        except RedisError as error:
            if not away:
                log.warning("redis does not answer (%s); looking into the database instead", type(error).__name__)
            away = True
            time.sleep(2)
        except Exception:
            log.exception("the worker starts again")
            time.sleep(2)


def settle(limit_seconds: float = 60) -> int:
    """Carry out everything due, here and now, until nothing is left: for commands that wait, and for tests."""
    done, until = 0, time.monotonic() + limit_seconds
    while time.monotonic() < until and (step := drain()):
        done += step
    return done
