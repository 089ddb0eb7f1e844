"""A rule that changes after judging has begun: who may, when, what is kept of it, and who reads it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.challenges.service import rules
from innovation.challenges.service.fitting import default_rule
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.promotion.service import overriding, running
from innovation.rules.predicates import Role
from innovation.rules.promotion import ready_rule
from innovation.voting.service import measuring
from tests.support.forms import filled
from tests.support.refusals import answer
from tests.support.world import World


def voted(world: World, **changes: Any) -> tuple[Challenge, list[Idea]]:
    """A challenge that chooses one of three ideas; the later ones have more votes in favour."""
    made = world.challenge(**({"rule": ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1})} | changes))
    ideas = [world.idea(made) for _ in range(3)]
    for place, idea in enumerate(ideas):
        for _ in range(place + 1):
            world.vote(idea)
    return world.again(made), ideas


def closed(world: World, made: Challenge) -> Challenge:
    world.close(made)
    measuring.measure(actor=house(Origin.CLOCK), challenge_id=made.id, k=1)
    return world.again(made)


def top(k: int) -> dict[str, Any]:
    return ready_rule("top_k_approvals", capacity={"kind": "top", "k": k})


def facts(made: Challenge) -> list[dict[str, Any]]:
    found = db.session.scalars(
        select(Event.payload).where(Event.name == "RuleChanged", Event.challenge_id == made.id).order_by(Event.id)
    ).all()
    db.session.rollback()
    return list(found)


def test_an_override_is_kept_with_who_came_in(world: World) -> None:
    made, ideas = voted(world)
    made = closed(world, made)
    overriding.change_rule(actor=world.manager, challenge=made, rule=top(2), reason="There is money for two.")
    [(change, name)] = challenges.rule_changes(made.id)
    kept = (change.number, change.before, change.after, change.entered, change.left, change.reason, name)
    assert kept == (2, top(1), top(2), [ideas[1].public_id], [], "There is money for two.", "Manager")
    again = world.again(made)
    assert (again.rule, again.rule_no) == (top(2), 2)
    assert [(fact["number"], fact["entered"], fact["left"]) for fact in facts(made)] == [(2, 1, 0)]


def test_an_override_is_kept_with_who_went_out(world: World) -> None:
    made, ideas = voted(world)
    made = closed(world, made)
    rule = top(1) | {"eligibility": {"measure": "for", "at_most": {"value": 2}}}
    overriding.change_rule(actor=world.manager, challenge=made, rule=rule, reason="One camp voted as one.")
    [(change, _)] = challenges.rule_changes(made.id)
    assert (change.entered, change.left) == ([ideas[1].public_id], [ideas[2].public_id])


def test_the_run_goes_by_the_changed_rule(world: World) -> None:
    made, ideas = voted(world)
    overriding.change_rule(actor=world.manager, challenge=closed(world, made), rule=top(2), reason="Two.")
    world.announced(made)
    assert [world.idea_again(idea).state for idea in ideas] == ["declined", "promoted", "promoted"]


def test_while_votes_come_in_nobody_learns_whom_it_concerns(world: World) -> None:
    made, _ = voted(world)
    overriding.change_rule(actor=world.manager, challenge=made, rule=top(2), reason="Two.")
    [(change, _)] = challenges.rule_changes(made.id)
    assert (change.entered, change.left, world.again(made).rule_no) == ([], [], 2)


def test_before_judging_it_is_an_ordinary_edit(world: World) -> None:
    later: dict[str, Any] = {"vote_opens": world.wall(days=20), "rule": default_rule("votes")}
    made = world.challenge(**later)
    overriding.change_rule(actor=world.manager, challenge=made, rule=top(2))
    again = world.again(made)
    assert (again.rule, again.rule_no, list(challenges.rule_changes(made.id)), facts(made)) == (top(2), 1, [], [])


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_override_takes_a_reason(world: World, reason: str) -> None:
    made, _ = voted(world)
    path = f"/challenges/{made.public_id}/rule"
    browser = world.browser(world.manager)
    page = browser.post(path, filled(browser.get(path), path) | {"do": "save", "k": "2", "reason": reason})
    assert page.status_code == 422
    assert 'href="#reason"' in page.get_data(as_text=True)
    assert (filled(page, path)["k"], world.again(made).rule_no) == ("2", 1)


def test_everybody_reads_the_change_and_the_ideas_only_with_the_result(world: World) -> None:
    made, ideas = voted(world)
    made = closed(world, made)
    path = f"/challenges/{made.public_id}/rule"
    browser, reader = world.browser(world.manager), world.browser(world.person())
    page = browser.post(path, filled(browser.get(path), path) | {"do": "save", "k": "2", "reason": "Money for two."})
    assert page.status_code == 303
    seen = reader.get(f"/challenges/{made.public_id}/decision").get_data(as_text=True)
    assert ("Money for two." in seen, ideas[1].title in seen) == (True, False)
    world.settle()
    running.announce(actor=world.sponsor_of(made), run=world.run_of(made))
    seen = reader.get(f"/challenges/{made.public_id}/decision").get_data(as_text=True)
    assert ("Money for two." in seen, ideas[1].title in seen) == (True, True)


def test_what_cannot_be_overridden(world: World) -> None:
    made, _ = voted(world)
    manager = world.manager

    def change(rule: Any, **who: Any) -> str:
        values = {"actor": manager, "challenge": world.again(made), "rule": rule, "reason": "Why not."} | who
        return answer(lambda: overriding.change_rule(**values))

    assert change(top(1)) == "Invalid rule_is_the_same"
    assert change(ready_rule("panel_best")) == "Invalid rule_does_not_fit"
    assert change(ready_rule("pabulib_greedy_skip")) == "Invalid rule_needs_a_budget"
    assert change(top(1) | {"capacity": {"kind": "top", "k": 0}}) == "Invalid rule_not_positive"
    assert change(top(2), actor=world.sponsor_of(made)) == "Refused change_rule"
    writer = world.grant(world.person(), Role.MANAGER)
    world.idea(made, writer)
    assert change(top(2), actor=writer) == "Refused change_rule"
    world.close(made)
    assert change(top(2)) == "NotNow votes_not_measured"
    world.decided(made)
    assert change(top(2)) == "NotPossible rule_is_fixed"
    assert (world.again(made).rule, world.again(made).rule_no) == (top(1), 1)


def test_a_published_rule_is_not_edited_like_a_draft(world: World) -> None:
    made = world.challenge()
    edit = answer(lambda: rules.edit_rule(actor=world.sponsor_of(made), challenge=made, rule=top(2)))
    assert edit == "NotPossible brief_is_published"


def test_judging_begins_with_the_first_vote_score_or_choice(world: World) -> None:
    voting = world.challenge(vote_opens=world.wall(days=20))
    panel = world.challenge(who_decides="panel", rule=default_rule("panel"))
    picks = world.challenge(who_decides="sponsor")
    begins = [rules.judging_begins(each) for each in (voting, panel, picks)]
    assert begins == [voting.vote_opens_at, panel.closes_at, picks.opens_at]
    now = clock.now()
    assert [rules.has_begun(each, now) for each in (voting, panel, picks)] == [False, False, True]
