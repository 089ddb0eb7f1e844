"""Searching 100,000 ideas, on both databases: ``python -m benchmarks.search [ideas]`` prints the table of RESULTS.md.

The floor is the list page of the same run: 25 ideas of one challenge. Texts are drawn from 20,000 made-up words, each as
frequent as its rank says (Zipf), so that there are words that stand nearly everywhere and words that stand nearly nowhere.
"""

from __future__ import annotations

import itertools
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa

from innovation.app import create_app
from innovation.challenges import queries as challenges
from innovation.challenges.models import Audience, Challenge
from innovation.ideas.models import Idea
from innovation.kernel import clock, ids, migrate
from innovation.kernel.actor import Origin
from innovation.kernel.db import db, insert_many
from innovation.kernel.usecase import transaction
from innovation.search.service import indexing
from innovation.settings import Settings
from tests.conftest import counting
from tests.services import postgres
from tests.support.world import World

CHALLENGES, WORDS, LENGTH = 100, 20_000, 60
ROUNDS = 15
SIMILAR = "ideas like a title of five words"
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u")]


def vocabulary(chance: random.Random) -> list[str]:
    """Made-up words of two to five syllables, none twice."""
    found: dict[str, None] = {}
    while len(found) < WORDS:
        found["".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3, 4, 5))))] = None
    return list(found)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print("| database | question | matches | SQL | ms | x the list page |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", Settings(home=Path(folder), secret_key="x", testing=True, rate_limits=False), count)
    if postgres.available() is None:
        with tempfile.TemporaryDirectory() as folder, database(Path(folder)) as url:
            settings = Settings(home=Path(folder), secret_key="x", testing=True, rate_limits=False, database_url=url)
            measure("PostgreSQL", settings, count)


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """A database on a server of its own, gone afterwards."""
    server = postgres.start(folder / "server")
    try:
        server.create_database("search")
        yield server.url("search")
    finally:
        server.stop()


def measure(name: str, settings: Settings, count: int) -> None:
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    chance = random.Random(5)
    words = vocabulary(chance)
    with app.app_context():
        migrate.upgrade()
        world = World(app)
        challenge = world.challenge()
        client = world.sign_in(app.test_client(), world.person("Reader"))
        row = world.again(challenge)
        first, address = row.id, row.public_id
        fill(first, count, words, chance)
        begun = time.perf_counter()
        indexing.fill(Origin.CLOCK)
        took = time.perf_counter() - begun
        print(f"| {name} | (filling the index: {count:,} ideas) | | | {took * 1000:,.0f} | |", flush=True)
        analyse()
    listing = f"/challenges/{address}/ideas"
    client.get(listing)
    for what, question in questions(words).items():
        path = f"/search?q={question}" if what != SIMILAR else f"/challenges/{address}/similar?title={question}"
        with counting() as asked:
            assert client.get(path).status_code == 200
        floor, took = alternately(client, listing, path)
        print(f"| {name} | {what} | | {len(asked)} | {took:.1f} | {took / floor:.1f} (of {floor:.1f}) |", flush=True)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def alternately(client: Any, listing: str, path: str) -> tuple[float, float]:
    """Medians of two pages asked for in turns, in ms: whatever else the machine does falls on both."""
    took: dict[str, list[float]] = {listing: [], path: []}
    for address in (listing, path) * ROUNDS:
        begun = time.perf_counter()
        client.get(address)
        took[address].append((time.perf_counter() - begun) * 1000)
    return statistics.median(took[listing]), statistics.median(took[path])


def questions(words: list[str]) -> dict[str, str]:
    rare = words[15_000]
    typo = rare[0] + rare[2] + rare[1] + rare[3:]
    return {
        "a rare word": rare,
        "a common word (one idea in ten)": words[120],
        "the most frequent word": words[0],
        "two frequent words": f"{words[1]} {words[4]}",
        "a frequent and a rare word": f"{words[2]} {rare}",
        "a phrase of frequent words": f'"{words[0]} {words[1]}"',
        "a frequent word without another": f"{words[3]} -{words[5]}",
        "a misspelt rare word": typo,
        "a common word, ideas alone": f"{words[120]}&kind=idea",
        "half a word": rare[:4],
        "nothing": "xqxqxqxq",
        SIMILAR: f"{words[3]} {words[60]} {words[400]} {words[2_000]} {rare}",
    }


def fill(first_id: int, count: int, words: list[str], chance: random.Random) -> None:
    """Challenges and ideas, written past the unit of work."""
    with transaction():
        first = challenges.by_id(first_id)
        now = clock.now()
        unlike = {"id", "public_id", "thread_id", "panel_thread_id", "file_set_id"}
        columns = {c.name: getattr(first, c.name) for c in Challenge.__table__.columns if c.name not in unlike}
        made = [columns | {"public_id": ids.public_id(), "title": f"Question {n}?"} for n in range(CHALLENGES - 1)]
        insert_many(Challenge, made)
        numbers = list(db.session.scalars(sa.select(Challenge.id).order_by(Challenge.id)))
        lines = [{"challenge_id": number, "kind": "circle", "value": "staff"} for number in numbers if number != first_id]
        insert_many(Audience, lines)
        weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(len(words))))
        ideas: list[dict[str, Any]] = []
        for number in range(count):
            said = chance.choices(words, cum_weights=weights, k=LENGTH + 6)
            sent = now - timedelta(minutes=count - number)
            ideas.append(
                {
                    "public_id": ids.public_id(),
                    "challenge_id": numbers[number % CHALLENGES],
                    "title": " ".join(said[:6]),
                    "text": " ".join(said[6:]) + ".",
                    "language": "en",
                    "state": "submitted",
                    "visibility": "audience",
                    "revision_no": 1,
                    "created_at": sent,
                    "saved_at": sent,
                    "submitted_at": sent,
                    "circle": "staff",
                }
            )
        insert_many(Idea, ideas)


def analyse() -> None:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


if __name__ == "__main__":
    main()
