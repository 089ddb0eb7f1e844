"""The plan: promises that move without being forgotten, a board that works by buttons, and a lock while a gate waits."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from innovation.kernel import clock
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.projects import queries as projects
from innovation.projects.models import Milestone, Task
from innovation.projects.queries import plan
from innovation.projects.service import gates, planning, tasks
from tests.conftest import counting
from tests.support.crew import Crew
from tests.support.pages import words
from tests.support.race import at_once
from tests.support.refusals import spelled
from tests.support.world import World

PUMP: dict[str, Any] = {"number": 1, "was": "A pump"}
ORDER: dict[str, Any] = {"number": 1, "was": "Order a pump"}


@pytest.fixture
def crew(world: World) -> Crew:
    return Crew(world)


def _milestone(crew: Crew) -> Milestone:
    crew.world.anew()
    return db.session.scalars(select(Milestone).where(Milestone.trashed_at.is_(None))).one()


def _in_milestones(crew: Crew) -> list[str]:
    project = crew.again()
    board = plan.board(plan.tasks(project), plan.milestones(project))
    return [card.milestone for cards in board.values() for card in cards]


def _columns(crew: Crew) -> dict[str, list[str]]:
    project = crew.again()
    board = plan.board(plan.tasks(project), plan.milestones(project))
    return {name: [card.task.title for card in cards] for name, cards in board.items()}


def _facts(crew: Crew) -> list[str]:
    names = select(Event.name).where(Event.project_id == crew.number, Event.name.like("Milestone%"))
    return list(db.session.scalars(names.order_by(Event.id)))


def _name(crew: Crew, at: int) -> str:
    return crew.again().members[at].person.public_id


# --- milestones ----------------------------------------------------------------------------------------------------


def test_a_moved_day_keeps_the_first_promise(crew: Crew) -> None:
    crew.milestone(due=10)
    later: dict[str, Any] = {"title": "Two pumps", "owner": _name(crew, 1), "starts_on": crew.day(3)}
    assert crew.does(planning.change_milestone, **PUMP, **later, due_on=crew.day(20)) == "done"
    changed: dict[str, Any] = {"number": 1, "was": "Two pumps"}
    assert crew.does(planning.change_milestone, **changed, **later, due_on=crew.day(15)) == "done"
    assert crew.does(planning.change_milestone, **changed, **later, due_on=crew.day(15)) == "done"
    row, days = _milestone(crew), [crew.day(each) for each in (3, 15, 10)]
    row = _milestone(crew)
    assert (row.title, row.owner_id, [row.starts_on, row.due_on, row.planned_on]) == (
        "Two pumps",
        crew.helper.person_id,
        days,
    )
    assert _facts(crew) == ["MilestonePlanned", "MilestoneMoved", "MilestoneMoved"]


def test_a_milestone_is_done_and_not_done_after_all(crew: Crew) -> None:
    crew.milestone()
    seen = []
    for done in (True, True, False, False):
        assert crew.does(planning.set_milestone, crew.helper, **PUMP, done=done) == "done"
        row = _milestone(crew)
        seen.append((row.done_by, row.done_at is not None))
    assert seen == [(crew.helper.person_id, True)] * 2 + [(None, False)] * 2
    assert _facts(crew) == ["MilestonePlanned", "MilestoneDone", "MilestoneReopened"]


def test_what_was_reached_once_stays_in_the_plan(crew: Crew) -> None:
    crew.milestone()
    crew.milestone("A hose")
    crew.task(milestone=(2, "A hose"))
    crew.does(planning.set_milestone, **PUMP, done=True)
    assert crew.does(planning.drop_milestone, **PUMP) == "NotPossible milestone_was_done"
    crew.does(planning.set_milestone, **PUMP, done=False)
    assert crew.does(planning.drop_milestone, **PUMP) == "NotPossible milestone_was_done"
    assert crew.does(planning.drop_milestone, number=2, was="A hose") == "done"
    assert (_milestone(crew).title, _in_milestones(crew)) == ("A pump", [""])


def test_a_button_that_is_out_of_date_changes_nothing_else(crew: Crew) -> None:
    """Somebody took out the first milestone; the second is in its place by now, and is not what was looked at."""
    crew.milestone()
    crew.milestone("A hose")
    crew.does(planning.drop_milestone, **PUMP)
    said = [
        crew.does(planning.set_milestone, **PUMP, done=True),
        crew.does(planning.drop_milestone, **PUMP),
        crew.does(planning.set_milestone, number=2, was="A hose", done=True),
        crew.does(planning.set_milestone, number=0, was="A hose", done=True),
        crew.does(planning.set_milestone, number=10**30, was="A hose", done=True),
    ]
    assert (said, _milestone(crew).done_at) == (["Invalid no_such_milestone"] * 5, None)


def test_a_milestone_begins_before_it_is_due(crew: Crew) -> None:
    assert crew.milestone(due=5, starts_on=crew.day(6)) == "Invalid starts_after_due"
    assert crew.milestone(due=5, starts_on=crew.day(5)) == "done"


def test_an_owner_is_a_member_who_accepted(crew: Crew) -> None:
    guest = crew.world.person("Guest")
    crew.ask(guest)
    assert crew.milestone(owner=_name(crew, 2)) == "done"
    assert _milestone(crew).owner_id is None


def test_a_plan_has_an_end(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "MOST_MILESTONES", 2)
    monkeypatch.setattr(tasks, "MOST_TASKS", 2)
    assert [crew.milestone() for _ in range(3)] == ["done", "done", "Invalid plan_is_full"]
    assert [crew.task() for _ in range(3)] == ["done", "done", "Invalid board_is_full"]


# --- who, and when -------------------------------------------------------------------------------------------------


def _everything(crew: Crew, who: str = "lead") -> dict[str, str]:
    actor, due = getattr(crew, who), crew.day(9)
    work = tasks.Work(title="Order a pump")
    return {
        "describe": crew.does(planning.describe, actor, title="T", goal="G", work_url=""),
        "add milestone": crew.does(planning.add_milestone, actor, title="More", due_on=due, owner=""),
        "change milestone": crew.does(
            planning.change_milestone, actor, **PUMP, title="A pump", due_on=due, owner="", starts_on=None
        ),
        "add task": crew.does(tasks.add_task, actor, work=tasks.Work(title="More")),
        "change task": crew.does(tasks.change_task, actor, **ORDER, work=work),
        "mark": crew.does(planning.set_milestone, actor, **PUMP, done=False),
        "move": crew.does(tasks.move_task, actor, **ORDER, to="doing"),
        "drop task": crew.does(tasks.drop_task, actor, number=2, was="More"),
        "drop milestone": crew.does(planning.drop_milestone, actor, number=2, was="More"),
        "tell": crew.told(who=actor),
    }


def test_the_team_plans_and_nobody_else(crew: Crew) -> None:
    crew.milestone()
    crew.task()
    assert set(_everything(crew, "helper").values()) == {"done"}
    assert set(_everything(crew, "watcher").values()) == {"Refused work_on_project"}


def test_while_a_gate_waits_the_plan_is_locked_and_reports_are_not(crew: Crew) -> None:
    crew.milestone()
    crew.task()
    crew.wait_for_a_gate()
    said = _everything(crew)
    assert {name for name, word in said.items() if word == "done"} == {"mark", "move", "tell"}
    assert {word for word in said.values() if word != "done"} == {"NotPossible plan_is_locked"}
    assert crew.does(gates.unask, gate_key="frame") == "done"
    assert set(_everything(crew).values()) == {"done"}


def test_an_ended_project_takes_no_new_plans(crew: Crew) -> None:
    crew.milestone()
    crew.task()
    crew.end()
    said = _everything(crew)
    assert said.pop("tell") == "done"
    assert set(said.values()) == {"NotPossible project_has_ended"}


def test_nothing_is_planned_while_the_decision_is_being_asked_for(crew: Crew) -> None:
    """Asked for and planned at once: whoever comes second finds the other's doing."""
    world, number = crew.world, crew.number
    due = crew.day(9)
    world.anew()

    def act(verb: object, **values: object) -> None:
        project = projects.by_id(number)
        assert project is not None
        db.session.rollback()
        verb(actor=crew.lead, project=project, **values)  # type: ignore[operator]

    calls = [
        lambda: act(gates.ask, gate_key="frame"),
        lambda: act(planning.add_milestone, title="Late", due_on=due, owner=""),
    ]
    results = [spelled(each) for each in at_once(world.app, calls, slow="FROM gate")]
    order = select(Event.name).where(Event.name.in_(["GateAsked", "MilestonePlanned"])).order_by(Event.id)
    assert (results, list(db.session.scalars(order))) in [
        (["NoneType", "NoneType"], ["MilestonePlanned", "GateAsked"]),
        (["NoneType", "NotPossible plan_is_locked"], ["GateAsked"]),
    ]


# --- the board -----------------------------------------------------------------------------------------------------


def test_tasks_go_from_column_to_column_and_up_and_down(crew: Crew) -> None:
    for title in "ABC":
        crew.task(title)
    assert _columns(crew) == {"todo": ["A", "B", "C"], "doing": [], "done": []}
    steps = [
        (3, "C", "up", {"todo": ["A", "C", "B"], "doing": [], "done": []}),
        (1, "A", "down", {"todo": ["C", "A", "B"], "doing": [], "done": []}),
        (3, "C", "up", {"todo": ["C", "A", "B"], "doing": [], "done": []}),
        (2, "B", "down", {"todo": ["C", "A", "B"], "doing": [], "done": []}),
        (1, "A", "doing", {"todo": ["C", "B"], "doing": ["A"], "done": []}),
        (2, "B", "doing", {"todo": ["C"], "doing": ["A", "B"], "done": []}),
        (2, "B", "doing", {"todo": ["C"], "doing": ["A", "B"], "done": []}),
        (1, "A", "done", {"todo": ["C"], "doing": ["B"], "done": ["A"]}),
        (1, "A", "todo", {"todo": ["C", "A"], "doing": ["B"], "done": []}),
    ]
    for number, was, to, wanted in steps:
        assert crew.does(tasks.move_task, number=number, was=was, to=to) == "done"
        assert (to, _columns(crew)) == (to, wanted)
    assert [row.done_at for row in db.session.scalars(select(Task))] == [None] * 3
    said = [
        crew.does(tasks.move_task, number=n, was=w, to=t) for n, w, t in ((1, "A", "gone"), (1, "B", "done"), (9, "A", "up"))
    ]
    assert said == ["Invalid no_such_column", "Invalid no_such_task", "Invalid no_such_task"]


def test_two_who_move_at_once_lose_no_task(crew: Crew) -> None:
    world, number = crew.world, crew.number
    for title in "ABC":
        crew.task(title)
    world.anew()

    def move(place: int, was: str, to: str) -> None:
        project = projects.by_id(number)
        assert project is not None
        db.session.rollback()
        tasks.move_task(actor=crew.lead, project=project, number=place, was=was, to=to)

    calls = [lambda: move(1, "A", "done"), lambda: move(2, "B", "done"), lambda: move(3, "C", "up")]
    assert [spelled(each) for each in at_once(world.app, calls, slow="FROM task")] == ["NoneType"] * 3
    columns = _columns(crew)
    assert (sorted(columns["done"]), columns["todo"]) == (["A", "B"], ["C"])
    places = db.session.scalars(select(Task.position).where(Task.status == "done").order_by(Task.position)).all()
    assert places == [1, 2]


def test_a_task_belongs_to_a_milestone_that_is_there(crew: Crew) -> None:
    crew.milestone()
    assert crew.task(milestone=(1, "A pump"), owner=_name(crew, 1), due_on=crew.day(4)) == "done"
    assert crew.task(milestone=(1, "A hose")) == "Invalid no_such_milestone"
    task = db.session.scalars(select(Task)).one()
    assert (task.milestone_id, task.owner_id, task.status) == (_milestone(crew).id, crew.helper.person_id, "todo")


# --- the pages -----------------------------------------------------------------------------------------------------


def test_the_plan_is_made_at_its_doors(crew: Crew) -> None:
    browser, path = crew.browser(), crew.path
    milestone = {"title": "A pump", "due_on": "2027-01-31", "owner": "", "once": "m" * 32}
    assert [browser.post(f"{path}/milestones", milestone).status_code for _ in range(2)] == [303, 303]
    wrong = browser.post(f"{path}/milestones", milestone | {"once": "", "starts_on": "2027-02-01"})
    assert (wrong.status_code, "This is after the day it is due." in words(wrong)) == (422, True)
    task = {"title": "Order a pump", "owner": "", "due_on": "", "milestone": "1 A pump", "once": "t" * 32}
    assert [browser.post(f"{path}/tasks", task).status_code for _ in range(2)] == [303, 303]
    assert browser.post(f"{path}/tasks", task | {"once": "", "milestone": "1 A hose"}).status_code == 422
    assert _columns(crew)["todo"] == ["Order a pump"]

    assert [browser.get(f"{path}/{kind}/{n}/edit").status_code for kind in ("milestones", "tasks") for n in (0, 1, 2)] == [
        404,
        200,
        404,
    ] * 2
    changed = milestone | {"due_on": "2027-02-03", "was": "A pump"}
    assert browser.post(f"{path}/milestones/1/edit", changed).status_code == 303
    assert browser.post(f"{path}/milestones/1", {"value": "done", "was": "A pump"}).status_code == 303
    assert browser.post(f"{path}/milestones/1", {"value": "open"}).status_code == 422
    row = _milestone(crew)
    assert (row.due_on, row.planned_on, row.done_at is not None) == (date(2027, 2, 3), date(2027, 1, 31), True)
    moved = browser.post(f"{path}/tasks/1/place", {"was": "Order a pump", "to": "doing"})
    assert (moved.status_code, moved.headers["Location"]) == (303, f"{path}/plan#task-1")
    assert browser.post(f"{path}/tasks/1/edit", task | {"was": "Order a pump", "title": "Order two"}).status_code == 303
    assert _columns(crew)["doing"] == ["Order two"]
    assert browser.post(f"{path}/tasks/1/removal", {"was": "Order two"}).status_code == 303
    assert _columns(crew) == {"todo": [], "doing": [], "done": []}


def test_a_watcher_reads_the_plan_and_has_no_buttons(crew: Crew) -> None:
    crew.milestone()
    crew.task()
    pages = {
        who.name: crew.browser(who).get(f"{crew.path}/plan").get_data(as_text=True) for who in (crew.lead, crew.watcher)
    }
    buttons = {name: len(re.findall(r'name="(?:to|value)"', page)) for name, page in pages.items()}
    assert buttons == {"Lead": 3, "Watcher": 0}
    assert ["Order a pump" in page and "A pump" in page for page in pages.values()] == [True, True]


def test_a_locked_plan_says_so_and_offers_no_change(crew: Crew) -> None:
    crew.milestone()
    crew.wait_for_a_gate()
    page = crew.browser().get(f"{crew.path}/plan")
    assert "A gate waits for its decision" in words(page)
    text = page.get_data(as_text=True)
    assert [link in text for link in ("/milestones/1/edit", 'value="done"', '/milestones"')] == [False, True, False]


def test_what_is_late_is_said_in_words_with_a_sign(crew: Crew) -> None:
    crew.milestone("Long ago", due=-3)
    crew.milestone("Reached", due=-5)
    crew.milestone("To come", due=4)
    crew.milestone("Now", due=0)
    crew.does(planning.set_milestone, number=2, was="Reached", done=True)
    page = crew.browser().get(f"{crew.path}/plan")
    said = words(page)
    for text in ("late by 3 days", "done, 5 days late", "due in 4 days", "due today", "today", "proof due"):
        assert (text, text in said) == (text, True)
    text = page.get_data(as_text=True)
    assert ("plan-end plan-late" in text, " style=" in text) == (True, False)


def test_the_timeline_measures_in_thousandths(crew: Crew) -> None:
    crew.milestone("First", due=21, starts_on=crew.day(0))
    crew.milestone("Second", due=42)
    crew.does(
        planning.change_milestone, number=2, was="Second", title="Second", due_on=crew.day(35), owner="", starts_on=None
    )
    project = crew.again()
    drawn = plan.timeline(project, plan.milestones(project), clock.now() + timedelta(days=21))
    assert [(row.begins, row.ends, row.promised, row.state) for row in drawn.rows] == [
        (0, 500, None, "ahead"),
        (0, 833, 1000, "ahead"),
    ]
    assert (drawn.today, drawn.proof, [at for at, _day in drawn.weeks]) == (500, 1000, [0, 167, 333, 500, 667, 833, 1000])


def test_a_timeline_of_many_years_is_drawn(crew: Crew) -> None:
    crew.milestone(due_on=date(9999, 12, 31))
    crew.milestone("Long ago", due_on=date(1, 1, 1))
    assert crew.browser().get(f"{crew.path}/plan").status_code == 200


def test_a_plan_of_thirty_is_read_in_as_many_queries_as_one_of_one(embedded: World) -> None:
    crew = Crew(embedded)
    browser, path = crew.browser(), f"{crew.path}/plan"

    def fill(count: int) -> int:
        for number in range(count):
            crew.milestone(f"M{number}", owner=_name(crew, number % 2))
            crew.task(f"T{number}", owner=_name(crew, number % 2), milestone=(1, "M0"))
        browser.get(path)
        with counting() as sent:
            assert browser.get(path).status_code == 200
        return len(sent)

    few = fill(1)
    assert (fill(29), len(plan.tasks(crew.again()))) == (few, 30)
