"""Promotion happens once, with a reason for every idea."""

from __future__ import annotations

from sqlalchemy import func, select

from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.projects.models import Project
from innovation.promotion.models import Decision, Run
from innovation.promotion.service import queueing, running
from tests.support.world import World


def _decided(world: World, ideas: int = 5) -> tuple[Run, list[int]]:
    challenge = world.challenge()
    made = [world.idea(challenge) for _ in range(ideas)]
    for place, idea in enumerate(made):
        for _ in range(ideas - place):
            world.vote(idea)
    world.close(challenge)
    world.settle()
    return world.run_of(challenge), [idea.id for idea in made]


def test_every_idea_gets_one_decision_with_a_reason(world: World) -> None:
    run, ideas = _decided(world)
    rows = db.session.execute(select(Decision.idea_id, Decision.promoted, Decision.because).order_by(Decision.place)).all()
    assert [row.idea_id for row in rows] == ideas
    assert [row.promoted for row in rows] == [True, True, True, False, False]
    assert {row.because for row in rows} == {"within_top", "below_line"}
    assert run.state == "decided"


def test_a_run_carried_on_twice_decides_once(world: World) -> None:
    run, _ = _decided(world)
    for _ in range(2):
        running.carry_on(actor=house(Origin.CLOCK), run_id=run.id)
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 5


def test_announcing_twice_opens_each_project_once(world: World) -> None:
    run, ideas = _decided(world)
    challenge = run.challenges[0].challenge
    sponsor = world.sponsor_of(challenge)
    for _ in range(2):
        running.announce(actor=sponsor, run=world.run_of(challenge))
    assert sorted(db.session.scalars(select(Project.idea_id))) == ideas[:3]
    assert world.run_of(challenge).state == "announced"


def test_two_clocks_queue_one_run(world: World) -> None:
    challenge = world.challenge()
    world.idea(challenge)
    world.close(challenge)
    assert [queueing.queue_due(actor=house(Origin.CLOCK)) for _ in range(2)] == [1, 0]
    assert db.session.scalar(select(func.count()).select_from(Run)) == 1
