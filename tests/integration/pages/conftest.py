"""The demo programme, loaded once for all tests that only look at it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from innovation.exchange.service.demo import loading
from innovation.kernel import migrate
from innovation.kernel.db import db
from tests.conftest import House, _build, _settings
from tests.support.world import World


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo in it; the first of several test processes makes it, the others wait."""
    run = tmp_path_factory.getbasetemp()
    shared = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "demo"
    shared.mkdir(exist_ok=True)
    made = shared / "demo.sqlite3"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            settings = _settings(shared / "home")
            with _build(settings).app_context():
                migrate.upgrade()
                assert loading.load() is True
                with db.engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                db.engine.dispose()
            (shared / "home" / "innovation.sqlite3").rename(made)
    return made


@pytest.fixture(scope="session")
def demo_house(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    """An application on the demo. Who changes something there takes :func:`demo_copy`."""
    home = tmp_path_factory.mktemp("demo")
    settings = replace(_settings(home), sign_up=False)
    app = _build(settings)
    path = home / "innovation.sqlite3"
    shutil.copy(demo_file, path)

    def anew() -> None:
        with app.app_context():
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        shutil.copy(demo_file, path)

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
