"""The demo programme: as large as it says, decided as its files say, and adding up."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from innovation.challenges.models import Challenge
from innovation.exchange.service import demo
from innovation.ideas.models import Idea
from innovation.insight import queries as insight
from innovation.kernel import queue, sealing
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.notifications.models import Message
from innovation.people.models import Person
from innovation.projects.models import Project
from tests.conftest import _build, _settings

FILES = Path(demo.__file__).parent


@pytest.fixture(scope="module")
def loaded(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A house on SQLite with the demo in it; no test of this module changes it."""
    return _build(_settings(shutil.copytree(demo_home, tmp_path_factory.mktemp("demo") / "home")))


@pytest.fixture
def app(loaded: Flask) -> Iterator[Flask]:
    queue.connect(loaded, "")
    with loaded.app_context():
        yield loaded


def rows(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = next(
        value for value in tomllib.loads((FILES / f"{name}.toml").read_text("utf-8")).values() if isinstance(value, list)
    )
    return found


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_demo_has_as_many_people_as_it_says(app: Flask) -> None:
    assert count(Person) == 1850


def test_the_chosen_of_the_great_challenge_are_those_of_the_file(app: Flask) -> None:
    by_title = {row["title"]: row["fate"] for row in rows("ideas_six-weeks")}
    wanted = {title for title, fate in by_title.items() if fate == "chosen"}
    assert len(wanted) == 16
    great = next(row["title"] for row in rows("challenges") if row["key"] == "six-weeks")
    promoted = db.session.scalars(
        select(Idea.title)
        .join(Challenge, Challenge.id == Idea.challenge_id)
        .where(Challenge.title == great, Idea.state == "promoted")
    )
    assert set(promoted) == wanted


def test_every_idea_ended_as_its_file_says(app: Flask) -> None:
    states = {"chosen": {"promoted"}, "draft": {"draft"}, "withdrawn": {"withdrawn"}}
    challenges = {row["key"]: row for row in rows("challenges")}
    for path in sorted(FILES.glob("ideas_*.toml")):
        challenge = challenges[path.stem.removeprefix("ideas_")]
        for row in rows(path.stem):
            found = db.session.scalars(
                select(Idea.state)
                .join(Challenge, Challenge.id == Idea.challenge_id)
                .where(Idea.title == row["title"], Challenge.title == challenge["title"])
            ).one()
            fate = row["fate"]
            if challenge["state"] != "decided" and fate not in {"draft", "withdrawn"}:
                assert found == "submitted", row["title"]
            elif fate in states:
                assert found in states[fate], row["title"]
            else:
                assert found in {"declined", "parked"}, (row["title"], found, fate)


def test_every_project_stands_where_its_file_says(app: Flask) -> None:
    wanted = {row["title"]: row["state"] for row in rows("projects")}
    found = dict(db.session.execute(select(Project.title, Project.state)).all())
    assert found == wanted


def test_the_funnel_of_the_demo_adds_up(app: Flask) -> None:
    assert insight.mismatches() == []
    funnel = insight.funnel(house(Origin.CLI))
    assert all(each.entered == each.inside + each.left for each in (*funnel.main, *funnel.side))
    assert funnel.stage("promoted").entered == len(rows("projects"))


def test_the_demo_mails_nobody(app: Flask) -> None:
    queue.settle()
    assert count(Message) == 0
    assert not any(app.extensions["innovation.settings"].mail_folder.glob("*"))


def test_no_fact_of_the_demo_lies_in_the_future(app: Flask) -> None:
    from innovation.kernel import clock

    assert (db.session.scalar(select(func.max(Event.occurred_at))) or clock.now()) <= clock.now()
    assert set(db.session.scalars(select(Event.origin).distinct())) == {"import"}


def test_verify_finds_nothing_wrong(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["verify"])
    assert done.exit_code == 0, done.output


def test_the_chain_over_the_demo_holds(app: Flask) -> None:
    sealing.seal()
    assert sealing.check() == sealing.ChainReport(count(Event), 0, None)


def test_a_second_load_refuses_and_changes_nothing(app: Flask) -> None:
    before = (count(Person), count(Idea), count(Event))
    db.session.rollback()
    done = app.test_cli_runner().invoke(args=["demo"])
    assert (done.exit_code, "nothing was changed" in done.output) == (0, True)
    assert (count(Person), count(Idea), count(Event)) == before


# --- what scripts read ---------------------------------------------------------------------------------------------


def test_decisions_are_printed_as_json_lines(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["decisions", "--json"])
    assert done.exit_code == 0
    printed = [json.loads(line) for line in done.output.splitlines()]
    assert all(
        row.keys()
        == {
            "challenge",
            "challenge_source_id",
            "round",
            "pass",
            "source_id",
            "idea",
            "title",
            "promoted",
            "place",
            "because",
            "params",
        }
        for row in printed
    )
    assert sum(row["promoted"] for row in printed) == len(rows("projects"))
    assert max(Counter((row["idea"], row["pass"]) for row in printed).values()) == 1


def test_decisions_of_one_challenge_can_be_asked_for(app: Flask) -> None:
    great = next(row["title"] for row in rows("challenges") if row["key"] == "six-weeks")
    done = app.test_cli_runner().invoke(args=["decisions", "--json", "--challenge", great])
    printed = [json.loads(line) for line in done.output.splitlines()]
    assert {row["challenge"] for row in printed} == {great}
    assert sum(row["promoted"] for row in printed) == 16
    assert app.test_cli_runner().invoke(args=["decisions", "--json", "--challenge", "no such"]).output == ""


def test_the_funnel_is_printed_as_one_json_object(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["funnel", "--json"])
    assert done.exit_code == 0
    whole = json.loads(done.output)
    assert whole.keys() == {"stages", "programmes"}
    keys = {str(key) for _kind, key in (*insight.MAIN_STAGES, *insight.SIDE_STAGES)}
    assert whole["stages"].keys() == keys
    for programme in whole["programmes"]:
        assert programme.keys() == {"programme", "source", "stages", "challenges"}
        assert all(each.keys() == {"challenge", "source_id", "stages"} for each in programme["challenges"])
    for key in keys:
        for part in ("entered", "inside", "left"):
            of_programmes = sum(each["stages"][key][part] for each in whole["programmes"])
            of_challenges = sum(c["stages"][key][part] for p in whole["programmes"] for c in p["challenges"])
            assert whole["stages"][key][part] == of_programmes == of_challenges, (key, part)
