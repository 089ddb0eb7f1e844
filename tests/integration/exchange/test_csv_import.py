"""A folder of CSV files becomes people, challenges, ideas and tallies: once, row by row, and without a word to anyone."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from innovation.challenges.models import Challenge, Programme
from innovation.exchange.service import loading
from innovation.exchange.service.csv_files import read
from innovation.ideas import queries as ideas
from innovation.ideas.models import Author, Idea
from innovation.insight import queries as insight
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, Event
from innovation.notifications.models import Message
from innovation.people import queries as people
from innovation.people.models import CircleMembership, EmailAddress, Person
from innovation.voting import queries as voting
from innovation.voting.models import Tally
from tests.support.world import World

FILES = {
    "people.csv": """email,name,organisation,department,circle,language
ann@example.org,Ann Adams,,Water,staff,nl
Bob@Example.org,Bob Brown,Partner Ltd,,partner,en
""",
    "challenges.csv": """id,title,question,brief,brief_format,sponsor,opens,closes,zone,budget,currency
c1,Cooling,How do we cool?,# Brief,markdown,Plant,2026-01-05,2026-02-05,Europe/Amsterdam,1000.50,EUR
c2,Dust,How do we catch dust?,<p>Old <b>brief</b></p>,html,Plant,2026-01-05 09:00,2026-02-05 17:00,UTC,,
""",
    "ideas.csv": """id,challenge,title,text,requested,authors,state,submitted
i1,c1,Dry coolers,With *two* fans.,250.25,ann@example.org|BOB@example.org,,2026-01-10
i2,c1,Wet coolers,,,Carla,,2026-01-11
i3,c1,Gone,,,ann@example.org,withdrawn,2026-01-12
i4,c2,Filter,,,bob@example.org,,2026-01-13
""",
    "tallies.csv": """idea,for,against,voters,electorate,unit,source
i1,120,30,150,1000,votes,The old place
i2,20,90,110,1000,votes,The old place
""",
}


def folder(path: Path, **changes: str) -> Path:
    """The files above in a folder, some of them changed or (empty) left out."""
    for name, text in (FILES | {f"{key}.csv": value for key, value in changes.items()}).items():
        if text:
            (path / name).write_text(text, "utf-8")
    return path


def take_in(path: Path) -> loading.Load:
    return loading.load(read(path), actor=house(Origin.IMPORT))


def counts() -> dict[str, int]:
    db.session.rollback()
    models = (Person, EmailAddress, Programme, Challenge, Idea, Author, Tally, Event, Delivery, Message)
    return {model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) or 0 for model in models}


def challenge_of(foreign_id: str) -> Challenge:
    return db.session.scalars(select(Challenge).where(Challenge.foreign_id == foreign_id)).one()


def idea_of(foreign_id: str) -> Idea:
    return db.session.scalars(select(Idea).where(Idea.foreign_id == foreign_id)).one()


def test_every_kind_of_row_becomes_what_it_says(app: Flask, tmp_path: Path) -> None:
    load = take_in(folder(tmp_path))
    assert load.problems == []
    assert {key: number for key, number in load.new.items() if number} == {
        "people": 2,
        "programmes": 1,
        "challenges": 2,
        "ideas": 4,
    }
    ann = people.by_email("ANN@example.org")
    assert ann is not None
    assert (ann.name, ann.language) == ("Ann Adams", "nl")
    circles = dict(db.session.execute(select(CircleMembership.person_id, CircleMembership.circle)).all())
    assert circles[ann.id] == "staff"
    cooling, dust = challenge_of("c1"), challenge_of("c2")
    assert (cooling.title, cooling.budget_minor, cooling.currency) == ("Cooling", 100050, "EUR")
    assert cooling.closes_at is not None
    assert cooling.closes_at.isoformat() == "2026-02-05T22:59:59+00:00"
    assert (cooling.who_decides, dust.who_decides) == ("votes", "sponsor")
    assert (dust.text_format, dust.background) == ("html", "<p>Old <b>brief</b></p>")
    idea = idea_of("i1")
    assert (idea.title, idea.text, idea.requested_minor, idea.state) == (
        "Dry coolers",
        "With *two* fans.",
        25025,
        "submitted",
    )
    assert idea_of("i3").state == "withdrawn"
    names = people.names(ideas.author_ids([idea.id])[idea.id])
    assert sorted(names.values()) == ["Ann Adams", "Bob Brown"]
    assert list(people.names(ideas.author_ids([idea_of("i2").id])[idea_of("i2").id]).values()) == ["Carla"]
    totals = voting.totals([idea.id])[idea.id]
    assert (totals.for_weight, totals.against_weight, totals.voters) == (120, 30, 150)
    assert insight.mismatches() == []
    assert insight.funnel(house(Origin.CLI)).stage("submitted").entered == 4


def test_a_second_import_changes_nothing(app: Flask, tmp_path: Path) -> None:
    take_in(folder(tmp_path))
    before = counts()
    again = take_in(tmp_path)
    assert sum(again.new.values()) == 0
    assert again.problems == []
    assert counts() == before


def test_a_later_import_brings_what_is_new(app: Flask, tmp_path: Path) -> None:
    take_in(folder(tmp_path))
    before = counts()
    more = FILES["ideas.csv"] + "i5,c2,Another,,,ann@example.org,,2026-01-14\n"
    again = take_in(folder(tmp_path, ideas=more))
    assert {key: number for key, number in again.new.items() if number} == {"ideas": 1}
    assert counts()["idea"] == before["idea"] + 1
    assert counts()["person"] == before["person"]


def test_broken_rows_are_listed_and_the_rest_is_imported(app: Flask, tmp_path: Path) -> None:
    challenges = FILES["challenges.csv"] + "c3,,,,,,,,,,\nc4,Late,,,,,2026-03-01,2026-02-01,UTC,,\n"
    broken = FILES["ideas.csv"] + "i1,c1,Twice,,,,,\ni6,c1,Dear,,lots,,,\ni7,nowhere,Lost,,,,,\n"
    crowd = FILES["people.csv"] + "not-an-address,Carl,,,staff,en\ndora@example.org,Dora,,,prince,en\n"
    tallies = FILES["tallies.csv"] + "i9,1,2,3,4,votes,The old place\ni4,many,2,3,4,votes,The old place\n"
    load = take_in(folder(tmp_path, challenges=challenges, ideas=broken, people=crowd, tallies=tallies))
    listed = {(each.file, each.line, each.code) for each in load.problems}
    assert {
        ("challenges.csv", 4, "missing_value"),
        ("challenges.csv", 5, "closes_too_early"),
        ("ideas.csv", 6, "twice"),
        ("ideas.csv", 7, "not_money"),
        ("ideas.csv", 8, "unknown_reference"),
        ("people.csv", 4, "not_an_address"),
        ("people.csv", 5, "not_a_word_of"),
        ("tallies.csv", 4, "unknown_reference"),
        ("tallies.csv", 5, "not_whole"),
    } <= listed
    assert all(each.lost and each.reason for each in load.problems)
    assert (load.new["people"], load.new["challenges"], load.new["ideas"]) == (2, 2, 4)


def test_an_address_that_is_somebodys_already_is_listed_and_its_owner_untouched(world: World, tmp_path: Path) -> None:
    here = world.person("Ann")
    load = take_in(folder(tmp_path))
    [problem] = load.problems
    assert (problem.file, problem.line, problem.code, problem.lost) == ("people.csv", 2, "address_taken", True)
    assert problem.reason == "email 'ann@example.org' belongs to somebody who is here already"
    found = people.by_email("ann@example.org")
    assert found is not None
    assert (found.id, found.name, load.new["people"]) == (here.person_id, "Ann", 1)


def test_a_file_that_cannot_be_read_stops_no_other(app: Flask, tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "people.csv").write_bytes("email,name\n".encode("utf-16"))
    (tmp_path / "notes.csv").write_text("what,ever\n1,2\n", "utf-8")
    load = take_in(tmp_path)
    assert {(each.file, each.code) for each in load.problems} == {("people.csv", "not_utf8"), ("notes.csv", "unknown_kind")}
    assert load.new["ideas"] == 4


def test_an_import_mails_nobody(app: Flask, world: World, tmp_path: Path) -> None:
    before = counts()
    take_in(folder(tmp_path))
    world.settle()
    assert counts()["message"] == before["message"] == 0
    assert world.letters() == []


def test_imported_html_is_clean_on_the_page(world: World, tmp_path: Path) -> None:
    evil = (
        FILES["challenges.csv"]
        + "c5,Evil,,<p onclick=x>One<script>alert(1)</script></p>,html,,2026-01-05,2026-02-05,UTC,,\n"
    )
    take_in(folder(tmp_path, challenges=evil))
    page = world.browser(world.manager).get(f"/challenges/{challenge_of('c5').public_id}")
    assert page.status_code == 200
    assert "alert(1)" not in page.get_data(as_text=True)
    assert "<p>One</p>" in page.get_data(as_text=True)


# --- the command ---------------------------------------------------------------------------------------------------


def test_a_dry_run_reports_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    before = counts()
    broken = FILES["ideas.csv"] + "i6,c1,Dear,,lots,,,\n"
    done = app.test_cli_runner().invoke(args=["import", "csv", str(folder(tmp_path, ideas=broken)), "--dry-run"])
    assert done.exit_code == 0
    assert "would be new: 2 challenges, 4 ideas, 2 people; 1 remark(s)" in done.output
    assert "ideas.csv:6: requested 'lots' is not an amount (not imported)" in done.output
    assert counts() == before


def test_the_command_imports_and_says_what_was_new(app: Flask, tmp_path: Path) -> None:
    run = app.test_cli_runner().invoke
    done = run(args=["import", "csv", str(folder(tmp_path))])
    assert (done.exit_code, done.exception) == (0, None)
    assert "new: 2 people, 1 programmes, 2 challenges, 4 ideas; 0 remark(s)" in done.output
    again = run(args=["import", "csv", str(tmp_path)])
    assert "new: nothing; 0 remark(s)" in again.output


@pytest.mark.parametrize("dry", [True, False])
def test_the_command_fails_when_nothing_could_be_imported(dry: bool, app: Flask, tmp_path: Path) -> None:
    (tmp_path / "ideas.csv").write_text("id,challenge,title\ni1,,\n", "utf-8")
    before = counts()
    done = app.test_cli_runner().invoke(args=["import", "csv", str(tmp_path), *(["--dry-run"] if dry else [])])
    assert done.exit_code == 1
    assert "ideas.csv:2:" in done.output
    assert counts() == before
