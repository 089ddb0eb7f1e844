"""What a team throws away comes back with what hung on it, for thirty days; a move on the board is taken back exactly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from innovation.kernel import clock
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.projects.models import Document, Milestone, Project, Task
from innovation.projects.queries import areas, audience, forecasts, papers, plan
from innovation.projects.queries import trash as listed
from innovation.projects.service import papers as paper_verbs
from innovation.projects.service import planning, tasks, team, trash
from tests.conftest import counting
from tests.support.crew import Crew
from tests.support.world import World

PUMP: dict[str, Any] = {"number": 1, "was": "A pump"}
ORDER: dict[str, Any] = {"number": 1, "was": "Order a pump"}


@pytest.fixture
def crew(world: World) -> Crew:
    return Crew(world)


def _restore(crew: Crew, kind: str, row: Any) -> str:
    return crew.does(trash.restore, kind=kind, name=row.public_id)


def _cards(crew: Crew) -> dict[str, list[tuple[str, str]]]:
    project = crew.again()
    board = plan.board(plan.tasks(project), plan.milestones(project))
    return {name: [(card.task.title, card.milestone) for card in cards] for name, cards in board.items() if cards}


def _one(model: Any) -> Any:
    return db.session.scalars(select(model).order_by(model.id)).first()


def test_a_milestone_comes_back_with_its_tasks(crew: Crew) -> None:
    crew.milestone()
    crew.task(milestone=(1, "A pump"))
    assert crew.does(planning.drop_milestone, **PUMP) == "done"
    without = _cards(crew)
    assert crew.does(tasks.change_task, **ORDER, work=tasks.Work(title="Order a pump", owner="")) == "done"
    assert _restore(crew, "milestone", _one(Milestone)) == "done"
    assert (without, _cards(crew)) == ({"todo": [("Order a pump", "")]}, {"todo": [("Order a pump", "A pump")]})
    facts = select(Event.name).where(Event.project_id == crew.number, Event.name.like("Milestone%")).order_by(Event.id)
    assert list(db.session.scalars(facts)) == ["MilestonePlanned", "MilestoneDropped", "MilestoneRestored"]


def test_what_is_in_the_trash_counts_nowhere(crew: Crew) -> None:
    crew.milestone()
    crew.task()
    crew.does(paper_verbs.add_document, title="Report", url="https://example.org", note="")
    milestone = _one(Milestone).id
    helper = crew.again().members[1].person.public_id
    crew.does(planning.change_milestone, **PUMP, title="A pump", due_on=crew.day(10), starts_on=None, owner=helper)
    before = audience.owner(milestone)
    crew.does(planning.drop_milestone, **PUMP)
    crew.does(tasks.drop_task, **ORDER)
    crew.does(paper_verbs.drop_document, number=1, was="Report")
    project = crew.again()
    assert (before, audience.owner(milestone)) == ({crew.helper.person_id}, set())
    assert [plan.milestones(project), plan.tasks(project), papers.documents(project, None).items] == [[], [], []]
    assert {"plan", "papers"} & areas.in_use(project) == set()
    assert forecasts.readings([project.id])[project.id].open_ == forecasts.readings([project.id])[project.id].open_
    assert len(listed.of_project(project, clock.now())) == 3


def test_tasks_and_documents_come_back_where_they_were(crew: Crew) -> None:
    for title in ("A", "B", "C"):
        crew.task(title)
    crew.does(paper_verbs.add_document, title="Report", url="https://example.org", note="")
    crew.does(tasks.drop_task, number=2, was="B")
    crew.does(paper_verbs.drop_document, number=1, was="Report")
    gone = db.session.scalars(select(Task).where(Task.trashed_at.is_not(None))).one()
    answers = [_restore(crew, "task", gone), _restore(crew, "document", _one(Document)), _restore(crew, "task", gone)]
    assert answers == ["done", "done", "Invalid not_in_the_trash"]
    assert _cards(crew) == {"todo": [("A", ""), ("B", ""), ("C", "")]}
    assert [row.title for row, _place in papers.documents(crew.again(), None).items] == ["Report"]


def test_only_the_team_restores_and_only_of_its_own_project(crew: Crew) -> None:
    crew.task()
    crew.does(tasks.drop_task, **ORDER)
    task = _one(Task)
    other = crew.world.project()
    elsewhere = crew.world.actor(other.members[0].person_id)
    crew.world.anew()
    row = db.session.get_one(Project, other.id)
    asked = [
        crew.does(trash.restore, crew.watcher, kind="task", name=task.public_id),
        crew.does(trash.restore, kind="gate", name=task.public_id),
        crew.does(trash.restore, kind="milestone", name=task.public_id),
    ]
    assert asked == ["Refused work_on_project", "Invalid not_in_the_trash", "Invalid not_in_the_trash"]
    assert (row.id != crew.number, listed.of_person(elsewhere, clock.now())) == (True, [])
    assert [each.title for each in listed.of_person(crew.helper, clock.now())] == ["Order a pump"]


def test_a_locked_plan_takes_nothing_back_but_documents(crew: Crew) -> None:
    crew.task()
    crew.does(tasks.drop_task, **ORDER)
    crew.does(paper_verbs.add_document, title="Report", url="https://example.org", note="")
    crew.does(paper_verbs.drop_document, number=1, was="Report")
    crew.wait_for_a_gate()
    assert [_restore(crew, "task", _one(Task)), _restore(crew, "document", _one(Document))] == [
        "NotPossible plan_is_locked",
        "done",
    ]


def test_after_thirty_days_it_is_gone_for_good_and_its_tasks_stay(crew: Crew) -> None:
    crew.milestone()
    crew.milestone("A hose")
    crew.task(milestone=(1, "A pump"))
    crew.does(planning.drop_milestone, **PUMP)
    crew.does(planning.drop_milestone, number=1, was="A hose")
    old, young = db.session.scalars(select(Milestone).order_by(Milestone.id)).all()
    with transaction():
        past = clock.now() - timedelta(days=30)
        db.session.execute(update(Milestone).where(Milestone.id == old.id).values(trashed_at=past))
    late = _restore(crew, "milestone", old)
    went = [trash.empty(actor=house(Origin.CLOCK)) for _ in range(2)]
    crew.world.anew()
    assert (late, went) == ("Invalid not_in_the_trash", [1, 0])
    assert [each.title for each in db.session.scalars(select(Milestone))] == [young.title]
    assert _one(Task).milestone_id is None


def test_a_move_on_the_board_is_taken_back_exactly(crew: Crew) -> None:
    for title in ("A", "B", "C"):
        crew.task(title)
    browser, before = crew.browser(), _cards(crew)
    for to in ("doing", "done", "up", "down"):
        moved = browser.post(f"{crew.path}/tasks/2/place", {"was": "B", "to": to})
        assert moved.status_code == 303
        with browser.cookie() as session:
            undo = session["_flashes"][-1][1]["undo"]
        between = _cards(crew)
        assert browser.post(undo["url"], undo["fields"]).status_code == 303
        assert (between != before, _cards(crew)) == (True, before)


def test_what_was_thrown_away_comes_back_by_the_button_beside_the_message(crew: Crew) -> None:
    crew.milestone()
    browser = crew.browser()
    page = browser.get(browser.post(f"{crew.path}/milestones/1/removal", {"was": "A pump"}).headers["Location"])
    path = f"{crew.path}/trash/milestone/{_one(Milestone).public_id}/restoration"
    assert page.get_data(as_text=True).count(path) == 2  # beside the message, and in the list of what was deleted
    assert browser.post(path).status_code == 303
    assert [each.title for each in plan.milestones(crew.again())] == ["A pump"]
    again = browser.post(path, {"next": "/my-work/trash"})
    assert again.headers["Location"] == "/my-work/trash"


def test_who_hears_of_a_project_is_asked_in_as_many_queries_for_one_follower_as_for_thirty(crew: Crew) -> None:
    project, asked = crew.again(), []
    for count in (1, 29):
        for who in crew.world.crowd(count):
            crew.world.anew()
            row = crew.again()
            team.follow(actor=who, project=row, follows=True)
        crew.world.anew()
        with counting() as sent:
            found = audience.concerned(project.id)
        asked.append((len(sent), len(found)))
    assert (asked[0][0], asked[1][1] - asked[0][1]) == (asked[1][0], 29)
