"""Learning from outcomes: a rule tried on what was frozen, and scores set against what worked, each for its own readers."""

from __future__ import annotations

from typing import Any

import pytest

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.projects.models import Project
from innovation.projects.queries import calibration
from innovation.promotion.models import Run
from innovation.promotion.queries import tried
from innovation.promotion.service import backtesting, running
from innovation.rules.backtest import Findings, Refusal
from innovation.rules.predicates import Role
from innovation.rules.promotion import ready_rule
from tests.conftest import counting
from tests.support.pages import words
from tests.support.world import World

COUNTED = "Picked, and worked"


def most_votes(k: int) -> dict[str, Any]:
    return ready_rule("top_k_approvals", capacity={"kind": "top", "k": k})


def ends(idea: Idea, state: str) -> None:
    """What came of an idea's project, as if its gates had been decided."""
    with transaction():
        row = db.session.execute(db.select(Project).where(Project.idea_id == idea.id)).scalar_one()
        row.state = state


def decided(
    world: World, votes: tuple[int, ...] = (4, 3, 2, 1), chosen: int = 3, **columns: Any
) -> tuple[Challenge, list[Idea]]:
    """A challenge decided by votes: so many for each idea, the best so many chosen."""
    challenge = world.challenge(world.person(), rule=most_votes(chosen), **columns)
    ideas = [world.idea(challenge, title=f"Idea {n}") for n in range(len(votes))]
    for idea, times in zip(ideas, votes, strict=True):
        for voter in world.crowd(times):
            world.vote(idea, voter)
    world.announced(challenge)
    return challenge, ideas


def scored(world: World, seats: list[Actor], states: tuple[str, ...], scores: tuple[int, ...]) -> Challenge:
    """A challenge that this panel scored, each member alike, and what came of its ideas, all of which were chosen."""
    rule = ready_rule("panel_best", capacity={"kind": "top", "k": len(states)})
    challenge = world.panel_challenge(world.person(), rule=rule)
    ideas = [world.idea(challenge, title=f"Idea {n}") for n in range(len(states))]
    panel = [world.panellist(challenge, seat) for seat in seats]
    world.scoring(challenge)
    for idea, score in zip(ideas, scores, strict=True):
        for member in panel:
            world.review(idea, member, (score, score, score))
    world.close_scoring(challenge)
    world.settle()
    running.announce(actor=world.sponsor_of(challenge), run=world.run_of(challenge))
    for idea, state in zip(ideas, states, strict=True):
        if state != "running":
            ends(idea, state)
    return challenge


# --- a rule tried on the past --------------------------------------------------------------------------------------


def test_what_was_never_tried_is_neither_right_nor_wrong(world: World) -> None:
    _challenge, ideas = decided(world)
    for idea, state in zip(ideas, ("stopped", "adopted"), strict=False):
        ends(idea, state)
    found = {k: backtesting.on_earlier_results(world.manager, most_votes(k)).total for k in (1, 4)}
    assert found == {1: Findings(picked_failed=1, left_worked=1), 4: Findings(1, 1, picked_unknown=2)}


def test_as_many_are_taken_as_were_chosen_then(world: World) -> None:
    _challenge, ideas = decided(world, chosen=2)
    for idea in ideas[:2]:
        ends(idea, "passed")
    manager = world.manager
    assert backtesting.on_earlier_results(manager, most_votes(1)).total == Findings(picked_worked=1, left_worked=1)
    assert backtesting.on_earlier_results(manager, most_votes(1), as_many=True).total == Findings(picked_worked=2)


def test_what_was_frozen_counts_and_nothing_is_kept(world: World) -> None:
    _challenge, ideas = decided(world, chosen=1)
    ends(ideas[0], "passed")
    manager = world.manager
    rows = db.session.query(Run).count()
    found = backtesting.on_earlier_results(manager, ready_rule("panel_best"))
    assert [row.found for row in found.rows] == [Refusal("measure", "reviews")]
    assert (found.total, found.refused) == (Findings(), 1)
    assert db.session.query(Run).count() == rows
    assert not db.session.dirty
    assert not db.session.new


def test_equal_shares_is_tried_on_the_stored_ballots(world: World) -> None:
    _challenge, ideas = decided(world, chosen=1, budget_minor=1_000)
    ends(ideas[0], "passed")
    [row] = backtesting.on_earlier_results(world.manager, ready_rule("equal_shares")).rows
    assert row.found == Refusal("amounts")


def test_votes_say_nothing_where_a_panel_decided(world: World) -> None:
    scored(world, [world.person() for _ in range(2)], ("passed", "stopped"), (5, 2))
    manager = world.manager
    [row] = backtesting.on_earlier_results(manager, most_votes(1)).rows
    assert row.found == Refusal("votes")
    [row] = backtesting.on_earlier_results(manager, ready_rule("panel_best", capacity={"kind": "top", "k": 1})).rows
    assert row.found == Findings(picked_worked=1, left_failed=1)


def test_a_result_without_an_ended_project_is_not_there(world: World) -> None:
    decided(world)
    assert backtesting.on_earlier_results(world.manager, most_votes(1)).rows == ()


def test_a_manager_tries_rules_on_his_own_programmes_alone(world: World) -> None:
    mine, theirs = decided(world), decided(world)
    for _challenge, ideas in (mine, theirs):
        ends(ideas[0], "passed")
    reader = world.grant(world.person(), Role.MANAGER, "programme", mine[0].programme_id)
    found = backtesting.on_earlier_results(reader, most_votes(1))
    assert [row.challenge.id for row in found.rows] == [mine[0].id]
    assert backtesting.on_earlier_results(world.person(), most_votes(1)).rows == ()
    assert tried.with_rule(reader, theirs[0].public_id) is None
    assert world.browser(reader).get(f"/rules/back-test?rule={theirs[0].public_id}").status_code == 404


def test_what_does_not_fit_on_a_page_stands_on_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [decided(world, (2, 1), 1) for _ in range(3)]
    for _challenge, ideas in made:
        ends(ideas[0], "passed")
    manager, newest_first = world.manager, [challenge.id for challenge, _ideas in reversed(made)]
    sizes = [size for _run_id, size in tried.results(manager, None, len(made), with_ballots=False)]

    def pages(most: int) -> list[list[int]]:
        monkeypatch.setattr(backtesting, "MOST_BYTES", most)
        read: list[list[int]] = []
        before = None
        while not read or before is not None:
            found = backtesting.on_earlier_results(manager, most_votes(1), before=before)
            read.append([row.challenge.id for row in found.rows])
            before = found.older
        return read

    assert pages(sum(sizes)) == [newest_first]
    assert pages(sizes[0] + sizes[1]) == [newest_first[:2], newest_first[2:]]
    # One result is read however large it is.
    assert pages(1) == [[each] for each in newest_first]


def test_more_results_ask_no_more_of_the_database(world: World) -> None:
    manager = world.manager
    browser = world.browser(manager)
    counts = []
    for more in (1, 4):
        for _ in range(more):
            _challenge, ideas = decided(world, (2, 1), 1)
            ends(ideas[0], "passed")
        with counting() as statements:
            assert browser.get("/rules/back-test").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_page_says_that_the_untried_has_no_outcome_and_which_rule_it_is(world: World) -> None:
    challenge, ideas = decided(world)
    ends(ideas[0], "passed")
    page = world.browser(world.manager).get(f"/rules/back-test?rule={challenge.public_id}")
    said = words(page)
    assert "What was not tried has no outcome" in said
    assert "The 3 ideas with the most votes in favour are chosen." in said
    assert "as were chosen then" not in said


def test_only_managers_open_the_back_test(world: World) -> None:
    sponsor = world.sponsor_of(world.challenge(world.person()))
    readers = [None, world.person(), sponsor, world.manager]
    assert [world.browser(who).get("/rules/back-test").status_code for who in readers] == [303, 403, 403, 200]


@pytest.mark.parametrize("asked", ["rule=no-such-rule", "rule=sponsor_picks", "before=0", "before=99999999999"])
def test_an_address_that_means_nothing_is_not_there(embedded: World, asked: str) -> None:
    assert embedded.browser(embedded.manager).get(f"/rules/back-test?{asked}").status_code == 404


# --- scores against outcomes ---------------------------------------------------------------------------------------


def test_a_reviewer_sees_his_own_scores_against_outcomes(world: World) -> None:
    one, other = world.person(), world.person()
    scored(world, [one, other], ("adopted", "stopped", "running"), (5, 2, 4))
    found = calibration.own(one)
    assert [(band.least, band.worked.part, band.worked.whole) for band in found.bands if band.worked.whole] == [
        (2, 0, 1),
        (4, 1, 1),
    ]
    assert found.brier_micro is None
    assert calibration.own(world.person()).worked.whole == 0


def test_ten_outcomes_make_a_score(world: World) -> None:
    seats = [world.person(), world.person()]
    scored(world, seats, ("passed",) * 6 + ("stopped",) * 4, (5,) * 6 + (3,) * 4)
    found = calibration.own(seats[0])
    assert (found.worked.part, found.worked.whole, found.brier_micro) == (6, 10, 100_000)


def test_a_manager_sees_nothing_of_fewer_than_five_others(world: World) -> None:
    manager = world.manager
    scored(world, [*(world.person() for _ in range(3)), world.person()], ("passed",), (4,))
    assert calibration.together(manager) == calibration.Together(None)
    scored(world, [world.person()] * 1 + [world.person()], ("passed",), (4,))
    found = calibration.together(manager)
    assert found is not None
    assert found.figures is not None
    assert found.figures.worked.whole == 6


def test_a_manager_who_reviews_does_not_count_among_the_others(world: World) -> None:
    """With his own scores known, those of four others would come close to single persons."""
    seats = [world.person() for _ in range(5)]
    challenge = scored(world, seats, ("passed",), (4,))
    reviewer = world.grant(seats[0], Role.MANAGER, "programme", challenge.programme_id)
    assert calibration.together(reviewer) == calibration.Together(None)


def test_only_managers_see_everybody_together_and_only_of_their_programmes(world: World) -> None:
    seats = [world.person() for _ in range(6)]
    challenge = scored(world, seats, ("passed",), (4,))
    elsewhere = world.grant(world.person(), Role.MANAGER, "programme", world.programme("Another").id)
    assert challenge.programme_id not in elsewhere.scopes(Role.MANAGER, "programme")
    assert calibration.together(elsewhere) == calibration.Together(None)
    assert calibration.together(world.sponsor_of(challenge)) is None
    assert calibration.together(seats[0]) is None


def test_the_page_is_for_everybody_who_signed_in_and_shows_only_his_own(world: World) -> None:
    seats = [world.person() for _ in range(6)]
    scored(world, seats, ("passed",), (4,))
    said = words(world.browser(seats[0]).get("/my-work/calibration"))
    assert "Nobody else sees these figures." in said
    assert "Everybody together" not in said
    stranger = words(world.browser(world.person()).get("/my-work/calibration"))
    assert "No outcome yet" in stranger
    assert "Everybody together" in words(world.browser(world.manager).get("/my-work/calibration"))
    assert world.browser(None).get("/my-work/calibration").status_code == 303
