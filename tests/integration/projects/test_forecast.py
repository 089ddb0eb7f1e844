"""A project's forecast: made when asked or when the house has its own history, kept up with the plan, scored at the end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from innovation.kernel import clock
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.projects import queries as projects
from innovation.projects.models import Forecast, Milestone, Project
from innovation.projects.queries import forecasts
from innovation.projects.service import forecasting, outcome
from innovation.rules.forecast import ENOUGH
from innovation.rules.project import ProjectState
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World

CLOCK = house(Origin.CLOCK)


class Plan:
    """A project with its author, and milestones written as rows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.author = world.person("Author")
        self.number = world.project(self.author).id
        self.today = clock.now().date()
        db.session.rollback()

    def again(self) -> Project:
        self.world.anew()
        found = projects.by_id(self.number)
        assert found is not None
        return found

    def milestone(self, due: int, done: int | None = None, starts: int = 0) -> None:
        with transaction():
            self.milestones([(starts, due, done)])

    def milestones(self, rows: list[tuple[int, int, int | None]]) -> None:
        now = clock.now()
        for starts, due, done in rows:
            db.session.add(
                Milestone(
                    project_id=self.number,
                    title="M",
                    starts_on=self.today + timedelta(days=starts),
                    due_on=self.today + timedelta(days=due),
                    planned_on=self.today + timedelta(days=due),
                    done_at=None if done is None else now + timedelta(days=done),
                )
            )

    def history(self, size: int, length: int = 10, took: int = 10) -> None:
        with transaction():
            self.milestones([(-100, length - 100, took - 100)] * size)

    def refresh(self) -> bool:
        return forecasting.refresh(actor=CLOCK, project_id=self.number)

    def kept(self) -> list[Forecast]:
        found = list(
            db.session.scalars(select(Forecast).where(Forecast.project_id == self.number).order_by(Forecast.number))
        )
        db.session.rollback()
        return found

    def later(self, days: int) -> date:
        return self.today + timedelta(days=days)


@pytest.fixture
def plan(world: World) -> Plan:
    return Plan(world)


def test_a_young_house_makes_none_until_somebody_asks(plan: Plan) -> None:
    plan.milestone(20)
    plan.history(ENOUGH - 1)
    assert (plan.refresh(), forecasts.to_refresh(), plan.kept()) == (False, [], [])
    forecasting.ask_forecast(actor=plan.author, project=plan.again())
    (made,) = plan.kept()
    assert (made.basis, made.samples, made.promised_on) == ("published", ENOUGH - 1, plan.again().due_at.date())
    assert forecasts.to_refresh() == [plan.number]


def test_from_thirty_milestones_on_the_house_speaks_of_itself_unasked(plan: Plan) -> None:
    plan.milestone(20)
    plan.history(ENOUGH, length=10, took=20)
    assert (list(forecasts.to_refresh()), plan.refresh()) == ([plan.number], True)
    (made,) = plan.kept()
    assert (made.basis, made.likely_on, made.safe_on) == ("own", plan.later(40), plan.later(40))


def test_the_same_plan_on_the_same_day_makes_no_second_forecast(plan: Plan) -> None:
    plan.milestone(20)
    plan.history(ENOUGH)
    assert [plan.refresh(), plan.refresh(), plan.refresh()] == [True, False, False]
    assert forecasting.stale(0, plan.today)[0] == []
    plan.milestone(30)
    assert list(forecasting.stale(0, plan.today)[0]) == [plan.number]
    assert (plan.refresh(), [each.number for each in plan.kept()]) == (True, [1, 2])
    assert list(forecasting.stale(0, plan.later(1))[0]) == [plan.number]


def test_clocks_that_look_at_once_keep_one(plan: Plan) -> None:
    plan.milestone(20)
    plan.history(ENOUGH)
    results = at_once(plan.world.app, [plan.refresh] * 4)
    assert [spelled(each) for each in results] == ["bool"] * 4
    assert [each.number for each in plan.kept()] == [1]


def test_a_milestone_past_its_day_moves_the_forecast(plan: Plan) -> None:
    plan.history(ENOUGH)
    plan.milestone(-5, starts=-20)
    plan.refresh()
    (made,) = plan.kept()
    assert made.likely_on > plan.later(1)


def test_without_milestones_the_gates_are_forecast(plan: Plan) -> None:
    forecasting.ask_forecast(actor=plan.author, project=plan.again())
    (made,) = plan.kept()
    assert plan.later(30) <= made.likely_on <= made.safe_on


def test_forecasts_are_scored_when_the_proof_is_passed_and_only_then(plan: Plan) -> None:
    forecasting.ask_forecast(actor=plan.author, project=plan.again())
    forecasting.finish(actor=CLOCK, project_id=plan.number)
    assert [each.finished_on for each in plan.kept()] == [None]
    for state, said in ((ProjectState.PASSED, plan.today), (ProjectState.STOPPED, None), (ProjectState.PASSED, plan.today)):
        with transaction():
            db.session.execute(
                Project.__table__.update().where(Project.id == plan.number).values(state=state, ended_at=clock.now())
            )
        forecasting.finish(actor=CLOCK, project_id=plan.number)
        assert [each.finished_on for each in plan.kept()] == [said]
    scored = forecasts.scores()
    assert (scored.scored, scored.by_safe) == (1, 1)
    assert plan.refresh() is False


def test_a_proof_that_passed_and_was_not_gone_on_with_finished_all_the_same(plan: Plan) -> None:
    forecasting.ask_forecast(actor=plan.author, project=plan.again())
    for gate in plan.again().gates:
        plan.world.decide(plan.again(), gate.key)
    sponsor = plan.world.sponsor_of(plan.again().challenge)
    outcome.settle(actor=sponsor, project=plan.again(), outcome="shelve", lesson="It works, and costs too much.")
    plan.world.settle()
    assert (plan.again().state, [each.finished_on for each in plan.kept()]) == (ProjectState.STOPPED, [plan.today])


def test_a_day_beyond_any_calendar_leaves_the_other_projects_their_forecasts(plan: Plan) -> None:
    far = plan.world.project().id
    plan.milestone(20)
    plan.history(ENOUGH, took=20)
    with transaction():
        db.session.add(Milestone(project_id=far, title="M", due_on=date.max, planned_on=date.max))
    assert list(forecasting.stale(0, plan.today)[0]) == [plan.number, far]


def test_only_who_answers_for_a_project_asks_and_sees(plan: Plan) -> None:
    world, path = plan.world, f"/projects/{plan.again().public_id}/forecast"
    sponsor = world.sponsor_of(plan.again().challenge)
    people = {"visitor": None, "staff": world.person(), "author": plan.author, "sponsor": sponsor, "manager": world.manager}
    assert {
        name: (world.browser(who).get(path).status_code, world.browser(who).post(path).status_code)
        for name, who in people.items()
    } == {"visitor": (404, 404), "staff": (403, 403), "author": (200, 303), "sponsor": (200, 303), "manager": (200, 303)}
    assert len(plan.kept()) == 1
    shown = world.browser(plan.author).get(path).text
    assert "published class" in shown
    assert answer(lambda: forecasting.ask_forecast(actor=world.person(), project=plan.again())) == "Refused ask_forecast"
