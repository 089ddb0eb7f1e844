"""A rule tried on the past: what was not tried has no outcome, and a rule says nothing where its figures are missing."""

from __future__ import annotations

from typing import Any

import pytest

from innovation.rules.backtest import Findings, Refusal, back_test, count, outcome_of
from innovation.rules.project import ProjectState
from innovation.rules.promotion import READY_RULES, ready_rule


def idea(name: str, votes: int = 0, challenge: str = "c1", **measures: int) -> dict[str, Any]:
    return {
        "id": name,
        "challenge": challenge,
        "requested": None,
        "submitted_at": "2026-05-01T09:00:00Z",
        "measures": {"for": votes, "against": 0, "voters": votes, **measures},
        "pick": None,
        "out": None,
    }


def snapshot(*ideas: dict[str, Any], **parts: Any) -> dict[str, Any]:
    names = sorted({each["challenge"] for each in ideas})
    challenges = [{"id": name, "budget": None, "currency": None, "electorate": None} for name in names]
    rule = READY_RULES["top_k_approvals"]
    return {"version": 1, "round": "r", "pass": 1, "rule": rule, "challenges": challenges, "ideas": list(ideas), **parts}


def top(k: int, by: str = "for") -> dict[str, Any]:
    return ready_rule("top_k_approvals", order={"by": by, "descending": True}, capacity={"kind": "top", "k": k})


def test_an_untried_pick_is_no_failure() -> None:
    """Neither an idea without a project, nor one whose project still runs, stands among the failures."""
    found = count(["tried", "untried", "running"], {"tried": True, "running": None, "other": False})
    assert found == Findings(picked_worked=1, picked_failed=0, picked_unknown=2, left_worked=0, left_failed=1)
    assert (found.of_picks.part, found.of_picks.whole) == (1, 1)
    assert (found.of_tried.part, found.of_tried.whole) == (1, 2)


def test_a_rule_picks_from_what_was_frozen_and_is_set_against_what_worked() -> None:
    stored = snapshot(idea("a", 9), idea("b", 8), idea("c", 7), idea("d", 6), idea("e", 5))
    outcomes = {"a": False, "b": True, "d": True, "e": False}
    assert back_test(stored, top(3), outcomes) == {"c1": Findings(1, 1, 1, 1, 1)}
    assert back_test(stored, top(5), outcomes) == {"c1": Findings(2, 2, 1, 0, 0)}


def test_every_challenge_stands_for_itself_and_takes_as_many_as_then() -> None:
    stored = snapshot(idea("a", 9), idea("b", 8), idea("x", 3, "c2"), idea("y", 2, "c2"))
    outcomes = {"a": True, "b": False, "x": False, "y": True}
    found = back_test(stored, top(1), outcomes, as_many={"c1": 2, "c2": 1})
    assert found == {"c1": Findings(1, 1, 0, 0, 0), "c2": Findings(0, 1, 0, 1, 0)}
    assert back_test(stored, top(1), outcomes)["c1"] == Findings(1, 0, 0, 0, 1)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (top(2, "panel_mean"), Refusal("measure", "panel_mean")),
        (top(2, "support"), Refusal("measure", "support")),
        (top(2, "p_top"), Refusal("measure", "p_top")),
        (ready_rule("top_k_approvals", capacity={"kind": "budget", "overrun": "skip"}), Refusal("amounts")),
        (READY_RULES["equal_shares"], Refusal("ballots")),
    ],
)
def test_a_rule_that_asks_for_what_was_not_measured_is_refused(rule: dict[str, Any], code: Refusal) -> None:
    stored = snapshot(idea("a", 9, p_top_micro=1, views=1), idea("b", 8, p_top_micro=2, views=1))
    assert back_test(stored, rule, {"a": True}) == {"c1": code}


def test_an_idea_without_a_score_is_left_out_and_the_others_are_tried() -> None:
    stored = snapshot(idea("a", 9, panel_mean_micro=4_000_000), idea("b", 8))
    assert back_test(stored, top(2, "panel_mean"), {"a": True, "b": True}) == {"c1": Findings(1, 0, 0, 1, 0)}


def test_votes_that_nobody_could_give_are_no_votes() -> None:
    stored = snapshot(idea("a", panel_mean_micro=4_000_000), idea("b", panel_mean_micro=3_000_000))
    assert back_test(stored, top(1), {"a": True}) == {"c1": Refusal("votes")}
    assert back_test(stored, top(1, "panel_mean"), {"a": True}) == {"c1": Findings(1, 0, 0, 0, 0)}


def test_a_share_is_said_from_ten_on_and_counts_before() -> None:
    few, enough = Findings(picked_worked=6, picked_failed=3, picked_unknown=9), Findings(picked_worked=6, picked_failed=4)
    assert (few.of_picks.micro, enough.of_picks.micro) == (None, 600_000)
    assert few + enough == Findings(12, 7, 9, 0, 0)


def test_what_worked_is_a_passed_proof_and_what_did_not_a_stopped_one() -> None:
    assert {str(state): outcome_of(state) for state in ProjectState} == {
        "running": None,
        "passed": True,
        "stopped": False,
        "adopted": True,
        "iterated": True,
    }
    assert (outcome_of(ProjectState.STOPPED, settled=True), outcome_of(ProjectState.RUNNING, settled=True)) == (True, None)
