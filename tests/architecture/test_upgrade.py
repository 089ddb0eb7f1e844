"""A database that stands at an earlier revision, with votes in it, comes along."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
    update,
)

from innovation.app import create_app
from innovation.challenges.models import Challenge
from innovation.kernel import migrate
from innovation.kernel.db import db
from innovation.kernel.lifecycle import Passage
from innovation.projects.models import Check, Gate, GateDecision, Member, Milestone, Project
from innovation.settings import Settings
from innovation.voting import queries as voting
from innovation.voting.models import BallotRow, View, Vote, VoteChange
from tests.services import postgres

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _fill(connection: Connection, table: str, **values: Any) -> int:
    """Insert a row with what was given, and something of the right type for every other column that must have a value."""
    found = Table(table, MetaData(), autoload_with=connection)
    plain: tuple[tuple[type, Any], ...] = (
        (Boolean, False),
        (DateTime, NOON),
        (Date, NOON.date()),
        (JSON, {}),
        (Integer, 0),
        (String, ""),
    )
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


def _at_second_revision(connection: Connection) -> None:
    """A project that passed its first gate and one that was stopped at it, with a member and a milestone each."""
    person = _fill(connection, "person", public_id="person0", name="Person", language="en", theme="auto")
    programme = _fill(connection, "programme", public_id="programme")
    words = {"state": "published", "text_format": "markdown", "language": "en", "visibility": "open", "ballot": "yes_no"}
    rules = {"who_decides": "votes", "totals_shown": "closed", "record_for": "sponsor", "public_id": "challenge0"}
    challenge = _fill(connection, "challenge", programme_id=programme, **(words | rules))
    _fill(connection, "circle_membership", person_id=person, circle="partner", verified_by="manager", valid_from=NOON)
    for number, (project_state, gate_state) in enumerate((("running", "passed"), ("stopped", "stopped"))):
        where: dict[str, Any] = {"challenge_id": challenge, "visibility": "audience"}
        idea = _fill(connection, "idea", state="promoted", submitted_at=NOON, public_id=f"idea{number}", **where)
        _fill(connection, "author", idea_id=idea, person_id=person, position=1)
        belongs = where | {"programme_id": programme, "idea_id": idea, "started_at": NOON, "due_at": NOON}
        project = _fill(connection, "project", state=project_state, public_id=f"project{number}", currency="EUR", **belongs)
        _fill(connection, "member", project_id=project, person_id=person, role="lead")
        _fill(connection, "milestone", project_id=project, title="Pump", due_on=NOON.date())
        for position, (key, state) in enumerate((("frame", gate_state), ("build", "ahead")), start=1):
            said: dict[str, Any] = {"decided_at": NOON, "decided_by": person, "reason": "So."} if position == 1 else {}
            gate = {"project_id": project, "position": position, "key": key, "state": state, "due_at": NOON}
            _fill(connection, "gate", **(gate | said))
        passage = {"subject_kind": "project", "subject_id": project, "programme_id": programme, "challenge_id": challenge}
        _fill(connection, "passage", stage="project_running", entered_at=NOON, entered_event_id=number, **passage)


def test_projects_of_the_second_revision_get_decisions_checklists_and_where_they_belong(
    address: str, tmp_path: Path
) -> None:
    app = create_app(Settings(home=tmp_path, database_url=address, secret_key="x", testing=True))
    with app.app_context():
        migrate.upgrade("0002")
        with db.engine.begin() as connection:
            _at_second_revision(connection)
        for _ in range(2):
            migrate.upgrade()
            decided = select(GateDecision.number, GateDecision.verdict, GateDecision.reason, GateDecision.decided_as)
            assert db.session.execute(decided.order_by(GateDecision.id)).all() == [
                (1, "pass", "So.", "keeper"),
                (1, "stop", "So.", "keeper"),
            ]
            ticked = select(Gate.state, Gate.key, func.count(), func.count(Check.done_at)).join(
                Check, Check.gate_id == Gate.id
            )
            found = db.session.execute(ticked.group_by(Gate.state, Gate.key).order_by(Gate.state, Gate.key)).all()
            assert found == [("ahead", "build", 4, 0), ("passed", "frame", 3, 3), ("stopped", "frame", 3, 0)]
            assert set(db.session.scalars(select(Member.accepted_at))) == {NOON}
            assert set(db.session.scalars(select(Milestone.planned_on))) == {NOON.date()}
            assert db.session.execute(select(Passage.circle, Passage.from_stage).distinct()).all() == [("partner", "")]
            kept = select(Project.process_key, Project.process_version, Gate.keeper, Gate.answer_days)
            assert db.session.execute(kept.join(Gate, Gate.project_id == Project.id).distinct()).all() == [
                ("six_weeks", 1, "sponsor", 5)
            ]
            db.session.remove()
            with db.engine.begin() as connection:
                connection.execute(update(Gate).where(Gate.key == "build").values(state="held"))
                connection.execute(update(Project).where(Project.public_id == "project0").values(state="adopted"))
            migrate.downgrade("0002")
            with db.engine.begin() as connection:
                table = Table("gate", MetaData(), autoload_with=connection)
                connection.execute(update(table).where(table.c.state == "open").values(state="ahead"))
        db.session.remove()
        db.engine.dispose()
