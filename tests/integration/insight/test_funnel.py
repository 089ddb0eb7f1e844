"""The funnel: whatever happened, its figures are those of the passages, and each opens a list as long as it says."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.ideas.service import writing
from innovation.insight import queries as insight
from innovation.insight.service import taking_part
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.projects.models import Project
from innovation.projects.service import gates
from innovation.rules.predicates import Role
from innovation.rules.project import Verdict
from tests.support.world import World

PARTS: dict[str, Callable[[insight.Stage], int]] = {
    "entered": lambda stage: stage.entered,
    "inside": lambda stage: stage.inside,
    "left": lambda stage: stage.left,
}


def listed(who: Actor, stage: insight.Stage, part: str, filters: insight.Filters = insight.EVERYTHING) -> list[int]:
    """The passages behind a figure, page by page."""
    found: list[int] = []
    cursor: str | None = None
    while True:
        if stage.kind == "person":
            people = insight.people(who, filters, stage.key, cursor)
            found += [] if part == "left" else [row.id for row in people.items]
            cursor = people.next
        else:
            page = insight.members(who, filters, stage.kind, stage.key, part, cursor)
            found += [row[0].id for row in page.items]
            cursor = page.next
        if cursor is None:
            return found


def assert_adds_up(who: Actor, filters: insight.Filters = insight.EVERYTHING) -> None:
    db.session.rollback()
    assert insight.mismatches() == []
    funnel = insight.funnel(who, filters)
    for stage in (*funnel.main, *funnel.side):
        assert stage.entered == stage.inside + stage.left
        assert stage.inside >= 0
        for part, figure in PARTS.items():
            rows = listed(who, stage, part, filters)
            assert len(rows) == len(set(rows)) == figure(stage), (stage, part)


def happen(world: World, seed: int) -> Challenge:
    """A challenge in which chance decides who sends, withdraws and votes; decided, announced, and gates passed."""
    chance = random.Random(seed)
    sponsor = world.person()
    challenge = world.challenge(sponsor)
    voters = world.crowd(3)
    for author in world.crowd(chance.randint(3, 7)):
        idea: Idea = world.draft_idea(challenge, author)
        fate = chance.random()
        if fate < 0.15:
            continue
        if fate < 0.25:
            writing.withdraw(actor=author, idea=world.idea_again(idea))
            continue
        idea = writing.submit(actor=author, idea=idea, accept_terms=True)
        if fate < 0.4:
            writing.withdraw(actor=author, idea=world.idea_again(idea))
            continue
        for voter in voters:
            if chance.random() < 0.7:
                world.vote(idea, voter)
    world.announced(challenge)
    for (idea_id,) in db.session.execute(db.select(Project.idea_id)).all():
        for key in ("frame", "build", "test", "decide")[: chance.randint(0, 4)]:
            project = world.project_of(db.session.get_one(Idea, idea_id))
            passed = chance.random() < 0.8
            verdict = Verdict.PASS if passed else Verdict.STOP
            gates.decide(
                actor=house(Origin.CLI), project=project, gate_key=key, seen=0, verdict=verdict, reason="In one sentence."
            )
            if not passed:
                break
    return challenge


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_figures_equal_the_passages_after_any_history(seed: int, world: World) -> None:
    challenge = happen(world, seed)
    taking_part.keep_participation(actor=house(Origin.CLOCK))
    for of in (insight.EVERYTHING, insight.of_challenge(challenge)):
        assert_adds_up(house(Origin.CLI), of)
    assert_adds_up(world.manager)


def test_a_draft_that_was_thrown_away_was_never_in_the_funnel(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    writing.withdraw(actor=author, idea=world.idea_again(world.draft_idea(challenge, author)))
    writing.withdraw(actor=author, idea=world.idea_again(world.idea(challenge, author)))
    assert insight.funnel(world.manager).stage("withdrawn").entered == 1
    assert insight.mismatches() == []


def test_a_wrong_counter_is_found(world: World) -> None:
    from innovation.kernel.lifecycle import StageCount

    challenge = world.challenge()
    world.idea(challenge)
    row = db.session.scalars(db.select(StageCount).where(StageCount.stage == "submitted")).one()
    row.entered += 1
    db.session.commit()
    assert insight.mismatches() == [(challenge.id, "submitted", "kept (2, 0), counted (1, 0)")]


def test_a_list_of_many_pages_holds_every_row_once(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    for _ in range(60):
        world.idea(challenge, author)
    funnel = insight.funnel(world.manager)
    assert len(listed(world.manager, funnel.stage("submitted"), "inside")) == 60
    assert funnel.stage("submitted") == insight.Stage("idea", "submitted", 60, 0)


def test_a_sponsor_counts_his_own_challenge_and_a_stranger_none(world: World) -> None:
    one, other = world.challenge(), world.challenge()
    for challenge, number in ((one, 2), (other, 3)):
        for _ in range(number):
            world.idea(challenge)
    assert insight.funnel(world.sponsor_of(one)).stage("submitted").entered == 2
    assert insight.funnel(world.manager).stage("submitted").entered == 5
    stranger = world.person()
    assert insight.funnel(stranger).stage("submitted").entered == 0
    assert listed(stranger, insight.Stage("idea", "submitted", 0, 0), "entered") == []


def test_a_programmes_manager_counts_his_programme(world: World) -> None:
    programme = world.programme()
    world.idea(world.challenge(programme=programme))
    world.idea(world.challenge())
    manager = world.grant(world.person(), Role.MANAGER, "programme", programme.id)
    assert insight.funnel(manager).stage("submitted").entered == 1
    assert insight.funnel(world.manager, insight.Filters(programme=programme)).stage("submitted").entered == 1


def test_sealed_ideas_are_counted_but_not_named_for_a_manager(world: World) -> None:
    sealed, audience = world.sealed(), world.challenge()
    hidden, shown = world.idea(sealed, title="Secret sauce"), world.idea(audience, title="Plain idea")
    assert insight.funnel(world.manager).stage("submitted").entered == 2
    assert insight.readable(world.manager, [hidden.id, shown.id]) == {shown.id}
    assert insight.readable(world.sponsor_of(sealed), [hidden.id]) == {hidden.id}
    assert insight.readable(world.manager, []) == set()
    page = world.browser(world.manager).get("/funnel/idea/submitted/entered").get_data(as_text=True)
    assert "Secret sauce" not in page
    assert hidden.public_id in page
    assert "Plain idea" in page
    both = world.grant(world.sponsor_of(sealed), Role.MANAGER)
    of_sponsor = world.browser(both).get("/funnel/idea/submitted/entered").get_data(as_text=True)
    assert "Secret sauce" in of_sponsor


def test_the_front_page_counts_no_sealed_ideas(world: World) -> None:
    world.idea(world.sealed())
    world.idea(world.challenge())
    assert insight.strip(world.person()) == (1, 0, 0)


def test_lists_that_are_none_are_not_found(world: World) -> None:
    browser = world.browser(world.manager)
    for path in ("/funnel/idea/nowhere/entered", "/funnel/gate/submitted/entered", "/funnel/idea/submitted/some"):
        assert browser.get(path).status_code == 404
    assert browser.get("/funnel?programme=0000000000").status_code == 404
