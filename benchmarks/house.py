"""Figures of the house, as ratios within one run: ``python benchmarks/house.py`` prints the table of RESULTS.md.

The floor is the same application's ``/health`` (one query, no template): what a request costs before anything is shown.
"""

from __future__ import annotations

import itertools
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask.testing import FlaskClient

from innovation.app import create_app
from innovation.challenges import queries as challenges
from innovation.ideas.service.importing import take_in_idea
from innovation.kernel import clock, migrate
from innovation.kernel.actor import Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.settings import Settings
from tests.conftest import counting
from tests.support.world import World

ROUNDS = 60
IDEAS = (10, 10_000)


def median_ms(act: Callable[[], Any], rounds: int = ROUNDS) -> float:
    act()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(home=Path(folder), secret_key="x", testing=True, rate_limits=False))
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            migrate.upgrade()
            world = World(app)
            prepared = {count: prepare(world, count) for count in IDEAS}
            client = world.sign_in(app.test_client(), world.person("Voter"))
        # Outside any context, as a server does it: inside one, who is signed in would be remembered between requests.
        rows = [measure(client, challenge, count) for count, challenge in prepared.items()]
        print("| ideas in the challenge | floor ms | list of 25, ms (x floor) | SQL | vote ms (x floor) | SQL |")
        print("| --- | --- | --- | --- | --- | --- |")
        for row in rows:
            print("| " + " | ".join(row) + " |")


def prepare(world: World, count: int) -> str:
    """A challenge with so many ideas; its public id."""
    challenge = world.challenge()
    author = world.person(circle=Circle.STAFF)
    with transaction():
        row = challenges.by_id(challenge.id)
        for number in range(count):
            take_in_idea(
                actor=house(Origin.IMPORT),
                challenge=row,
                source="benchmark",
                foreign_id=f"{challenge.id}-{number}",
                title=f"Idea {number}",
                text="A paragraph of **text** that says what it is about. " * 8,
                requested_minor=None,
                language="en",
                url="",
                author_ids=[author.person_id or 0],
                submitted_at=clock.now() - timedelta(seconds=count - number),
                withdrawn=False,
            )
    db.session.expire_all()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    return str(challenges.by_id(challenge.id).public_id)


def measure(client: FlaskClient, challenge: str, count: int) -> list[str]:
    """One row of the table."""
    page = f"/challenges/{challenge}/ideas"
    listed = client.get(page).get_data(as_text=True)
    found = re.search(r"/ideas/(\w{10})/vote", listed)
    assert found is not None, "the page shows no vote"
    votes = itertools.cycle([1, 0])

    def vote() -> None:
        answer = client.post(f"/ideas/{found[1]}/vote", data={"value": str(next(votes))})
        assert answer.status_code == 303, answer.status_code

    with counting() as of_list:
        assert client.get(page).status_code == 200
    vote()
    with counting() as of_vote:
        vote()
    floor = median_ms(lambda: client.get("/health"))
    listing, voting = median_ms(lambda: client.get(page)), median_ms(vote)
    return [
        f"{count:,}",
        f"{floor:.2f}",
        f"{listing:.1f} ({listing / floor:.1f})",
        str(len(of_list)),
        f"{voting:.1f} ({voting / floor:.1f})",
        str(len(of_vote)),
    ]


if __name__ == "__main__":
    main()
