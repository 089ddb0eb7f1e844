"""The demo is the story: 1,850 people, sixteen projects, six weeks, and figures that add up."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.challenges.models import Challenge
from innovation.exchange.service.demo import loading
from innovation.ideas.models import Idea
from innovation.insight import queries as insight
from innovation.kernel import migrate, sealing
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import Base, db
from innovation.kernel.lifecycle import Passage
from innovation.people.models import CircleMembership, Credential, Person
from innovation.projects.models import Gate, Project
from innovation.promotion.models import Decision
from innovation.voting import queries as voting
from tests.conftest import _build, _settings
from tests.services import postgres
from tests.support.world import World

FOLDER = Path(loading.__file__).parent


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def _counts() -> dict[str, int]:
    return {
        mapper.class_.__tablename__: db.session.scalar(select(func.count()).select_from(mapper.class_)) or 0
        for mapper in Base.registry.mappers
        if mapper.class_.__tablename__ not in {"clock_tick", "idempotency", "sign_in"}
    }


def _ideas(key: str) -> dict[str, str]:
    """State by title of the ideas of a demo challenge."""
    title = next(row["title"] for row in _toml("challenges")["challenge"] if row["key"] == key)
    rows = db.session.execute(
        select(Idea.title, Idea.state).join(Challenge, Challenge.id == Idea.challenge_id).where(Challenge.title == title)
    )
    return {title: str(state) for title, state in rows}


def test_1850_people_in_four_circles_without_a_password(demo: World) -> None:
    rows = db.session.execute(select(CircleMembership.circle, func.count()).group_by(CircleMembership.circle))
    assert dict(rows.all()) == {"staff": 700, "partner": 350, "expert": 550, "public": 250}
    assert db.session.scalar(select(func.count()).select_from(Person).where(Person.demo)) == 1850
    assert db.session.scalar(select(func.count()).select_from(Credential)) == 0


def test_every_idea_fares_as_its_story_says(demo: World) -> None:
    """The fates are written down, the votes drawn by chance: the rule, run as for anybody, must come to the same."""
    becomes = {"chosen": "promoted", "not_chosen": "declined", "kept": "declined", "withdrawn": "withdrawn"}
    for key in ("six-weeks", "stofvrij"):
        told = {row["title"]: becomes[row["fate"]] for row in _toml(f"ideas_{key}")["idea"]}
        assert _ideas(key) == told
    assert Counter(_ideas("six-weeks").values())["promoted"] == 16


def test_sixteen_projects_stand_at_their_gates(demo: World) -> None:
    told = {row["title"]: (row["state"], row["at"]) for row in _toml("projects")["project"]}
    rows = db.session.execute(
        select(Project.title, Project.state, Gate.key, Gate.state)
        .join(Gate, Gate.project_id == Project.id)
        .order_by(Project.id, Gate.position)
    )
    found: dict[str, tuple[str, str]] = {}
    for title, state, key, gate_state in rows:
        if gate_state != "ahead":
            found[title] = (str(state), key)
    assert found == told
    assert len(told) == 18


def test_the_first_proof_passed_in_week_six(demo: World) -> None:
    passed = db.session.execute(select(Project.started_at, Project.ended_at).where(Project.state == "passed")).all()
    days = [(ended - started).days for started, ended in passed]
    assert len(days) >= 1
    assert all(35 <= day <= 42 for day in days)


def test_challenges_stand_in_every_phase(demo: World) -> None:
    now = demo.now()
    rows = db.session.scalars(select(Challenge)).all()
    states = Counter(str(row.state) for row in rows)
    assert (states["draft"], states["proposed"], states["decided"]) == (1, 1, 2)
    phases = {str(p) for row in rows if row.state == "published" for p in row.schedule().phases(now)}
    assert phases == {"collect", "vote", "decide"}


def test_the_funnel_adds_up_and_its_lists_have_as_many_rows(demo: World) -> None:
    actor = house(Origin.CLI)
    assert insight.mismatches() == []
    whole = insight.funnel(actor)
    for stage in (*whole.main, *whole.side):
        counted = {"entered": 0, "inside": 0, "left": 0}
        for part in counted:
            cursor = None
            while True:
                page = insight.members(actor, stage.kind, stage.key, part, None, None, cursor)
                counted[part] += len(page.items)
                cursor = page.next
                if cursor is None:
                    break
        assert (stage.key, counted) == (
            stage.key,
            {"entered": stage.entered, "inside": stage.inside, "left": stage.left},
        )
        assert stage.entered == stage.inside + stage.left
    rows = db.session.execute(select(Idea.state, func.count()).group_by(Idea.state))
    states = {str(state): count for state, count in rows}
    inside = {each.key: each.inside for each in (*whole.main, *whole.side) if each.kind == "idea" and each.inside}
    assert inside == {state: count for state, count in states.items() if state != "draft"}


def test_every_tally_equals_a_recount(demo: World) -> None:
    for number in db.session.scalars(select(Challenge.id)).all():
        assert voting.kept(number) == voting.recount(number)


def test_every_idea_that_was_decided_has_a_reason(demo: World) -> None:
    decided = select(Idea.id).where(Idea.state.in_(["promoted", "declined"]))
    with_reason = set(db.session.scalars(select(Decision.idea_id)))
    assert set(db.session.scalars(decided)) - with_reason == set()


def test_nothing_happened_in_the_future(demo: World) -> None:
    latest = [db.session.scalar(select(func.max(column))) for column in (Passage.entered_at, Idea.submitted_at)]
    assert all(each is not None and each <= demo.now() + timedelta(seconds=1) for each in latest)


def test_the_demo_mails_nobody(demo: World) -> None:
    counts = _counts()
    assert (counts["message"], demo.letters()) == (0, [])


def test_loading_the_demo_twice_changes_nothing(demo_copy: World) -> None:
    before = _counts()
    db.session.rollback()
    assert loading.load() is False
    assert _counts() == before


def test_the_demo_is_not_loaded_where_somebody_lives(world: World) -> None:
    world.person("Resident")
    before = _counts()
    assert loading.load() is False
    assert _counts() == before


def test_the_chain_of_the_demo_holds(demo_copy: World) -> None:
    sealing.seal()
    report = sealing.check()
    assert (report.waiting, report.broken_at) == (0, None)
    assert report.sealed == _counts()["event"]


def test_the_demo_is_the_same_on_postgresql(
    demo: World, postgres_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    expected = _counts()
    fates = _ideas("six-weeks")
    db.session.rollback()
    settings = _settings(tmp_path_factory.mktemp("pgdemo"), postgres_server.create_database("demo"))
    with _build(settings).app_context():
        migrate.upgrade()
        assert loading.load() is True
        assert _counts() == expected
        assert _ideas("six-weeks") == fates
        assert insight.mismatches() == []
        db.session.remove()
        db.engine.dispose()
    postgres_server.drop_database("demo")
