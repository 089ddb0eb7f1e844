"""An election held elsewhere becomes people, ballots and a result: once, by the rule named, and without a word to anyone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from innovation.challenges.models import Challenge
from innovation.exchange.service import loading
from innovation.exchange.service.pabulib import read
from innovation.ideas.models import Idea
from innovation.insight import queries as insight
from innovation.kernel import queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, Event
from innovation.notifications.models import Message
from innovation.people.models import CircleMembership, Credential, EmailAddress, Person
from innovation.promotion.models import Decision, Round, Run
from innovation.promotion.service import queueing
from innovation.voting.models import BallotRow, Tally, View, Vote, VoteChange
from tests.support.world import World

HEAD = """META
key;value
description;Ideas for Harbour Town
unit;Harbour Town
instance;2024
num_projects;4
num_votes;5
budget;1000.50
vote_type;{kind}
date_begin;01.03.2024
date_end;15.03.2024
currency;EUR
PROJECTS
project_id;cost;name
p1;800;Trees
p2;300;Lamps
p3;200.50;Benches
p4;1;A bell
VOTES
"""
APPROVALS = """voter_id;vote;neighborhood
a;p1,p2;Centre
b;p1,p2;Centre
c;p1;
d;p2,p3;North
e;p1;North
"""
POINTS = """voter_id;vote;points
a;p1,p2;2,8
b;p1;3
c;p3;10
d;p4;1
e;p4;1
"""


def election(path: Path, votes: str = APPROVALS, kind: str = "approval") -> Path:
    file = path / "town.pb"
    file.write_text(HEAD.format(kind=kind) + votes, "utf-8")
    return file


def take_in(file: Path, rule: str = "greedy-skip") -> loading.Load:
    return loading.load(read(file, rule), actor=house(Origin.IMPORT))


def promote() -> None:
    """What the clock and the workers do, until nothing is due."""
    while queueing.queue_due(actor=house(Origin.CLOCK)) + queue.settle():
        pass
    db.session.rollback()


def counts() -> dict[str, int]:
    db.session.rollback()
    models = (Person, CircleMembership, Challenge, Idea, Vote, VoteChange, View, BallotRow, Tally, Round, Event, Delivery)
    return {model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) or 0 for model in models}


def the_challenge() -> Challenge:
    db.session.rollback()
    return db.session.scalars(select(Challenge)).one()


def tallies(*columns: str) -> dict[str, tuple[int, ...]]:
    rows = db.session.execute(
        select(Idea.foreign_id, *(getattr(Tally, name) for name in columns)).join(Tally, Tally.idea_id == Idea.id)
    )
    return {str(row[0]): tuple(row[1:]) for row in rows}


def winners() -> set[str]:
    rows = db.session.execute(select(Idea.foreign_id).join(Decision, Decision.idea_id == Idea.id).where(Decision.promoted))
    return {str(foreign_id) for (foreign_id,) in rows}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return election(tmp_path)


def test_everything_becomes_what_it_says(app: Flask, file: Path) -> None:
    load = take_in(file)
    assert load.problems == []
    assert {name: number for name, number in load.new.items() if number} == {
        "programmes": 1,
        "challenges": 1,
        "ideas": 4,
        "people": 5,
        "votes": 8,
        "rounds": 1,
    }
    made = the_challenge()
    assert (made.source, made.foreign_id, made.title) == ("pabulib:town", "town", "Ideas for Harbour Town")
    assert (made.state, made.who_decides, made.ballot, made.ballot_budget) == ("published", "votes", "approval", None)
    assert (made.budget_minor, made.currency) == (100050, "EUR")
    closes = datetime(2024, 3, 15, 23, 59, 59, tzinfo=UTC)
    assert (made.vote_opens_at, made.vote_closes_at) == (datetime(2024, 3, 1, tzinfo=UTC), closes)
    assert made.wall_times["vote_closes"] == "2024-03-15T23:59:59"
    requested = dict(db.session.execute(select(Idea.foreign_id, Idea.requested_minor)).all())
    assert requested == {"p1": 80000, "p2": 30000, "p3": 20050, "p4": 100}
    votes = db.session.execute(
        select(Person.foreign_id, Idea.foreign_id, Vote.value, Vote.group_key, Vote.circle, Vote.cast_at)
        .join(Person, Person.id == Vote.person_id)
        .join(Idea, Idea.id == Vote.idea_id)
    )
    assert {tuple(row) for row in votes} == {
        ("a", "p1", 1, "n:Centre", "public", closes),
        ("a", "p2", 1, "n:Centre", "public", closes),
        ("b", "p1", 1, "n:Centre", "public", closes),
        ("b", "p2", 1, "n:Centre", "public", closes),
        ("c", "p1", 1, "", "public", closes),
        ("d", "p2", 1, "n:North", "public", closes),
        ("d", "p3", 1, "n:North", "public", closes),
        ("e", "p1", 1, "n:North", "public", closes),
    }
    assert tallies("for_count", "against_count", "value_sum") == {"p1": (4, 0, 4), "p2": (3, 0, 3), "p3": (1, 0, 1)}
    assert insight.mismatches() == []


def test_voters_are_people_without_an_account(app: Flask, file: Path) -> None:
    take_in(file)
    people = db.session.execute(
        select(Person.source, Person.name, CircleMembership.circle, CircleMembership.verified_by)
        .join(CircleMembership, CircleMembership.person_id == Person.id)
        .order_by(Person.name)
    ).all()
    assert [tuple(row) for row in people] == [("pabulib:town", f"Voter {name}", "public", "import") for name in "abcde"]
    assert db.session.scalar(select(func.count()).select_from(Credential)) == 0
    assert db.session.scalar(select(func.count()).select_from(EmailAddress)) == 0


def test_points_and_ranks_add_up(app: Flask, tmp_path: Path) -> None:
    take_in(election(tmp_path, POINTS, "cumulative"))
    assert (the_challenge().ballot, the_challenge().ballot_budget) == ("points", 10)
    assert tallies("for_count", "value_sum", "square_sum") == {
        "p1": (2, 5, 13),
        "p2": (1, 8, 64),
        "p3": (1, 10, 100),
        "p4": (2, 2, 2),
    }


def test_a_second_import_changes_nothing(app: Flask, file: Path) -> None:
    take_in(file)
    before = counts()
    again = take_in(file)
    assert (sum(again.new.values()), again.problems) == (0, [])
    assert counts() == before


def test_the_same_ids_in_two_files_are_two_elections(app: Flask, file: Path) -> None:
    take_in(file)
    take_in(file.rename(file.with_name("village.pb")))
    assert (counts()["person"], counts()["vote"], counts()["challenge"]) == (10, 16, 2)


def test_an_import_that_broke_off_goes_on_and_nothing_is_decided_before(app: Flask, file: Path) -> None:
    def breaks(what: str, done: int, total: int) -> None:
        if what == "voters":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loading.load(read(file), actor=house(Origin.IMPORT), progress=breaks)
    promote()
    assert (counts()["person"], counts()["vote"], counts()["round"]) == (5, 0, 0)
    take_in(file)
    whole = counts()
    assert (whole["person"], whole["vote"], whole["round"]) == (5, 8, 1)
    promote()
    assert the_challenge().state == "decided"


@pytest.mark.parametrize(
    ("rule", "chosen"),
    [("greedy-skip", {"p1", "p3"}), ("greedy-stop", {"p1"}), ("greedy-threshold:3", {"p1"})],
)
def test_the_rule_that_was_named_decides(rule: str, chosen: set[str], app: Flask, file: Path) -> None:
    # Lamps do not fit beside trees; benches do, to the cent's last: 1000.50 of 1000.50.
    take_in(file, rule)
    promote()
    assert winners() == chosen
    assert the_challenge().state == "decided"
    assert db.session.scalars(select(Run.state)).all() == ["announced"]


def test_points_decide_where_points_were_given(app: Flask, tmp_path: Path) -> None:
    take_in(election(tmp_path, POINTS, "cumulative"), "greedy-threshold:5")
    promote()
    assert winners() == {"p2", "p3"}


def test_ballots_that_come_after_the_decision_are_not_taken(app: Flask, file: Path) -> None:
    take_in(file)
    promote()
    before = counts()["vote"]
    file.write_text(file.read_text("utf-8") + "f;p2;North\n", "utf-8")
    again = take_in(file)
    [told, problem] = again.problems
    assert (told.code, problem.reason, problem.lost) == (
        "counts_differ",
        "Ideas for Harbour Town is decided here already; 1 later votes were not taken",
        True,
    )
    assert (counts()["vote"], again.new["votes"]) == (before, 0)


def test_an_import_mails_nobody(world: World, file: Path) -> None:
    take_in(file)
    promote()
    world.settle()
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0
    assert world.letters() == []


# --- the command ---------------------------------------------------------------------------------------------------


def test_the_command_imports_and_says_what_was_new(app: Flask, file: Path) -> None:
    run = app.test_cli_runner().invoke
    done = run(args=["import", "pabulib", str(file), "--rule", "greedy-stop"])
    assert (done.exit_code, done.exception) == (0, None)
    assert "new: 1 programmes, 1 challenges, 4 ideas, 5 people, 8 votes, 1 rounds; 0 remark(s)" in done.output
    assert the_challenge().rule["capacity"] == {"kind": "budget", "overrun": "stop"}


def test_a_dry_run_counts_voters_and_writes_nothing(app: Flask, file: Path) -> None:
    before = counts()
    done = app.test_cli_runner().invoke(args=["import", "pabulib", str(file), "--rule", "greedy-stop", "--dry-run"])
    assert "would be new: 1 challenges, 4 ideas, 5 people; 0 remark(s)" in done.output
    assert counts() == before


@pytest.mark.parametrize(
    ("format", "rule", "says"),
    [
        ("pabulib", [], "--rule is needed: greedy-skip, greedy-stop, greedy-threshold:N or equal-shares"),
        ("pabulib", ["--rule", "greedy"], "greedy is none of greedy-skip"),
        ("csv", ["--rule", "greedy-skip"], "--rule belongs to pabulib alone"),
    ],
)
def test_a_rule_is_needed_and_known_and_for_elections_alone(
    format: str, rule: list[str], says: str, app: Flask, file: Path
) -> None:
    done = app.test_cli_runner().invoke(args=["import", format, str(file), *rule])
    assert done.exit_code == 2
    assert says in done.output
    assert counts()["challenge"] == 0
