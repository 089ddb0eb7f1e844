"""The process that works: woken by Redis where there is one, else by looking into the database."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested

from innovation.kernel.queue import pokes

log = logging.getLogger(__name__)

WORKER_TTL = 30
"""RQ listens 15 seconds less than this at a time; that must stay below the socket's timeout, or listening is an error."""


class _Worker(SimpleWorker):
    """RQ's worker, which leaves its loop when Redis goes away instead of waiting for it ever longer.

    Whoever called it looks into the database meanwhile.
    """

    def __init__(self, connection: Redis, stop: Callable[[], bool]) -> None:
        queues = [Queue(pokes.QUEUE, connection=connection, serializer="json")]
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
            pokes.drain()
            redis = pokes.connection()
            if redis is None:
                time.sleep(1)
                continue
            redis.ping()
            away = False
            if _work(redis, stop):
                return
        except RedisError as error:
            if not away:
                log.warning("redis does not answer (%s); looking into the database instead", type(error).__name__)
            away = True
            time.sleep(2)
        except Exception:
            log.exception("the worker starts again")
            time.sleep(2)
