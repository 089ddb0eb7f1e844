"""A participatory process of a Decidim site: proposals become ideas, comments keep their place, and nothing is mailed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from innovation.challenges.models import Challenge, Topic
from innovation.discussion.models import Comment, Thread
from innovation.exchange.service import loading
from innovation.exchange.service.decidim import read
from innovation.exchange.service.decidim.proposals import prose
from innovation.ideas.models import Author, Idea
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, Event
from innovation.notifications.models import Message
from innovation.people.models import CircleMembership, Credential, Organisation, Person
from innovation.rules.challenge import WhoDecides
from innovation.rules.idea import IdeaState
from innovation.voting.models import ImportedTally
from tests.support.world import World

URL = "https://town.example/plan/proposals/{}"


def proposal(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "code": f"TOWN-{number}",
        "title": f"Més bancs {number}",
        "summary": "Cal posar bancs als carrers.",
        "created_at": "03/02/2016",
        "source": "citizen",
        "status": "accepted",
        "url": URL.format(number),
        "author_id": 7,
        "total_votes": 4,
        "category": "Streets",
        "subcategory": "Seats ",
        "district": "North",
    } | more


def comment(number: int, on: int, *above: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "commentable_id": on,
        "ancestry": "/".join(map(str, above)) or None,
        "alignment": None if above else 1,
        "body": f"<p>Hay que hacerlo {number}</p>",
        "created_at": "04/02/2016 10:11:12",
        "hidden": False,
        "flagged": False,
        "total_likes": 2,
        "total_dislikes": 1,
        "as": None,
        "author_id": 8,
    } | more


def folder(path: Path, proposals: list[Any], comments: list[Any]) -> Path:
    for name, rows in (("proposals", proposals), ("comments", comments)):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (path / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    return path


def imported(path: Path) -> tuple[dict[str, int], list[str]]:
    load = loading.load(read(path), actor=house(Origin.IMPORT))
    return {name: number for name, number in load.new.items() if number}, [each.reason for each in load.problems]


def said(foreign_id: str) -> Comment:
    return db.session.scalars(
        select(Comment).options(joinedload(Comment.person)).where(Comment.foreign_id == foreign_id)
    ).one()


def test_a_process_becomes_one_challenge_with_its_ideas_and_talks(world: World, tmp_path: Path) -> None:
    path = folder(tmp_path, [proposal(1), proposal(2)], [comment(10, 1), comment(11, 1, 10), comment(12, 1, 10, 11)])
    new, odd = imported(path)
    assert new == {"people": 2, "programmes": 1, "challenges": 1, "ideas": 2, "comments": 3}
    assert odd == []
    challenge = db.session.scalars(select(Challenge)).one()
    assert (challenge.source, challenge.foreign_id) == ("decidim:town.example/plan", "town.example/plan")
    assert (challenge.language, challenge.who_decides) == ("ca", WhoDecides.SPONSOR)
    assert challenge.closes_at == datetime(2016, 2, 3, 23, tzinfo=UTC)
    assert db.session.scalars(select(Topic.topic)).all() == ["Streets"]
    idea = db.session.scalars(select(Idea).where(Idea.foreign_id == "1")).one()
    assert (idea.title, idea.language) == ("Més bancs 1", "ca")
    assert idea.text == "Cal posar bancs als carrers.\n\n*Streets · Seats · North*"
    assert idea.submitted_at == datetime(2016, 2, 2, 23, tzinfo=UTC)
    assert [said(name).depth for name in ("10", "11", "12")] == [0, 1, 2]
    third = said("12")
    assert (third.path.startswith(said("11").path), third.parent_id) == (True, said("11").id)
    assert (third.language, third.likes, third.dislikes, third.text_format) == ("es", 2, 1, "html")
    assert third.made_at == datetime(2016, 2, 4, 9, 11, 12, tzinfo=UTC)
    assert [said(name).alignment for name in ("10", "11")] == [1, None]
    thread = db.session.scalars(select(Thread)).one()
    assert (thread.comments, thread.idea_id, idea.thread_id) == (3, idea.id, thread.id)
    assert db.session.scalar(select(ImportedTally.for_weight).where(ImportedTally.idea_id == idea.id)) == 4


def test_the_published_outcome_is_not_read(world: World, tmp_path: Path) -> None:
    imported(folder(tmp_path, [proposal(1, status="accepted"), proposal(2, status="rejected")], []))
    assert set(db.session.scalars(select(Idea.state))) == {IdeaState.SUBMITTED}


def test_a_second_import_changes_nothing_and_a_later_one_brings_what_is_new(world: World, tmp_path: Path) -> None:
    talk = [comment(10, 1), comment(11, 1, 10)]
    imported(folder(tmp_path, [proposal(1)], talk))
    before = db.session.execute(select(Comment.id, Comment.path, Comment.text).order_by(Comment.id)).all()
    assert imported(tmp_path) == ({}, [])
    assert db.session.execute(select(Comment.id, Comment.path, Comment.text).order_by(Comment.id)).all() == before
    new, _odd = imported(folder(tmp_path, [proposal(1)], [*talk, comment(12, 1, 10, 11)]))
    assert new == {"comments": 1}
    assert (said("12").depth, db.session.scalar(select(Thread.comments))) == (2, 3)


def test_an_import_mails_nobody_and_gives_nobody_an_account(world: World, tmp_path: Path) -> None:
    imported(folder(tmp_path, [proposal(1)], [comment(10, 1)]))
    world.settle()
    for table in (Message, Credential):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert set(db.session.scalars(select(Event.origin))) == {Origin.IMPORT}
    assert set(db.session.scalars(select(Delivery.state))) <= {"done"}
    happened = db.session.scalars(select(Event.occurred_at).where(Event.name == "IdeaSubmitted")).all()
    assert happened == [datetime(2016, 2, 2, 23, tzinfo=UTC)]


def test_whoever_speaks_is_what_the_source_says(world: World, tmp_path: Path) -> None:
    proposals = [
        proposal(1, source="citizen", author_id=5),
        proposal(2, source="organization", author_id=6),
        proposal(3, source="meeting", author_id=None),
        proposal(4, source="official", author_id=1),
    ]
    imported(folder(tmp_path, proposals, [comment(10, 1, **{"as": "organization", "author_id": 9})]))
    rows = db.session.execute(
        select(Idea.foreign_id, Person.name).join(Author, Author.idea_id == Idea.id).join(Person).order_by(Idea.foreign_id)
    )
    assert [tuple(row) for row in rows] == [
        ("1", "Citizen 5"),
        ("2", "Organisation 6"),
        ("3", "Meetings"),
        ("4", "Institution 1"),
    ]
    works = select(Organisation.name).join(CircleMembership).order_by(Organisation.name)
    assert db.session.scalars(works).all() == ["Institution 1", "Organisation 6", "Organisation 9"]
    speaker = said("10").person
    assert speaker is not None
    assert speaker.name == "Organisation 9"


def test_an_answer_to_what_is_not_there_stands_at_the_top_and_says_so(world: World, tmp_path: Path) -> None:
    talk = [
        comment(10, 1, 9),
        comment(11, 1, 9, 10),
        comment(12, 2),
        comment(13, 1, 12),
        comment(14, 1, 15),
        comment(15, 1, 14),
    ]
    new, odd = imported(folder(tmp_path, [proposal(1), proposal(2)], talk))
    assert new["comments"] == 6
    assert odd == [
        f"comment {one} answers {other}, which is not on the same idea here; it stands at the top and says so"
        for one, other in ((10, 9), (13, 12), (15, 14))
    ]
    assert {name: said(name).depth for name in ("10", "11", "12", "13", "15", "14")} == {
        "10": 0,
        "11": 1,
        "12": 0,
        "13": 0,
        "15": 0,
        "14": 1,
    }
    assert (
        said("10").text == "<p><em>Responde a un comentario que no se ha importado (9).</em></p>\n<p>Hay que hacerlo 10</p>"
    )


def test_a_comment_before_what_it_answers_still_stands_below_it(world: World, tmp_path: Path) -> None:
    new, odd = imported(folder(tmp_path, [proposal(1)], [comment(11, 1, 10), comment(10, 1)]))
    assert (new["comments"], odd, said("11").parent_id) == (2, [], said("10").id)


def test_what_was_hidden_or_flagged_stays_hidden(world: World, tmp_path: Path) -> None:
    talk = [comment(10, 1, hidden=True), comment(11, 1, flagged=True), comment(12, 1)]
    _new, odd = imported(folder(tmp_path, [proposal(1)], talk))
    assert [said(name).hidden_at is not None for name in ("10", "11", "12")] == [True, True, False]
    assert db.session.scalar(select(Thread.comments)) == 1
    assert odd == [f"comment {name} was hidden or flagged there; it is kept and not shown" for name in (10, 11)]
    idea = db.session.scalars(select(Idea)).one()
    address = f"/ideas/{idea.public_id}"
    db.session.rollback()
    page = world.browser(world.person()).get(address).get_data(as_text=True)
    assert [f"Hay que hacerlo {number}" in page for number in (10, 11, 12)] == [False, False, True]


def test_a_hostile_comment_is_kept_and_shown_clean(world: World, tmp_path: Path) -> None:
    body = '<p onclick="x()">Hay <b>dos</b><script>bad()</script><a href="javascript:bad()">aquí</a></p>'
    imported(folder(tmp_path, [proposal(1)], [comment(10, 1, body=body)]))
    assert said("10").text == body
    idea = db.session.scalars(select(Idea)).one()
    address = f"/ideas/{idea.public_id}"
    db.session.rollback()
    page = world.browser(world.person()).get(address).get_data(as_text=True)
    assert [word in page for word in ("<strong>dos</strong>", "bad()", "onclick")] == [True, False, False]


def test_whatever_is_odd_is_told(world: World, tmp_path: Path) -> None:
    proposals: list[Any] = [
        proposal(1),
        proposal(1),
        "not json",
        "[]",
        proposal(2, title="", created_at="yesterday", total_votes=-1, source="robot", author_id=None),
        {"title": "No id"},
    ]
    comments = [
        comment(10, 1),
        comment(10, 1),
        comment(11, 99),
        comment(12, 1, alignment=5, body="<p></p>", created_at="27/03/2016 02:30:00", author_id=None),
    ]
    new, odd = imported(folder(tmp_path, proposals, comments))
    assert (new["ideas"], new["comments"]) == (2, 2)
    assert odd == [
        "cannot be read as a line of JSON: Expecting value: line 1 column 1 (char 0)",
        "cannot be read as a line of JSON: not an object",
        "proposal 1 appears twice; the first one counts",
        "title is empty",
        "source 'robot' is none of official, organization, citizen, meeting",
        "author_id is empty",
        "created_at 'yesterday' is not a date and time; it is left open",
        "total_votes '-1' is not a whole number from 0",
        "id is empty",
        "comment 10 appears twice; the first one counts",
        "commentable_id 99 is not among the proposals",
        "body is empty",
        "alignment '5' is none of -1, 0, 1",
        "author_id is empty",
        "created_at '27/03/2016 02:30:00' does not exist in Europe/Madrid (clocks go forward); an hour later is taken",
    ]


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    bundle = read(tmp_path)
    assert [each.reason for each in bundle.problems] == ["proposals.jsonl is not there", "comments.jsonl is not there"]
    assert bundle.challenges == ()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("One line", "One line"),
        ("A sentence.\r\nAnother one.", "A sentence.\n\nAnother one."),
        ("Broken in\r\nthe middle", "Broken in\nthe middle"),
        ("We ask:\r\n- one\r\n- two", "We ask:\n\n- one\n- two"),
        ("We ask\r\n2) two\r\n3) three", "We ask\n\n2) two\n3) three"),
        ("# no heading\n    no code", "\\# no heading\nno code"),
        ("A title\n---", "A title\n\\---"),
        ("a\n\n\n\nb\n\n", "a\n\nb"),
    ],
)
def test_plain_lines_become_the_markdown_they_were_meant_to_be(typed: str, kept: str) -> None:
    assert prose(typed) == kept
