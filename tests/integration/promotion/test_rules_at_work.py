"""Rules applied to live challenges: budgets that skip or stop, the sponsor's own choice, and a second pass."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.challenges.models import Challenge
from innovation.challenges.service import course
from innovation.ideas.models import Idea
from innovation.ideas.service import writing
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.projects.models import Project
from innovation.promotion import queries as promotion
from innovation.promotion.models import Decision, Pick, Run, RunChallenge
from innovation.promotion.service import picking, queueing, running
from innovation.promotion.service.importing import take_in_round
from innovation.rules.predicates import Role
from innovation.rules.promotion import ready_rule, second_pass
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World


def _budget_rule(overrun: str) -> dict[str, Any]:
    return ready_rule("top_k_approvals", capacity={"kind": "budget", "overrun": overrun})


def _asked(world: World, challenge: Challenge, asks: list[int]) -> list[Idea]:
    """Ideas that ask so much each, the first the most wanted."""
    made = [world.idea(challenge, requested_minor=amount) for amount in asks]
    crowd = world.crowd(len(asks))
    for place, idea in enumerate(made):
        for who in crowd[place:]:
            world.vote(idea, who)
    return made


def _decided(run: Run) -> dict[int, tuple[bool, str]]:
    rows = db.session.scalars(select(Decision).where(Decision.run_id == run.id))
    return {row.idea_id: (row.promoted, row.because) for row in rows}


@pytest.mark.parametrize(
    ("overrun", "chosen", "why"),
    [
        ("skip", [True, False, True], ["within_budget", "over_budget", "within_budget"]),
        ("stop", [True, False, False], ["within_budget", "over_budget", "after_stop"]),
    ],
)
def test_a_budget_skips_or_stops_at_what_does_not_fit(
    world: World, overrun: str, chosen: list[bool], why: list[str]
) -> None:
    challenge = world.challenge(rule=_budget_rule(overrun), budget_minor=100)
    ideas = _asked(world, challenge, [70, 60, 30])
    run = world.decided(challenge)
    found = _decided(run)
    assert [found[idea.id] for idea in ideas] == list(zip(chosen, why, strict=True))
    spent = sum(ask for ask, yes in zip([70, 60, 30], chosen, strict=True) if yes)
    row = db.session.scalars(select(RunChallenge)).one()
    assert (row.available_minor, row.spent_minor, row.left_minor, row.promoted) == (100, spent, 100 - spent, sum(chosen))


def test_a_threshold_keeps_out_what_too_few_want(world: World) -> None:
    rule = ready_rule("top_k_approvals", eligibility={"measure": "for", "at_least": {"value": 2}})
    challenge = world.challenge(rule=rule)
    two, one, none = (world.idea(challenge) for _ in range(3))
    for who in world.crowd(2):
        world.vote(two, who)
    world.vote(one)
    run = world.decided(challenge)
    assert _decided(run) == {
        two.id: (True, "within_top"),
        one.id: (False, "below_threshold"),
        none.id: (False, "below_threshold"),
    }


def test_a_withdrawn_idea_has_its_decision_too(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    idea = world.idea(challenge, author)
    world.vote(idea)
    writing.withdraw(actor=author, idea=world.idea_again(idea))
    world.idea(challenge)
    assert _decided(world.decided(challenge))[idea.id] == (False, "withdrawn")


def test_a_challenge_without_ideas_is_decided_too(world: World) -> None:
    challenge = world.challenge()
    run = world.announced(challenge)
    assert (run.state, world.again(challenge).state) == ("announced", "decided")
    assert _decided(run) == {}


# --- the sponsor's own choice --------------------------------------------------------------------------------------


class Picked:
    """A challenge that its sponsor decides, closed, with two ideas."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.challenge = world.sealed()
        self.sponsor: Actor = world.sponsor_of(self.challenge)
        self.author = world.person()
        self.one, self.two = (world.idea(self.challenge, self.author) for _ in range(2))
        world.close(self.challenge)

    def pick(self, idea: Idea, chosen: bool, reason: str = "Because it is so.", who: Actor | None = None) -> str:
        row = self.world.idea_again(idea)
        return answer(lambda: picking.pick(actor=who or self.sponsor, idea=row, chosen=chosen, reason=reason))

    def finish(self, who: Actor | None = None) -> str:
        row = self.world.again(self.challenge)
        return answer(lambda: picking.finish_picks(actor=who or self.sponsor, challenge=row))


@pytest.fixture
def picked(world: World) -> Picked:
    return Picked(world)


def test_the_sponsors_reason_reaches_the_decision_and_the_author(picked: Picked) -> None:
    world = picked.world
    picked.pick(picked.one, True, "It fits *our* plant.")
    picked.pick(picked.two, False, "Tried in 2019: too wet.")
    path = f"/ideas/{picked.two.public_id}"
    browser = world.browser(picked.author)
    assert "too wet" not in browser.get(path).get_data(as_text=True)
    assert picked.finish() == "done"
    world.settle()
    run = world.run_of(picked.challenge)
    assert "too wet" not in browser.get(path).get_data(as_text=True)
    running.announce(actor=picked.sponsor, run=run)
    rows = db.session.execute(select(Decision.because, Decision.words).order_by(Decision.idea_id)).all()
    assert [tuple(row) for row in rows] == [("picked", "It fits *our* plant."), ("not_picked", "Tried in 2019: too wet.")]
    assert "too wet" in browser.get(path).get_data(as_text=True)
    world.settle()
    told = [letter for letter in world.letters() if "too wet" in letter.text]
    assert [letter.to for letter in told] == [f"{picked.author.name}@example.org"]


def test_a_choice_needs_a_reason_and_the_last_one_counts(picked: Picked) -> None:
    assert picked.pick(picked.one, True, "  \n") == "Invalid reason_missing"
    assert [picked.pick(picked.one, yes, f"Reason {yes}.") for yes in (True, False)] == ["done", "done"]
    rows = db.session.execute(select(Pick.chosen, Pick.reason)).all()
    assert [tuple(row) for row in rows] == [(False, "Reason False.")]


def test_nothing_is_decided_before_every_idea_has_a_choice(picked: Picked) -> None:
    picked.pick(picked.one, True)
    assert picked.finish() == "Invalid ideas_without_choice"
    assert queueing.queue_due(actor=house(Origin.CLOCK)) == 0
    picked.pick(picked.two, False)
    assert queueing.queue_due(actor=house(Origin.CLOCK)) == 0
    assert picked.finish() == "done"
    assert queueing.queue_due(actor=house(Origin.CLOCK)) == 1


def test_choices_do_not_change_once_they_are_finished(picked: Picked) -> None:
    for idea in (picked.one, picked.two):
        picked.pick(idea, True)
    assert [picked.finish(), picked.finish()] == ["done", "NotPossible picks_are_finished"]
    assert picked.pick(picked.one, False) == "NotPossible picks_are_finished"


def test_choices_are_not_finished_while_ideas_can_come_in(world: World) -> None:
    challenge = world.sealed()
    sponsor = world.sponsor_of(challenge)
    said = answer(lambda: picking.finish_picks(actor=sponsor, challenge=world.again(challenge)))
    assert said == "NotNow ideas_can_still_come_in"


def test_only_the_sponsor_chooses(picked: Picked) -> None:
    world = picked.world
    panel = world.grant(world.person(), Role.PANEL, "challenge", picked.challenge.id)
    watchers = [world.manager, panel, picked.author, world.person()]
    answers = {picked.pick(picked.one, True, who=who) for who in watchers}
    answers |= {picked.finish(who) for who in watchers}
    assert answers == {"Refused pick"}


def test_where_votes_decide_the_sponsor_does_not_choose(world: World) -> None:
    challenge = world.challenge()
    idea, sponsor = world.idea(challenge), world.sponsor_of(challenge)
    said = answer(lambda: picking.pick(actor=sponsor, idea=world.idea_again(idea), chosen=True, reason="x"))
    assert said == "NotPossible not_to_be_picked"


# --- a round of several challenges ---------------------------------------------------------------------------------


def _round(world: World, challenges: list[Challenge], second: list[bool]) -> None:
    rule = _budget_rule("skip")
    with transaction():
        take_in_round(
            programme_id=challenges[0].programme_id,
            source="test",
            foreign_id="round",
            title="Round",
            rule=rule,
            second_rule=second_pass(rule),
            members=list(zip(challenges, second, strict=True)),
            now=world.now(),
        )


def test_a_second_pass_spends_what_the_first_left_over(world: World) -> None:
    programme = world.programme()
    first, second = (world.challenge(programme=programme, rule=_budget_rule("skip"), budget_minor=100) for _ in range(2))
    a = _asked(world, first, [60, 80])
    b = _asked(world, second, [50, 70])
    _round(world, [first, second], [True, True])
    for each in (first, second):
        world.close(each)
    world.settle()  # imported rounds announce at once
    world.settle()
    runs = world.runs()
    assert [(run.pass_no, run.state) for run in runs] == [(1, "announced"), (2, "announced")]
    assert _decided(runs[0]) == {
        a[0].id: (True, "within_budget"),
        a[1].id: (False, "over_budget"),
        b[0].id: (True, "within_budget"),
        b[1].id: (False, "over_budget"),
    }
    # 40 and 50 were left: 90 together, for the one that asks 80 and the one that asks 70.
    assert sorted(_decided(runs[1])) == sorted([a[1].id, b[1].id])
    assert sorted(promoted for promoted, _ in _decided(runs[1]).values()) == [False, True]
    world.anew()
    states = [world.idea_again(idea).state for idea in (*a, *b)]
    assert (states.count("promoted"), states.count("declined")) == (3, 1)
    assert db.session.scalar(select(func.count()).select_from(Project)) == 3
    assert {world.again(each).state for each in (first, second)} == {"decided"}


def test_a_second_pass_decides_its_candidates_alone(world: World) -> None:
    programme = world.programme()
    first, second = (world.challenge(programme=programme, rule=_budget_rule("skip"), budget_minor=100) for _ in range(2))
    a = _asked(world, first, [60, 80])
    b = _asked(world, second, [60, 30])
    _round(world, [first, second], [True, False])
    for each in (first, second):
        world.close(each)
    for _ in range(3):
        world.settle()
    runs = world.runs()
    assert [run.pass_no for run in runs] == [1, 2]
    assert sorted(_decided(runs[1])) == [a[1].id]
    assert [world.idea_again(idea).state for idea in b] == ["promoted", "promoted"]


def test_a_round_waits_for_its_last_challenge(world: World) -> None:
    programme = world.programme()
    first, second = (world.challenge(programme=programme, rule=_budget_rule("skip"), budget_minor=100) for _ in range(2))
    _round(world, [first, second], [False, False])
    world.close(first)
    assert queueing.queue_due(actor=house(Origin.CLOCK)) == 0
    world.close(second)
    assert queueing.queue_due(actor=house(Origin.CLOCK)) == 1
    assert [each.challenge_id for each in promotion.run(world.runs()[0].id).challenges] == [first.id, second.id]


def test_four_clocks_at_once_queue_one_run_of_a_round(world: World) -> None:
    challenge = world.challenge(rule=_budget_rule("skip"), budget_minor=100)
    _round(world, [challenge], [False])
    world.close(challenge)
    results = at_once(world.app, [lambda: queueing.queue_due(actor=house(Origin.CLOCK))] * 4, slow="FROM round")
    assert [spelled(each) for each in results] == ["int"] * 4
    assert (sum(results), len(world.runs())) == (1, 1)


def test_a_stopped_challenge_is_not_decided(world: World) -> None:
    challenge = world.challenge()
    world.idea(challenge)
    course.stop(actor=world.manager, challenge=world.again(challenge), note="x", ideas="They stay yours.")
    world.close(challenge)
    assert queueing.queue_due(actor=house(Origin.CLOCK)) == 0


def test_a_challenge_is_not_stopped_once_its_decision_is_being_taken(world: World) -> None:
    challenge = world.challenge()
    world.idea(challenge)
    world.decided(challenge)
    said = answer(
        lambda: course.stop(actor=world.manager, challenge=world.again(challenge), note="x", ideas="They stay yours.")
    )
    assert said == "NotPossible cannot_stop"


def test_nothing_is_decided_before_the_last_phase_is_over(world: World) -> None:
    challenge = world.challenge()
    world.idea(challenge)
    moments = [challenge.closes_at - timedelta(minutes=1), challenge.closes_at + timedelta(minutes=1)]
    moments += [challenge.vote_closes_at + timedelta(minutes=minutes) for minutes in (-1, 1)]  # type: ignore[operator]
    queued = []
    for moment in moments:
        with clock.travelling(moment):
            queued.append(queueing.queue_due(actor=house(Origin.CLOCK)))
    assert queued == [0, 0, 0, 1]
