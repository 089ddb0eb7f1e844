"""A Redis, a crew of processes and a mail server for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from innovation.kernel import queue
from innovation.kernel.db import db
from tests.conftest import House, missing
from tests.faults.crew import Crew
from tests.faults.postbox import Postbox
from tests.services import valkey


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[valkey.Server]:
    """A Redis of this test's own, to be emptied and killed."""
    reason = valkey.available()
    if reason:
        missing(reason)
    server = valkey.start(tmp_path / "valkey")
    yield server
    server.stop()


@pytest.fixture
def crew(house: House, app: Flask, redis: valkey.Server, tmp_path: Path) -> Iterator[Crew]:
    """Workers and clocks on the house's database; what the test itself commits pokes them too."""
    queue.connect(app, redis.url)
    made = Crew(house.settings, redis, tmp_path)
    yield made
    made.stop()
    queue.connect(app, "")
    db.session.remove()
    db.engine.dispose()


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A mail server."""
    made = Postbox()
    made.start()
    yield made
    made.stop()
