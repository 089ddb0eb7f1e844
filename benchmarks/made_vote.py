"""A made vote, always the same, written straight into the tables: no verb is called a million times.

Everybody of 10,000 people votes on 100 of the ideas, drawn at random; an idea is supported with its quality's chance, drawn
from Beta(2, 3). The people are of 100 groups of one size: 50 departments inside the house, 50 organisations outside it.
Whoever voted has one view of the idea.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import select

from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea
from innovation.kernel import clock
from innovation.kernel.db import db, insert_many
from innovation.kernel.usecase import transaction
from innovation.people.models import Person
from innovation.voting.models import BallotRow
from innovation.voting.service import counting
from tests.support.world import World

SEED: Final = 20_260_501
PEOPLE: Final = 10_000
EACH: Final = 100
GROUPS: Final = 100

VOTE: Final = ("person_id", "idea_id", "value", "weight", "revision_no", "circle", "group_key", "cast_at")
VIEW: Final = ("person_id", "idea_id", "how", "circle", "group_key", "seen_at")


def challenge_with(world: World, ideas: int) -> tuple[Challenge, list[int]]:
    """A published challenge with a yes-or-no ballot and so many ideas; their ids."""
    made = world.ballot("yes_no")
    author = world.person()
    with transaction():
        now = clock.now()
        rows = [
            {
                "challenge_id": made.id,
                "title": f"Idea {number}",
                "text": "A paragraph of **text** that says what it is about. " * 8,
                "state": "submitted",
                "visibility": "audience",
                "revision_no": 1,
                "created_at": now,
                "saved_at": now,
                "submitted_at": now - timedelta(days=1, seconds=ideas - number),
            }
            for number in range(ideas)
        ]
        insert_many(Idea, rows)
        ids = list(db.session.scalars(select(Idea.id).where(Idea.challenge_id == made.id).order_by(Idea.id)))
        insert_many(
            Author,
            [{"idea_id": each, "person_id": author.person_id, "position": 1, "accepted_at": now} for each in ids],
        )
    return world.again(made), ids


def write(challenge_id: int, ideas: Sequence[int]) -> int:
    """Views, votes, ballots and tallies of the made vote, and PostgreSQL's statistics. Returns how many votes."""
    with transaction():
        now = clock.now() - timedelta(hours=1)
        insert_many(Person, [{"name": f"Voter {n}", "created_at": now} for n in range(PEOPLE)])
        people = list(db.session.scalars(select(Person.id).where(Person.name.like("Voter %")).order_by(Person.id)))
        standing = {person: _stands(n) for n, person in enumerate(people)}
        insert_many(
            BallotRow,
            [
                {"challenge_id": challenge_id, "person_id": person, "circle": circle, "group_key": key}
                | {"first_at": now, "changed_at": now}
                for person, (circle, key) in standing.items()
            ],
        )
        cast = list(_cast(people, ideas))
        at = now.replace(tzinfo=None).isoformat(" ", "microseconds")
        _copy("view", VIEW, ((who, idea, "voted", *standing[who], at) for who, idea, _ in cast))
        _copy("vote", VOTE, ((who, idea, value, 1, 1, *standing[who], at) for who, idea, value in cast))
    with transaction():
        counting.recount(ideas)
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # It does so by itself in time: what it knows of a table that was empty a moment ago is of no vote. SQLite keeps
            # no statistics unless it is asked, and nothing here asks.
            connection.exec_driver_sql("VACUUM ANALYZE")
    return len(cast)


def _stands(number: int) -> tuple[str, str]:
    """Circle and group of a voter."""
    group = number % GROUPS
    return ("staff", f"d{group}") if group < GROUPS // 2 else ("partner", f"o{group}")


def _cast(people: Sequence[int], ideas: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """(person, idea, 1 or -1), person after person."""
    chance = np.random.Generator(np.random.PCG64(SEED))
    quality = chance.beta(2, 3, len(ideas))
    for person in people:
        chosen = chance.choice(len(ideas), EACH, replace=False, shuffle=False)
        liked = chance.random(EACH) < quality[chosen]
        for at, yes in zip(chosen.tolist(), liked.tolist(), strict=True):
            yield person, ideas[at], 1 if yes else -1


def _copy(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write many rows by the quickest way that the database has."""
    connection = db.session.connection()
    names = ", ".join(columns)
    cursor = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", list(rows))
