"""The demo is the story: 1,850 people, sixteen projects, six weeks, and figures that add up."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape
from sqlalchemy import func, select

from innovation.awards.models import Award
from innovation.challenges.models import Challenge
from innovation.evaluation.models import Review
from innovation.exchange.service.demo import loading
from innovation.ideas.models import Idea
from innovation.insight import queries as insight
from innovation.insight.models import Report, Target
from innovation.kernel import migrate, sealing
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import Base, db
from innovation.kernel.lifecycle import Passage
from innovation.people import queries as people
from innovation.people.models import CircleMembership, Credential, Person
from innovation.projects.models import BudgetLine, Citation, Gate, GateDecision, Milestone, MoneyEntry, Project
from innovation.projects.queries import forecasts
from innovation.promotion.models import Decision
from innovation.rules.forecast import ENOUGH
from innovation.voting import queries as voting
from tests.conftest import _build, _settings
from tests.services import postgres
from tests.support.world import World

FIRST = {
    "manager": ["/", "/funnel", "/results", "/projects", "/awards"],
    "sponsor": ["/", "/projects", "/challenges", "/awards"],
    "expert": ["/", "/challenges", "/results"],
}
"""Where a walk through the demo begins, by role."""
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
    for key in ("six-weeks", "stofvrij", "night-handover"):
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
    assert len(told) == 19
    great = next(row["title"] for row in _toml("challenges")["challenge"] if row["key"] == "six-weeks")
    of_great = select(func.count(Project.id)).join(Challenge, Challenge.id == Project.challenge_id)
    assert db.session.scalar(of_great.where(Challenge.title == great)) == 16


def test_the_first_proof_passed_in_week_six(demo: World) -> None:
    came_through = Project.state.in_(["adopted", "iterated"])
    passed = db.session.execute(select(Project.started_at, Project.ended_at).where(came_through)).all()
    days = [(ended - started).days for started, ended in passed if ended]
    assert len(days) == 2
    assert all(35 <= day <= 42 for day in days)


def test_the_money_of_every_project_is_what_its_file_says(demo: World) -> None:
    euros = {row["title"]: (row["budget_eur"] * 100, row["spent_eur"] * 100) for row in _toml("projects")["project"]}
    rows = db.session.execute(
        select(Project.title, MoneyEntry.kind, func.sum(MoneyEntry.amount_minor))
        .join(BudgetLine, BudgetLine.id == MoneyEntry.line_id)
        .join(Project, Project.id == BudgetLine.project_id)
        .group_by(Project.title, MoneyEntry.kind)
    )
    found = {(title, str(kind)): int(total) for title, kind, total in rows}
    assert {title: (found[title, "plan"], found[title, "spend"]) for title in euros} == euros
    assert sum(total for (_, kind), total in found.items() if kind == "commit") == 18_900_00


def test_gates_were_decided_in_every_way_and_one_waits(demo: World) -> None:
    verdicts = Counter(db.session.scalars(select(GateDecision.verdict)))
    assert (verdicts["again"], verdicts["hold"], verdicts["stop"]) == (2, 1, 2)
    assert db.session.scalars(select(Gate.key).where(Gate.state == "asked")).all() == ["decide"]
    told = [cites for row in _toml("proofs")["proof"] for cites in row.get("cites", {}).values()]
    told += [each["cites"] for row in _toml("proofs")["proof"] for each in row.get("decisions", [])]
    assert db.session.scalar(select(func.count(Citation.id))) == sum(map(len, told)) > 20
    named = db.session.scalar(select(func.count(Gate.id)).where(Gate.deputy_id.is_not(None)))
    assert named == 2


def test_what_came_of_projects_is_told_with_its_lesson(demo: World) -> None:
    ended = db.session.execute(select(Project.state, Project.lesson).where(Project.state != "running")).all()
    assert Counter(str(state) for state, _ in ended) == {"adopted": 1, "iterated": 1, "stopped": 2}
    assert all(len(lesson) > 80 for _, lesson in ended)


def test_the_house_speaks_from_its_own_history(demo: World) -> None:
    finished = db.session.scalar(select(func.count(Milestone.id)).where(Milestone.done_at.is_not(None))) or 0
    assert finished >= ENOUGH
    ended = db.session.scalars(select(Project.id).where(Project.state == "running")).all()
    newest = forecasts.newest(ended)
    assert set(newest) == set(ended)
    assert {each.basis for each in newest.values()} == {"own"}


def test_awards_stand_in_different_states(demo: World) -> None:
    assert Counter(db.session.scalars(select(Award.state))) == {"paid": 1, "accepted": 1, "offered": 1}


def test_two_quarters_of_each_programme_are_frozen_with_targets(demo: World) -> None:
    reports = Counter(db.session.scalars(select(Report.programme_id)))
    assert (len(reports), set(reports.values())) == (2, {2})
    assert len(set(db.session.scalars(select(Target.quarter)))) == 2


def test_a_panel_decided_and_a_vote_by_stars_is_open(demo: World) -> None:
    decided = db.session.execute(select(Challenge.who_decides, Challenge.ballot).where(Challenge.state == "decided")).all()
    assert Counter(who for who, _ in decided) == {"votes": 1, "sponsor": 1, "panel": 1}
    by_stars = db.session.scalars(select(Challenge).where(Challenge.ballot == "stars", Challenge.state == "published")).one()
    assert "vote" in {str(phase) for phase in by_stars.schedule().phases(demo.now())}
    scored = db.session.scalar(select(func.count(Review.id)).where(Review.valid))
    assert scored == 2 * len(_toml("ideas_night-handover")["idea"])


def test_challenges_stand_in_every_phase(demo: World) -> None:
    now = demo.now()
    rows = db.session.scalars(select(Challenge)).all()
    states = Counter(str(row.state) for row in rows)
    assert (states["draft"], states["proposed"], states["decided"]) == (1, 1, 3)
    phases = {str(p) for row in rows if row.state == "published" for p in row.schedule().phases(now)}
    assert phases == {"collect", "vote", "decide"}


def test_the_funnel_adds_up_and_its_lists_have_as_many_rows(demo: World) -> None:
    actor = house(Origin.CLI)
    assert insight.mismatches() == []
    whole = insight.funnel(actor)
    for stage in (*whole.ideas, *whole.side):
        counted = {"entered": 0, "inside": 0, "left": 0}
        for part in counted:
            cursor = None
            while True:
                page = insight.members(actor, insight.EVERYTHING, stage.kind, stage.key, part, cursor)
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


@pytest.mark.parametrize("who", ["manager", "sponsor", "expert"])
def test_every_page_of_the_demo_answers_its_role(demo_copy: World, who: str) -> None:
    """Every address that leads from the first pages of a role, and from there once more, answers."""
    person = db.session.scalars(select(Person).where(Person.foreign_id == _toml("programme")["signin"][who])).one()
    client = demo_copy.sign_in(demo_copy.app.test_client(), people.actor(person.id))
    seen: set[str] = set()
    ahead = FIRST[who]
    for _ in range(2):
        found: list[str] = []
        for path in ahead:
            if path in seen:
                continue
            seen.add(path)
            answer = client.get(path)
            assert answer.status_code in {200, 302, 303}, (who, path, answer.status_code)
            if answer.mimetype == "text/html":
                found.extend(re.findall(r'href="(/[a-z][^"#?]*)"', answer.text))
        ahead = [path for path in found if not path.startswith(("/static", "/sign-out"))]
    assert len(seen) > 20


def test_a_visitor_reads_what_came_of_the_great_challenge(demo: World) -> None:
    answer = demo.app.test_client().get("/results")
    assert answer.status_code == 200
    great = next(row["title"] for row in _toml("challenges")["challenge"] if row["key"] == "six-weeks")
    assert escape(great) in answer.text
    assert "stof vrijkomt" not in answer.text


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
