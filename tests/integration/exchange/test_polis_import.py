"""A conversation held with Polis becomes people, votes with their changes, and views: once, and without a word to anyone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from innovation.challenges.models import Challenge
from innovation.exchange.service import loading
from innovation.exchange.service.polis import read
from innovation.ideas.models import Author, Idea
from innovation.insight import queries as insight
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, Event
from innovation.notifications.models import Message
from innovation.people.models import CircleMembership, Person
from innovation.promotion.service import queueing
from innovation.voting.models import BallotRow, Tally, View, Vote, VoteChange
from tests.support.world import World

START = datetime(2024, 5, 6, 7, 8, 9, 17000, tzinfo=UTC)
SUMMARY = 'topic,Bicycles\nurl,https://example.org/2x\nconversation-description,"More, or *fewer*?"\n'
COMMENTS = ((0, "0", 1, "Racks"), (2, "1", 0, "Lanes"), (3, "7", -1, "Buy mine"))
VOTES = (
    (4, "0", "10", 1),
    (5, "1", "10", 0),
    (6, "0", "11", 0),
    (7, "7", "12", -1),
    (8, "1", "10", 1),
    (9, "0", "10", -1),
    (9.5, "0", "12", 1),
    (9.7, "0", "12", 0),
)
"""Seconds, comment, participant, vote."""


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def ms(seconds: float) -> int:
    return round(at(seconds).timestamp() * 1000)


def conversation(path: Path, *more: tuple[float, str, str, int]) -> Path:
    folder = path / "bicycles"
    folder.mkdir(exist_ok=True)
    (folder / "summary.csv").write_text(SUMMARY, "utf-8")
    rows = "".join(f"{ms(when)},x,{name},10,9,9,{mod},{text}\n" for when, name, mod, text in COMMENTS)
    head = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    (folder / "comments.csv").write_text(head + rows, "utf-8")
    rows = "".join(f"{ms(when)},x,{comment},{who},{vote}\n" for when, comment, who, vote in (*VOTES, *more))
    (folder / "votes.csv").write_text("timestamp,datetime,comment-id,voter-id,vote\n" + rows, "utf-8")
    return folder


def take_in(folder: Path) -> loading.Load:
    return loading.load(read(folder), actor=house(Origin.IMPORT))


def counts() -> dict[str, int]:
    db.session.rollback()
    models = (Person, CircleMembership, Challenge, Idea, Vote, VoteChange, View, BallotRow, Tally, Event, Delivery)
    return {model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) or 0 for model in models}


def the_challenge() -> Challenge:
    db.session.rollback()
    return db.session.scalars(select(Challenge)).one()


def pairs(model: type[Vote] | type[VoteChange] | type[View], *columns: str) -> set[tuple[object, ...]]:
    """Comment, participant and columns of every row."""
    rows = db.session.execute(
        select(Idea.foreign_id, Person.foreign_id, *(getattr(model, name) for name in columns))
        .select_from(model)
        .join(Idea, Idea.id == model.idea_id)
        .join(Person, Person.id == model.person_id)
    )
    return {tuple(row) for row in rows}


def tallies(*columns: str) -> dict[str, tuple[int, ...]]:
    rows = db.session.execute(
        select(Idea.foreign_id, *(getattr(Tally, name) for name in columns)).join(Tally, Tally.idea_id == Idea.id)
    )
    return {str(row[0]): tuple(row[1:]) for row in rows}


def test_everything_becomes_what_it_says(app: Flask, tmp_path: Path) -> None:
    load = take_in(conversation(tmp_path))
    assert [problem.code for problem in load.problems] == ["moderated_out"]
    made = the_challenge()
    assert (made.source, made.title, made.background) == ("polis:bicycles", "Bicycles", "More, or *fewer*?")
    assert (made.state, made.visibility, made.who_decides, made.ballot) == ("published", "open", "votes", "yes_no")
    assert (made.opens_at, made.closes_at) == (at(0), at(4))
    assert (made.vote_opens_at, made.vote_closes_at) == (at(4), at(10.7))
    ideas = db.session.execute(select(Idea.foreign_id, Idea.title, Idea.state, Idea.submitted_at))
    assert {tuple(row) for row in ideas} == {
        ("0", "Racks", "submitted", at(0)),
        ("1", "Lanes", "submitted", at(2)),
        ("7", "Buy mine", "withdrawn", at(3)),
    }
    assert db.session.scalar(select(func.count()).select_from(Author)) == 0
    assert insight.mismatches() == []


def test_the_last_word_counts_and_every_change_is_kept(app: Flask, tmp_path: Path) -> None:
    take_in(conversation(tmp_path))
    assert pairs(Vote, "value", "cast_at") == {
        ("0", "10", -1, at(9)),
        ("0", "12", 0, at(9.7)),
        ("1", "10", 1, at(8)),
        ("7", "12", -1, at(7)),
    }
    assert pairs(VoteChange, "before", "after", "cause", "changed_at") == {
        ("0", "10", 1, -1, "person", at(9)),
        ("0", "12", 1, 0, "person", at(9.7)),
    }


def test_whoever_passed_has_seen_it(app: Flask, tmp_path: Path) -> None:
    take_in(conversation(tmp_path))
    assert pairs(View, "how", "seen_at") == {
        ("0", "10", "import", at(4)),
        ("0", "11", "import", at(6)),
        ("0", "12", "import", at(9.5)),
        ("1", "10", "import", at(5)),
        ("7", "12", "import", at(7)),
    }
    assert tallies("for_count", "against_count", "seen") == {"0": (0, 1, 3), "1": (1, 0, 1), "7": (0, 1, 1)}


def test_a_second_import_changes_nothing(app: Flask, tmp_path: Path) -> None:
    folder = conversation(tmp_path)
    take_in(folder)
    before = counts()
    again = take_in(folder)
    assert sum(again.new.values()) == 0
    assert counts() == before


def test_a_later_export_brings_what_was_said_since(app: Flask, tmp_path: Path) -> None:
    take_in(conversation(tmp_path))
    again = take_in(conversation(tmp_path, (20, "0", "10", 1), (21, "1", "13", -1)))
    assert {name: number for name, number in again.new.items() if number} == {"people": 1, "votes": 2, "views": 1}
    assert pairs(VoteChange, "before", "after") == {("0", "10", 1, -1), ("0", "12", 1, 0), ("0", "10", -1, 1)}
    assert tallies("for_count", "against_count", "seen") == {"0": (1, 0, 3), "1": (1, 1, 2), "7": (0, 1, 1)}
    assert the_challenge().vote_closes_at == at(22)


def test_a_deadline_that_was_moved_here_stays(app: Flask, tmp_path: Path) -> None:
    folder = conversation(tmp_path)
    take_in(folder)
    the_challenge().vote_closes_at = at(5000)
    db.session.commit()
    take_in(folder)
    assert the_challenge().vote_closes_at == at(5000)


def test_the_clock_decides_it_and_a_person_announces(world: World, tmp_path: Path) -> None:
    take_in(conversation(tmp_path))
    world.settle()
    while queueing.queue_due(actor=house(Origin.CLOCK)):
        world.settle()
    db.session.rollback()
    assert the_challenge().frozen_at is not None
    assert the_challenge().state == "published"


def test_an_import_mails_nobody(world: World, tmp_path: Path) -> None:
    take_in(conversation(tmp_path))
    world.settle()
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0
    assert world.letters() == []


@pytest.mark.parametrize("again", [False, True])
def test_the_command_imports_and_says_what_was_new(again: bool, app: Flask, tmp_path: Path) -> None:
    folder = conversation(tmp_path)
    run = app.test_cli_runner().invoke
    done = run(args=["import", "polis", str(folder)])
    assert (done.exit_code, done.exception) == (0, None)
    assert "comments.csv:0: 1 comments were moderated out there" in done.output
    assert "new: 1 programmes, 1 challenges, 3 ideas, 3 people, 5 views, 6 votes; 1 remark(s)" in done.output
    if again:
        assert "new: nothing; 1 remark(s)" in run(args=["import", "polis", str(folder)]).output
