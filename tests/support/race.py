"""Doing things at the same time, for real: one thread each, with an application context and a connection of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from innovation.kernel.db import db


@contextmanager
def _slow_motion(part: str) -> Iterator[None]:
    """A little rest after each SELECT with ``part`` in it, so that what was read is old by the time it is used."""

    def rest(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if part and part in statement and statement.startswith("SELECT") and " FOR " not in statement:
            time.sleep(0.1)

    event.listen(Engine, "after_cursor_execute", rest)
    try:
        yield
    finally:
        event.remove(Engine, "after_cursor_execute", rest)


def at_once(app: Flask, calls: Sequence[Callable[[], Any]], slow: str = "") -> list[Any]:
    """Start every call at one moment. What each returned, or the exception it raised, in the calls' order.

    Args:
        slow: a part of the SELECT between which and the writing the others should come; without locks they do.
    """
    db.session.rollback()
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        with app.app_context():
            barrier.wait(30)
            try:
                return call()
            except Exception as error:
                return error

    with _slow_motion(slow), ThreadPoolExecutor(len(calls)) as pool:
        results = list(pool.map(run, calls))
    db.session.rollback()
    db.session.expire_all()
    return results
