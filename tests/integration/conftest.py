"""Fixtures of the integration tests alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from innovation.kernel import queue
from tests.conftest import House
from tests.support.world import World


@pytest.fixture
def embedded(sqlite_house: House) -> Iterator[World]:
    """An empty house on the embedded default alone: for what is promised of that, or has nothing to do with the database."""
    sqlite_house.empty()
    sqlite_house.app.extensions.pop("innovation.host", None)
    shutil.rmtree(sqlite_house.settings.mail_folder, ignore_errors=True)
    queue.connect(sqlite_house.app, sqlite_house.settings.redis_url)
    with sqlite_house.app.app_context():
        yield World(sqlite_house.app)
