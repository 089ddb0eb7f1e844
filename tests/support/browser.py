"""A browser without JavaScript. Every request gets an application context of its own, as in a real server.

(Flask's test client would reuse the context a test stands in, and with it the person signed in there.)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.sessions import SessionMixin
from werkzeug.test import TestResponse

from innovation.kernel.db import db


class Browser:
    """One person's cookies."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        with self._apart():
            return self.client.get(path, **kwargs)

    def post(self, path: str, form: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        with self._apart():
            return self.client.post(path, data=form or {}, **kwargs)

    def call(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        """A request of any other kind, as scripts make them."""
        with self._apart():
            return self.client.open(path, method=method, **kwargs)

    @contextmanager
    def _apart(self) -> Iterator[None]:
        """A context for one request; the test's own session reads anew afterwards."""
        db.session.rollback()
        with self.app.app_context():
            yield
        db.session.rollback()

    @contextmanager
    def cookie(self) -> Iterator[SessionMixin]:
        """The session this browser carries, to read or to plant something in."""
        with self.app.app_context(), self.client.session_transaction() as session:
            yield session
