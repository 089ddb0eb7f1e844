"""Doing things at the same time, for real: one thread each, with an application context and a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask

from innovation.kernel.db import db


def at_once(app: Flask, calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start every call at one moment. What each returned, or the exception it raised, in the calls' order."""
    db.session.rollback()
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        with app.app_context():
            barrier.wait(30)
            try:
                return call()
            except Exception as error:
                return error

    with ThreadPoolExecutor(len(calls)) as pool:
        results = list(pool.map(run, calls))
    db.session.rollback()
    db.session.expire_all()
    return results
