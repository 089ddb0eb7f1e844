"""Announcing: by a named person without a stake, or by the clock; all of it or nothing, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.actor import Circle
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, Event
from innovation.kernel.lifecycle import StageCount
from innovation.kernel.usecase import transaction
from innovation.projects.models import Gate, Project
from innovation.promotion import queries as promotion
from innovation.promotion import work
from innovation.promotion.models import Run
from innovation.promotion.service import running
from innovation.rules.predicates import Role
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World


def _count(model: type, *conditions: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


@contextmanager
def _failing_at(model: type, number: int) -> Iterator[None]:
    """A fault of the database at the n-th row of a table."""
    seen = []

    def fail(_mapper: Any, _connection: Any, target: Any) -> None:
        seen.append(target)
        if len(seen) == number:
            raise OSError("the disk is full")

    event.listen(model, "before_insert", fail)
    try:
        yield
    finally:
        event.remove(model, "before_insert", fail)


@pytest.mark.parametrize(("model", "number"), [(Project, 2), (Gate, 9), (Event, 3), (Delivery, 4)])
def test_an_announcement_that_fails_half_way_leaves_nothing_and_works_the_next_time(
    world: World, model: type, number: int
) -> None:
    challenge = world.challenge()
    ideas = [world.idea(challenge) for _ in range(4)]
    run = world.decided(challenge)
    sponsor = world.sponsor_of(challenge)
    facts, deliveries = _count(Event), _count(Delivery)
    with _failing_at(model, number), pytest.raises(OSError, match="disk"):
        running.announce(actor=sponsor, run=world.run_of(challenge))
    world.anew()
    assert [world.idea_again(idea).state for idea in ideas] == ["submitted"] * 4
    assert (_count(Project), _count(Event), _count(Delivery)) == (0, facts, deliveries)
    assert (world.run_of(challenge).state, world.again(challenge).state) == ("decided", "published")
    assert _count(StageCount, StageCount.stage == "promoted") == 0
    running.announce(actor=sponsor, run=world.run_of(challenge))
    assert [world.idea_again(idea).state for idea in ideas] == ["promoted"] * 3 + ["declined"]
    assert _count(Project) == 3
    assert promotion.run(run.id).state == "announced"


def test_a_project_that_is_there_already_is_not_opened_again(world: World) -> None:
    challenge = world.challenge()
    ideas = [world.idea(challenge) for _ in range(3)]
    world.decided(challenge)
    with transaction():
        now = clock.now()
        values = {"title": "Before", "started_at": now, "due_at": now, "programme_id": challenge.programme_id}
        db.session.add(Project(idea_id=ideas[1].id, challenge_id=challenge.id, **values))
    running.announce(actor=world.sponsor_of(challenge), run=world.run_of(challenge))
    assert _count(Project) == 3
    assert [world.idea_again(idea).state for idea in ideas] == ["promoted"] * 3


def test_eight_people_announce_at_once_and_it_happens_once(world: World) -> None:
    challenge = world.challenge()
    for _ in range(4):
        world.idea(challenge)
    number = world.decided(challenge).id
    sponsor = world.sponsor_of(challenge)

    def announce() -> None:
        run = promotion.run(number)
        db.session.rollback()
        running.announce(actor=sponsor, run=run)

    results = at_once(world.app, [announce] * 8)
    assert [spelled(each) for each in results] == ["NoneType"] * 8
    assert (_count(Project), _count(Event, Event.name == "RunAnnounced")) == (3, 1)
    assert (_count(Event, Event.name == "IdeaPromoted"), _count(Event, Event.name == "IdeaDeclined")) == (3, 1)


# --- who -----------------------------------------------------------------------------------------------------------


def test_sponsor_deputy_and_manager_announce_and_nobody_else(world: World) -> None:
    answers = []
    for role in ("sponsor", "deputy", "manager", "panel", "administrator", "staff"):
        challenge = world.challenge()
        world.idea(challenge)
        world.decided(challenge)
        who = {
            "sponsor": lambda c=challenge: world.sponsor_of(c),
            "deputy": lambda c=challenge: world.grant(world.person(), Role.SPONSOR, "challenge", c.id),
            "manager": lambda: world.manager,
            "panel": lambda c=challenge: world.grant(world.person(), Role.PANEL, "challenge", c.id),
            "administrator": lambda: world.grant(world.person(), Role.ADMINISTRATOR),
            "staff": world.person,
        }[role]()
        answers.append(answer(lambda w=who, c=challenge: running.announce(actor=w, run=world.run_of(c))))
    assert answers == ["done", "done", "done", "Refused announce", "Refused announce", "Refused announce"]


def test_a_manager_who_is_an_author_does_not_announce(world: World) -> None:
    challenge = world.challenge()
    manager = world.grant(world.person(), Role.MANAGER)
    world.idea(challenge, manager)
    world.idea(challenge)
    run = world.decided(challenge)
    assert answer(lambda: running.announce(actor=manager, run=world.run_of(challenge))) == "Refused announce"
    browser = world.browser(manager)
    assert browser.get(f"/runs/{run.public_id}").status_code == 404
    assert browser.post(f"/runs/{run.public_id}/announcement").status_code == 403
    assert answer(lambda: running.announce(actor=world.manager, run=world.run_of(challenge))) == "done"


def test_a_result_is_seen_by_nobody_else_before_it_is_announced(world: World) -> None:
    challenge = world.challenge()
    idea = world.idea(challenge, world.person("Author"), "The only idea")
    run = world.decided(challenge)
    watchers = [None, world.person(), world.actor(idea.created_by or 0), world.manager, world.sponsor_of(challenge)]
    path = f"/runs/{run.public_id}"
    assert [world.browser(who).get(path).status_code for who in watchers] == [404, 404, 404, 200, 200]
    running.announce(actor=world.manager, run=world.run_of(challenge))
    assert [world.browser(who).get(path).status_code for who in watchers] == [404, 200, 200, 200, 200]


def test_the_door_announces_and_a_second_click_changes_nothing(world: World) -> None:
    challenge = world.challenge()
    world.idea(challenge)
    run = world.decided(challenge)
    browser = world.browser(world.sponsor_of(challenge))
    path = f"/runs/{run.public_id}/announcement"
    assert browser.get(path).status_code == 200
    assert [browser.post(path).status_code for _ in range(2)] == [303, 303]
    assert (_count(Project), _count(Event, Event.name == "RunAnnounced")) == (1, 1)


# --- by the clock --------------------------------------------------------------------------------------------------


def test_a_result_announces_itself_after_its_hours_and_not_before(world: World) -> None:
    challenges = [world.challenge(announce_after_hours=hours) for hours in (24, 24, 48)]
    waiting = world.challenge()
    for each in (*challenges, waiting):
        world.idea(each)
        world.close(each)
    world.settle()
    decided = [world.run_of(each).decided_at for each in challenges]
    states = []
    for hours in (0, 23.9, 24.1, 49):
        with clock.travelling(max(at for at in decided if at) + timedelta(hours=hours)):
            work.announce_due()
        states.append([world.run_of(each).state for each in (*challenges, waiting)])
    assert states == [
        ["decided"] * 4,
        ["decided"] * 4,
        ["announced", "announced", "decided", "decided"],
        ["announced", "announced", "announced", "decided"],
    ]
    assert _count(Project) == 3


def test_a_result_that_cannot_be_told_holds_up_no_other(world: World) -> None:
    challenges = [world.challenge(announce_after_hours=1) for _ in range(2)]
    for each in challenges:
        world.idea(each)
        world.close(each)
    world.settle()
    with clock.travelling(clock.now() + timedelta(hours=2)):
        with _failing_at(Project, 1), pytest.raises(OSError, match="disk"):
            work.announce_due()
        assert [world.run_of(each).state for each in challenges] == ["decided", "announced"]
        work.announce_due()
    assert [world.run_of(each).state for each in challenges] == ["announced", "announced"]


# --- everybody has his answer --------------------------------------------------------------------------------------


def test_every_author_gets_one_answer_in_his_language(world: World) -> None:
    challenge = world.challenge(who_may="experts", visibility="open", who_decides="votes")
    people = [world.person(f"Author {n}", Circle.EXPERT, language=code) for n, code in enumerate(("en", "nl", "en", "nl"))]
    ideas = [world.idea(challenge, who, f"Idea of {who.name}") for who in people]
    for idea in ideas[:3]:
        world.vote(idea)
    world.announced(challenge)
    for _ in range(2):
        world.settle()
    letters = [letter for letter in world.letters() if letter.to.startswith("author")]
    assert [len([each for each in letters if each.to == f"author.{n}@example.org"]) for n in range(4)] == [2, 2, 2, 2]
    assert len({letter.message_id for letter in letters}) == 8


def test_the_funnel_and_the_projects_agree(world: World) -> None:
    challenge = world.challenge()
    ideas = [world.idea(challenge) for _ in range(5)]
    world.announced(challenge)
    rows = {
        row.stage: (row.entered, row.left)
        for row in db.session.scalars(select(StageCount).where(StageCount.challenge_id == challenge.id))
    }
    assert (rows["submitted"], rows["promoted"], rows["declined"]) == ((5, 5), (3, 0), (2, 0))
    assert (rows["project_running"], rows["gate_frame"]) == ((3, 0), (3, 0))
    projects = db.session.scalars(select(Project.idea_id).order_by(Project.idea_id)).all()
    assert projects == sorted(row.id for row in db.session.scalars(select(Idea).where(Idea.state == "promoted")))
    assert len(ideas) == 5
    assert _count(Run) == 1
