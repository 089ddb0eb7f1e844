"""The demo programme, for all tests that only look at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from innovation.kernel.db import db
from tests.conftest import House, _build, _settings
from tests.support.world import World


@pytest.fixture(scope="session")
def demo_house(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    """An application on the demo. Who changes something there takes :func:`demo_copy`."""
    home = shutil.copytree(demo_home, tmp_path_factory.mktemp("demo") / "home")
    settings = replace(_settings(home), sign_up=False)
    app = _build(settings)
    path = home / "innovation.sqlite3"

    def anew() -> None:
        with app.app_context():
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        shutil.copy(demo_home / path.name, path)

    return House(app, settings, anew, "sqlite")


@pytest.fixture
def demo(demo_house: House) -> Iterator[World]:
    """The demo to look at."""
    with demo_house.app.app_context():
        yield World(demo_house.app)


@pytest.fixture
def demo_copy(demo_house: House) -> Iterator[World]:
    """The demo to change; what was changed is gone afterwards."""
    with demo_house.app.app_context():
        yield World(demo_house.app)
    demo_house.empty()
