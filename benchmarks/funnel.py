"""The funnel over one challenge and over 200 with 50,000 ideas and a million facts, on both databases: ``python -m
benchmarks.funnel`` prints the table of RESULTS.md.

The floor is the list page of the same run: 25 ideas of one challenge. PostgreSQL is looked for on 127.0.0.1:5432.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa

from benchmarks.house import median_ms
from innovation.app import create_app
from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.insight import queries as insight
from innovation.insight.service import rebuilding, taking_part
from innovation.kernel import clock, ids, migrate
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db, insert_many
from innovation.kernel.events import Event
from innovation.kernel.lifecycle import Passage
from innovation.kernel.usecase import transaction
from innovation.settings import Settings
from tests.conftest import counting
from tests.support.world import World

CHALLENGES, IDEAS, FACTS = 200, 50_000, 1_000_000
POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432"
PAGES = ("/funnel", "/funnel?details=1")
ENDS = ("declined", "declined", "declined", "promoted", "withdrawn", None)
"""What becomes of ideas, in turn; None still waits."""


def main() -> None:
    print("| database | page | challenges, ideas, facts | SQL | ms | x the list page |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", Settings(home=Path(folder), secret_key="x", testing=True, rate_limits=False))
    with tempfile.TemporaryDirectory() as folder, database() as url:
        settings = Settings(home=Path(folder), secret_key="x", testing=True, rate_limits=False, database_url=url)
        measure("PostgreSQL", settings)


@contextmanager
def database() -> Iterator[str]:
    """A database of its own on the server, gone afterwards."""
    name = f"funnel_{ids.public_id()}"
    server = sa.create_engine(f"{POSTGRES}/postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    try:
        yield f"{POSTGRES}/{name}"
    finally:
        with server.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


def measure(name: str, settings: Settings) -> None:
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        migrate.upgrade()
        world = World(app)
        challenge = world.challenge()
        world.idea(challenge)
        client = world.sign_in(app.test_client(), world.manager)
        row = world.again(challenge)
        first, address = row.id, row.public_id
    rows(name, "1, 1, few", client, address)
    with app.app_context():
        fill(world, first)
        db.session.remove()
    rows(name, f"{CHALLENGES}, {IDEAS:,}, {FACTS:,}", client, address)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def rows(name: str, size: str, client: Any, challenge: str) -> None:
    listing = f"/challenges/{challenge}/ideas"
    floor = median_ms(lambda: client.get(listing), 20)
    for page in PAGES:
        with counting() as asked:
            assert client.get(page).status_code == 200
        took = median_ms(lambda page=page: client.get(page), 10)
        print(f"| {name} | {page} | {size} | {len(asked)} | {took:.1f} | {took / floor:.1f} (of {floor:.1f}) |", flush=True)


def fill(world: World, first_id: int) -> None:
    """Challenges, ideas, passages and facts, written past the unit of work; the counters are made of them."""
    with transaction():
        first = challenges.by_id(first_id)
        now = clock.now()
        columns = {
            column.name: getattr(first, column.name)
            for column in Challenge.__table__.columns
            if column.name not in {"id", "public_id"}
        }
        made = [columns | {"public_id": ids.public_id(), "title": f"Question {n}?"} for n in range(CHALLENGES - 1)]
        insert_many(Challenge, made)
        programme = first.programme_id
        numbers = list(db.session.scalars(sa.select(Challenge.id).order_by(Challenge.id)))
        event = db.session.scalar(sa.select(sa.func.max(Event.id))) or 1
        turns = itertools.cycle(ENDS)
        ideas: list[dict[str, Any]] = []
        for number in range(IDEAS):
            end = next(turns)
            sent = now - timedelta(hours=number % 5000 + 1)
            ideas.append(
                {
                    "public_id": ids.public_id(),
                    "challenge_id": numbers[number % CHALLENGES],
                    "title": f"Idea {number}",
                    "text": "A paragraph that says what it is about.",
                    "language": "en",
                    "state": end or "submitted",
                    "visibility": "audience",
                    "revision_no": 1,
                    "created_at": sent,
                    "saved_at": sent,
                    "submitted_at": sent,
                    "circle": "staff",
                }
            )
        insert_many(Idea, ideas)
    with transaction():
        known = db.session.execute(
            sa.select(Idea.id, Idea.challenge_id, Idea.state, Idea.submitted_at).where(Idea.title.like("Idea %"))
        ).all()
        passages: list[dict[str, Any]] = []
        for idea_id, challenge_id, state, sent in known:
            end = None if state == "submitted" else str(state)
            left = sent + timedelta(hours=idea_id % 900 + 1) if end else None
            common = {
                "subject_kind": "idea",
                "subject_id": idea_id,
                "programme_id": programme,
                "challenge_id": challenge_id,
                "circle": "staff",
                "organisation_id": None,
                "entered_event_id": event,
            }
            came = {"stage": "submitted", "from_stage": "", "entered_at": sent, "left_at": left}
            passages.append(common | came | {"left_event_id": event if end else None})
            if end:
                passages.append(
                    common
                    | {"stage": end, "from_stage": "submitted", "entered_at": left, "left_at": None, "left_event_id": None}
                )
        mine = db.session.scalar(sa.select(Passage.subject_id).where(Passage.subject_kind == "idea"))
        insert_many(Passage, [row for row in passages if row["subject_id"] != mine])
    with transaction():
        facts = {
            "name": "BriefRead",
            "version": 1,
            "origin": "cli",
            "programme_id": programme,
            "payload": {},
            "request_id": "",
            "occurred_at": now,
            "recorded_at": now,
        }
        for start in range(0, FACTS, 50_000):
            insert_many(Event, [facts | {"challenge_id": numbers[n % CHALLENGES]} for n in range(start, start + 50_000)])
    rebuilding.rebuild(actor=house(Origin.CLI))
    taking_part.keep_participation(actor=house(Origin.CLOCK))
    assert insight.mismatches() == []
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


if __name__ == "__main__":
    main()
