"""What every test may use: databases, an application on each of them, a world to act in, and a counter of queries."""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from innovation.app import create_app
from innovation.exchange.service.demo import loading
from innovation.kernel import migrate
from innovation.kernel.db import db
from innovation.settings import Settings
from tests.services import postgres
from tests.support.world import World

STRICT = os.environ.get("INNOVATION_TEST_STRICT") == "1"
REAL_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def missing(reason: str) -> None:
    """Skip with the reason; where everything is meant to be there, fail instead."""
    if STRICT:
        pytest.fail(f"nothing may be skipped here: {reason}")
    pytest.skip(reason)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("realdata") and not REAL_DATA.is_dir():
        missing("../shared/data is not here")


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    reason = postgres.available()
    if reason:
        missing(reason)
    server = postgres.start(tmp_path_factory.mktemp("postgres"))
    yield server
    server.stop()


@dataclass
class House:
    """An application on one database, and how to empty that database."""

    app: Flask
    settings: Settings
    empty: Any
    name: str


def _settings(home: Path, url: str = "", **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "home": home,
        "database_url": url,
        "secret_key": "test-secret",
        "testing": True,
        "rate_limits": False,
        "sign_up": True,
        "base_url": "http://127.0.0.1:8000",
    }
    return Settings(**(values | changes))


_built: list[Flask] = []


def pytest_sessionfinish() -> None:
    """Close every connection while the loop that would complain about it still listens."""
    for app in _built:
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def _build(settings: Settings) -> Flask:
    app = create_app(settings)
    _built.append(app)
    app.config["WTF_CSRF_ENABLED"] = False  # one test of its own switches it on
    return app


@pytest.fixture(scope="session")
def sqlite_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    home = tmp_path_factory.mktemp("sqlite")
    settings = _settings(home)
    app = _build(settings)
    path, template = home / "innovation.sqlite3", home / "template.sqlite3"
    with app.app_context():
        migrate.upgrade()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    shutil.copy(path, template)

    def empty() -> None:
        with app.app_context():
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        shutil.copy(template, path)

    return House(app, settings, empty, "sqlite")


@pytest.fixture(scope="session")
def postgres_house(postgres_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> House:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name, template = f"house_{worker}", f"template_{worker}"
    postgres_server.create_database(template)
    home = tmp_path_factory.mktemp("postgres_home")
    first = _build(_settings(home, postgres_server.url(template)))
    with first.app_context():
        migrate.upgrade()
        db.engine.dispose()
    shape = postgres_server.keep_rows(template)
    settings = _settings(home, postgres_server.url(name))
    app = _build(settings)
    turns = itertools.count()

    def empty() -> None:
        # What was deleted takes room until a fresh copy is made.
        if next(turns) % 100 == 0 or not postgres_server.restore_rows(name, shape):
            with app.app_context():
                db.engine.dispose()
            postgres_server.drop_database(name)
            postgres_server.create_database(name, template)

    return House(app, settings, empty, "postgresql")


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a house with the demo in it, to be copied; the first of several test processes makes it."""
    run = tmp_path_factory.getbasetemp()
    shared = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "demo"
    shared.mkdir(exist_ok=True)
    home, made = shared / "home", shared / "made"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            with _build(_settings(home)).app_context():
                migrate.upgrade()
                assert loading.load() is True
                with db.engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                db.engine.dispose()
            made.touch()
    return home


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest) -> House:
    """An empty house, once on each database."""
    found: House = request.getfixturevalue("sqlite_house" if request.param == "sqlite" else "postgres_house")
    found.empty()
    found.app.extensions.pop("innovation.host", None)
    shutil.rmtree(found.settings.mail_folder, ignore_errors=True)
    from innovation.kernel import queue

    queue.connect(found.app, found.settings.redis_url)
    return found


@pytest.fixture
def app(house: House) -> Iterator[Flask]:
    """The application, inside an application context of its own."""
    with house.app.app_context():
        yield house.app


@pytest.fixture
def world(app: Flask) -> World:
    """People, challenges and ideas, made by the product's own verbs."""
    return World(app)


@pytest.fixture
def client(house: House) -> FlaskClient:
    """A browser without JavaScript, not signed in."""
    return house.app.test_client()


@dataclass
class Statements:
    """SQL statements that were sent."""

    seen: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.seen)


@contextmanager
def counting() -> Iterator[Statements]:
    """Count the statements sent to any database, transaction control aside."""
    statements = Statements()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            statements.seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)
