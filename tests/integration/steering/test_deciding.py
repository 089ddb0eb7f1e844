"""Deciding on the desk: in a row, or many at once; each by its own verb, and what is refused says why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Deputy
from innovation.ideas.models import Idea
from innovation.ideas.queries import checking
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.projects.models import Gate, GateDecision
from innovation.promotion.service import running
from innovation.rules.predicates import Role
from tests.integration.steering.test_desk import Monday
from tests.support.pages import words
from tests.support.world import World

DECISIONS = "/desk/decisions"


@pytest.fixture
def monday(world: World) -> Monday:
    return Monday(world)


def _state(world: World, challenge: Challenge) -> str:
    return str(world.again(challenge).state)


def _day(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def _do(monday: Monday, act: str, *names: str, **said: Any) -> Any:
    monday.world.anew()
    return monday.browser.post(f"{DECISIONS}/{act}", {"chosen": list(names), "confirmed": "yes"} | said)


def _name(challenge: Challenge) -> str:
    return f"challenge:{challenge.public_id}"


def test_one_is_published_in_its_row(monday: Monday) -> None:
    made = monday.proposed()
    page = monday.browser.get("/desk").get_data(as_text=True)
    assert f'<input type="hidden" name="chosen" value="challenge:{made.public_id}">' in page
    answer = _do(monday, "publication", _name(made))
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert _state(monday.world, made) == "published"
    assert "1 challenge is published." in words(monday.browser.get("/desk"))


def test_many_are_listed_before_they_are_published_and_nothing_happens_until_then(monday: Monday) -> None:
    made = [monday.proposed(title=f"Which way {number}?") for number in range(3)]
    picked = [_name(each) for each in made[:2]]
    answer = monday.browser.post(f"{DECISIONS}/publication", {"chosen": picked})
    assert answer.status_code == 303
    page = words(monday.browser.get(answer.location))
    assert ["Publish these 2 challenges?" in page, *(each.title in page for each in made)] == [True, True, True, False]
    assert [_state(monday.world, each) for each in made] == ["proposed"] * 3
    assert _do(monday, "publication", *picked).status_code == 303
    assert [_state(monday.world, each) for each in made] == ["published", "published", "proposed"]


def test_what_one_refuses_keeps_no_other_from_being_done(monday: Monday) -> None:
    world = monday.world
    over, good, away = (
        monday.proposed(),
        monday.proposed(),
        world.handed_in(world.draft_challenge(world.person(), monday.other)),
    )
    with transaction():
        challenges.by_id(over.id).closes_at = clock.now() - timedelta(days=1)
    answer = _do(monday, "publication", *(_name(each) for each in (over, good, away)))
    page = words(answer)
    assert answer.status_code == 422
    assert "2 of 3 could not be done" in page
    assert [_state(world, each) for each in (over, good, away)] == ["proposed", "published", "proposed"]
    assert over.title in page
    # Of another manager's challenge not even the title is told.
    assert away.title not in page


def test_a_result_is_announced_as_it_was_looked_at(monday: Monday) -> None:
    run = monday.decided()
    challenge = run.challenges[0].challenge
    name = f"run:{run.public_id}"
    stale = _do(monday, "announcement", name, **{f"seen-{run.public_id}": "another"})
    assert (stale.status_code, "decided again" in words(stale)) == (422, True)
    page = monday.browser.get(f"{DECISIONS}/announcement?chosen={name}").get_data(as_text=True)
    assert f'name="seen-{run.public_id}" value="{run.outcome_hash}"' in page
    done = _do(monday, "announcement", name, **{f"seen-{run.public_id}": run.outcome_hash})
    assert done.status_code == 303
    monday.world.anew()
    assert monday.world.run_of(challenge).state == "announced"


def test_a_promised_answer_moves_later_with_a_reason_that_everybody_reads(monday: Monday) -> None:
    world = monday.world
    made = world.challenge(monday.sponsor, monday.programme)
    world.idea(made, world.person("Author"))
    monday.promised(made, days=3)
    assert _do(monday, "extension", _name(made), day=_day(10)).status_code == 422
    assert _do(monday, "extension", _name(made), day=_day(2), reason="Too soon.").status_code == 422
    before = world.again(made).answer_by
    assert _do(monday, "extension", _name(made), day=_day(10), reason="A test takes longer.").status_code == 303
    after = world.again(made).answer_by
    assert before is not None
    assert after is not None
    assert clock.to_wall(after, made.zone).date().isoformat() == _day(10)
    page = words(world.browser(world.person()).get(f"/challenges/{made.public_id}"))
    assert ["The answer comes later" in page, "A test takes longer." in page] == [True, True]
    world.settle()
    letters = [
        each for each in world.letters() if each.to == "author@example.org" and "The answer comes later" in each.subject
    ]
    assert [("A test takes longer." in each.text) for each in letters] == [True]


def test_a_stand_in_is_named_for_every_sponsor(monday: Monday) -> None:
    world = monday.world
    made = world.challenge(monday.sponsor, monday.programme)
    world.grant(world.person("Second"), Role.SPONSOR, "challenge", made.id)
    deputy = world.person("Dora")
    monday.promised(made, days=1)
    assert "Nobody here has this address" in words(_do(monday, "assignment", _name(made), email="nobody@example.org"))
    assert _do(monday, "assignment", _name(made), email="dora@example.org").status_code == 303
    found = db.session.scalars(select(Deputy.deputy_id).where(Deputy.challenge_id == made.id)).all()
    assert found == [deputy.person_id] * 2


def _late_gate(monday: Monday) -> tuple[str, Gate]:
    world = monday.world
    challenge = world.challenge(monday.sponsor, monday.programme)
    idea = world.idea(challenge, world.person("Author"))
    world.vote(idea)
    world.announced(challenge)
    gate_id = world.project_of(idea).gates[0].id
    with transaction():
        gate = db.session.get_one(Gate, gate_id)
        gate.due_at = clock.now() - timedelta(days=2)
    world.anew()
    project = world.project_of(idea)
    return project.public_id, project.gates[0]


def test_a_late_gate_gets_a_later_day_and_a_deputy_from_the_manager(monday: Monday) -> None:
    project, gate = _late_gate(monday)
    name = f"gate:{project}/{gate.key}"
    monday.world.person("Dora")
    page = words(monday.browser.get("/desk"))
    assert "Gates to decide, or late" in page
    assert _do(monday, "extension", name, day=_day(-1), reason="Why not.").status_code == 422
    assert _do(monday, "extension", name, day=_day(9), reason="Parts come late.").status_code == 303
    assert _do(monday, "assignment", name, email="dora@example.org").status_code == 422  # it is not late any more
    row = db.session.get_one(Gate, gate.id)
    assert clock.to_wall(row.due_at, "Europe/Amsterdam").date().isoformat() == _day(9)
    (kept,) = db.session.scalars(select(GateDecision).where(GateDecision.gate_id == gate.id)).all()
    assert (kept.verdict, kept.reason, kept.decided_as) == ("later", "Parts come late.", "manager")
    with transaction():
        db.session.get_one(Gate, gate.id).due_at = clock.now() - timedelta(days=1)
    assert _do(monday, "assignment", name, email="dora@example.org").status_code == 303
    monday.world.anew()
    assert db.session.get_one(Gate, gate.id).deputy_id is not None
    page = words(monday.world.browser(monday.sponsor).get(f"/projects/{project}"))
    assert "Parts come late." in page


def test_nothing_picked_says_so_and_strangers_have_no_desk(monday: Monday) -> None:
    answer = monday.browser.post(f"{DECISIONS}/publication", {})
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert "Pick at least one line first." in words(monday.browser.get("/desk"))
    stranger = monday.world.browser(monday.world.person())
    made = monday.proposed()
    answers = [
        stranger.post(f"{DECISIONS}/publication", {"chosen": _name(made), "confirmed": "yes"}).status_code,
        stranger.get("/desk/approvals").status_code,
        monday.world.browser().get("/desk/approvals").status_code,
        monday.browser.get("/desk/nonsense").status_code,
        monday.browser.post(f"{DECISIONS}/nonsense", {}).status_code,
    ]
    assert answers == [403, 403, 303, 404, 404]
    assert _state(monday.world, made) == "proposed"


def test_who_wrote_an_idea_in_it_announces_no_result(monday: Monday) -> None:
    world = monday.world
    made = world.challenge(monday.sponsor, monday.programme)
    author: Actor = monday.manager
    idea = world.idea(made, author)
    world.vote(idea)
    run = world.decided(made)
    assert "Somebody else decides" in words(monday.browser.get("/desk"))
    answer = _do(monday, "announcement", f"run:{run.public_id}", **{f"seen-{run.public_id}": run.outcome_hash})
    assert (answer.status_code, world.run_of(made).state) == (422, "decided")
    running.announce(actor=world.sponsor_of(made), run=world.run_of(made))


def test_an_idea_is_accepted_by_who_checks_and_by_nobody_else(monday: Monday) -> None:
    world = monday.world
    made = world.challenge(monday.sponsor, monday.programme, checked_first=True)
    idea = world.idea(made, title="Planted words")
    name = f"idea:{idea.public_id}"
    assert world.idea_again(idea).state == "checking"
    assert _do(monday, "acceptance", name).status_code == 422
    world.grant(monday.manager, Role.CHECKER, "challenge", made.id)
    page = words(monday.browser.get("/desk"))
    assert [f"Idea {idea.public_id}" in page, "Planted words" in page] == [True, False]
    asked = monday.browser.get(f"{DECISIONS}/acceptance?chosen={name}").get_data(as_text=True)
    assert f'name="seen-{idea.public_id}" value="1"' in asked
    stale = _do(monday, "acceptance", name, **{f"seen-{idea.public_id}": "2"})
    assert (stale.status_code, "Read it again" in words(stale)) == (422, True)
    assert _do(monday, "acceptance", name, **{f"seen-{idea.public_id}": "1"}).status_code == 303
    assert world.idea_again(idea).state == "submitted"


def test_somebody_checks_in_the_place_of_those_who_let_ideas_wait(monday: Monday) -> None:
    world = monday.world
    made = world.challenge(monday.sponsor, monday.programme, checked_first=True)
    idea, deputy = world.idea(made, title="Planted words"), world.person("Dora")
    with transaction():
        db.session.get_one(Idea, idea.id).submitted_at = clock.now() - timedelta(days=3)
    page = words(monday.browser.get("/desk"))
    assert [f"Idea {idea.public_id}" in page, "1 late" in page, "Planted words" in page] == [True, True, False]
    asked = words(monday.browser.get(f"{DECISIONS}/assignment?chosen=idea:{idea.public_id}"))
    assert [idea.public_id in asked, "Planted words" in asked] == [True, False]
    assert _do(monday, "assignment", f"idea:{idea.public_id}", email="dora@example.org").status_code == 303
    assert [each.public_id for each in checking.to_check(world.actor(deputy.person_id or 0))] == [idea.public_id]
