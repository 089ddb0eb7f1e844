"""A database that stands at an earlier revision, with votes in it, comes along."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Connection, DateTime, Integer, MetaData, String, Table, insert, select

from innovation.app import create_app
from innovation.challenges.models import Challenge
from innovation.kernel import migrate
from innovation.kernel.db import db
from innovation.settings import Settings
from innovation.voting import queries as voting
from innovation.voting.models import BallotRow, View, Vote, VoteChange
from tests.services import postgres

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _fill(connection: Connection, table: str, **values: Any) -> int:
    """Insert a row with what was given, and something of the right type for every other column that must have a value."""
    found = Table(table, MetaData(), autoload_with=connection)
    plain: tuple[tuple[type, Any], ...] = ((Boolean, False), (DateTime, NOON), (JSON, {}), (Integer, 0), (String, ""))
    row = {
        column.name: next(value for kind, value in plain if isinstance(column.type, kind))
        for column in found.columns
        if not column.nullable and not column.primary_key
    } | values
    if connection.dialect.name == "sqlite":
        row = {name: value.replace(tzinfo=None) if isinstance(value, datetime) else value for name, value in row.items()}
    key = connection.execute(insert(found).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _at_first_revision(connection: Connection) -> tuple[int, int, list[int]]:
    """Three ideas of two challenges, three voters, and tallies as the first revision kept them."""
    people = [
        _fill(connection, "person", public_id=f"person{n}", name=f"Person {n}", language="en", theme="auto")
        for n in range(3)
    ]
    programme = _fill(connection, "programme", public_id="programme")
    challenges, ideas = [], []
    for number, count in ((0, 2), (1, 1)):
        words = {"state": "published", "text_format": "markdown", "language": "en", "visibility": "open"}
        words |= {"who_decides": "votes", "ballot": "yes_no", "public_id": f"challenge{number}"}
        challenges.append(_fill(connection, "challenge", programme_id=programme, **words))
        for n in range(count):
            state = {"state": "submitted", "visibility": "audience", "submitted_at": NOON, "public_id": f"idea{number}{n}"}
            ideas.append(_fill(connection, "idea", challenge_id=challenges[-1], **state))
    cast: list[tuple[int, int, int, int, str | None, int | None]] = [
        (0, 0, 1, 3, "staff", 7),
        (0, 1, -1, 1, "staff", 7),
        (1, 0, -1, 2, "public", None),
        (2, 0, 0, 1, "expert", None),
        (2, 2, 1, 1, None, None),
    ]
    for at, (person, idea, value, weight, circle, organisation) in enumerate(cast):
        row: dict[str, Any] = {"value": value, "weight": weight, "circle": circle, "organisation_id": organisation}
        moment = NOON + timedelta(hours=at)
        _fill(connection, "vote", person_id=people[person], idea_id=ideas[idea], revision_no=1, cast_at=moment, **row)
    _fill(connection, "vote_change", person_id=people[2], idea_id=ideas[0], before=1, after=0)
    for idea, counts in zip(ideas, ((1, 1, 3, 2), (0, 1, 0, 1), (1, 0, 1, 0)), strict=True):
        names = ("for_count", "against_count", "for_weight", "against_weight")
        _fill(connection, "tally", idea_id=idea, **dict(zip(names, counts, strict=True)))
    return challenges[0], challenges[1], ideas


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, worker_id: str) -> Any:
    if request.param == "sqlite":
        yield ""
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    server.create_database(f"upgraded_{worker_id}")
    yield server.url(f"upgraded_{worker_id}")
    server.drop_database(f"upgraded_{worker_id}")


def test_votes_of_the_first_revision_get_ballots_views_groups_and_right_tallies(address: str, tmp_path: Path) -> None:
    app = create_app(Settings(home=tmp_path, database_url=address, secret_key="x", testing=True))
    with app.app_context():
        migrate.upgrade("0001")
        with db.engine.begin() as connection:
            one, two, ideas = _at_first_revision(connection)
        migrate.upgrade()
        assert migrate.is_current()
        assert voting.kept(one) == voting.recount(one)
        assert voting.kept(two) == voting.recount(two) == {ideas[2]: (1, 0, 1, 0, 1, 1, 1)}
        assert voting.kept(one) == {ideas[0]: (1, 1, 3, 2, 1, 5, 3), ideas[1]: (0, 1, 0, 1, -1, 1, 1)}
        ballots = select(BallotRow).order_by(BallotRow.challenge_id, BallotRow.person_id)
        found = [
            (row.challenge_id, row.circle, row.group_key, row.first_at, row.changed_at, row.removed_at)
            for row in db.session.scalars(ballots)
        ]
        hours = [NOON + timedelta(hours=n) for n in range(5)]
        assert found == [
            (one, "staff", "o7", hours[0], hours[1], None),
            (one, "public", "u", hours[2], hours[2], None),
            (one, "expert", "c:expert", hours[3], hours[3], None),
            (two, None, "", hours[4], hours[4], None),
        ]
        columns = (View.person_id, View.idea_id, View.group_key, View.seen_at)
        views = db.session.execute(select(*columns).order_by(View.person_id, View.idea_id)).all()
        same = select(Vote.person_id, Vote.idea_id, Vote.group_key, Vote.cast_at).order_by(Vote.person_id, Vote.idea_id)
        assert views == db.session.execute(same).all()
        assert set(db.session.scalars(select(View.how))) == {"voted"}
        assert list(db.session.scalars(select(VoteChange.cause))) == ["person"]
        row = db.session.get_one(Challenge, one)
        assert (row.totals_shown, row.names_hidden, row.record_for, row.ballot_budget) == ("closed", False, "sponsor", None)
        assert (voting.turnout(one), voting.turnout(two)) == (3, 1)
        db.session.remove()
        db.engine.dispose()
