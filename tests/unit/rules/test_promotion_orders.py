"""Mixes, figures of a whole challenge, what is too close to call, and what a person then judged."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from innovation.rules.promotion import (
    Clause,
    Decision,
    Line,
    Outcome,
    RuleError,
    SnapshotError,
    apply_judgements,
    decide,
    explain,
    line_of,
    outcome_bytes,
    parse_rule,
    ready_rule,
)

TOP: dict[str, Any] = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 2})


def idea(name: str, requested: int | None = 100, **raw: int) -> dict[str, Any]:
    row: dict[str, Any] = {"id": name, "challenge": "c1", "requested": requested, "submitted_at": None}
    return row | {"measures": raw, "pick": None, "out": None}


def snapshot(rule: Any, *ideas: dict[str, Any], **challenge: Any) -> dict[str, Any]:
    row = {"id": "c1", "budget": 1_000, "currency": "EUR", "electorate": None} | challenge
    return {"version": 1, "round": "r1", "pass": 1, "rule": rule, "challenges": [row], "ideas": list(ideas)}


def mix(*parts: tuple[str, Any], **changes: Any) -> dict[str, Any]:
    weighted = [{"measure": name, "weight": weight} for name, weight in parts]
    return ready_rule("top_k_approvals", order={"mix": weighted}, **changes)


def only(outcome: Outcome, name: str) -> Decision:
    [made] = [made for made in outcome.decisions if made.idea == name]
    return made


def close(outcome: Outcome) -> list[str]:
    return [made.idea for made in outcome.decisions if made.params.get("close") == 1]


def test_a_mix_is_the_weighted_mean_of_parts_between_0_and_1() -> None:
    rule = mix(("approval_share", 2), ("panel_mean", "1.5"), ("views", 1))
    one = idea("a", **{"for": 3, "against": 1, "panel_mean_micro": 4_000_000, "views": 10})
    other = idea("b", **{"for": 1, "against": 1, "panel_mean_micro": 500_000, "views": 40})
    outcome = decide(snapshot(rule, one, other))
    # (2 x 3/4 + 1.5 x 3/4 + 1/4) / 4.5, and (2 x 1/2 + 1.5 x 0 + 1) / 4.5.
    assert only(outcome, "a").params == {"measure": "mix", "have": "0.638889", "k": 3}
    assert only(outcome, "b").params == {"measure": "mix", "have": "0.444444", "k": 3}
    assert [made.idea for made in outcome.decisions] == ["a", "b"]


def test_a_part_that_is_nowhere_above_zero_counts_nothing() -> None:
    outcome = decide(snapshot(mix(("net", 1), ("views", 1)), idea("a", **{"for": 0, "against": 2, "views": 0})))
    assert only(outcome, "a").params["have"] == 0
    some = (idea("a", **{"for": 0, "against": 2, "views": 1}), idea("b", **{"for": 4, "against": 0, "views": 0}))
    assert [made.params["have"] for made in decide(snapshot(mix(("net", 1), ("views", 1)), *some)).decisions] == [
        "0.5",
        "0.5",
    ]


def test_a_mix_lacks_what_any_part_lacks() -> None:
    outcome = decide(snapshot(mix(("for", 1), ("panel_mean", 1)), idea("a", **{"for": 3})))
    assert only(outcome, "a").because == "missing_measure"
    assert only(outcome, "a").params == {"measure": "panel_mean", "missing": "panel_mean_micro"}


def test_figures_of_the_challenge_enter_the_measures_of_each_idea() -> None:
    rule = ready_rule("support_top", capacity={"kind": "top", "k": 1})
    ideas = (idea("a", **{"for": 8, "views": 10}), idea("b", **{"for": 1, "views": 1}))
    outcome = decide(snapshot(rule, *ideas, fitted={"prior_for_micro": 2_000_000, "prior_against_micro": 3_000_000}))
    assert [(made.idea, made.params["have"]) for made in outcome.decisions] == [("a", "0.666667"), ("b", "0.5")]
    assert {made.because.value for made in decide(snapshot(rule, *ideas)).decisions} == {"missing_measure"}
    own = decide(
        snapshot(rule, idea("c", **{"for": 1, "views": 1, "prior_for_micro": 0, "prior_against_micro": 0}), fitted={})
    )
    assert only(own, "c").params["have"] == 1


@pytest.mark.parametrize("fitted", [[], {"prior_for_micro": "2"}, {"prior_for_micro": True}])
def test_figures_of_the_challenge_are_integers(fitted: Any) -> None:
    with pytest.raises(SnapshotError):
        decide(snapshot(TOP, fitted=fitted))


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"order": {"mix": [{"measure": "for", "weight": 1}]}}, "mix_size", "rule.order.mix"),
        ({"order": {"mix": {}}}, "mix_size", "rule.order.mix"),
        ({"order": {"by": "for", "mix": []}}, "unknown_key", "rule.order"),
        ({"order": {"mix": [{"measure": "for", "weight": 0}] * 2}}, "not_positive", "rule.order.mix[0].weight"),
        ({"order": {"mix": [{"measure": "for", "weight": 1.5}] * 2}}, "not_a_number", "rule.order.mix[0].weight"),
        ({"order": {"mix": [{"measure": "joy", "weight": 1}] * 2}}, "unknown_measure", "rule.order.mix[0].measure"),
        ({"order": {"mix": [{"measure": "for", "weight": 1}] * 2}}, "twice", "rule.order.mix"),
        ({"close": {}}, "missing_key", "rule.close"),
        ({"close": {"within": "sight"}}, "unknown_value", "rule.close.within"),
        ({"close": {"within": {"value": 0}}}, "not_positive", "rule.close.within.value"),
        ({"close": {"within": "interval"}, "capacity": {"kind": "all"}}, "no_line", "rule.close"),
    ],
)
def test_a_rule_that_says_nothing_decidable_is_refused_with_its_spot(change: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(TOP | change)
    assert (caught.value.code, caught.value.path) == (code, path)


VALUE: dict[str, Any] = {"within": {"value": 1}}
INTERVAL: dict[str, Any] = {"within": "interval"}


def test_close_by_value_is_measured_from_midway_between_in_and_out() -> None:
    votes = {"a": 9, "b": 7, "c": 5, "d": 4}
    outcome = decide(snapshot(TOP | {"close": VALUE}, *(idea(name, **{"for": n}) for name, n in votes.items())))
    assert close(outcome) == ["b", "c"]
    assert only(outcome, "b").params == {"measure": "for", "have": 7, "k": 2, "close": 1, "requested": 100}
    assert only(outcome, "c").params["line"] == 7
    half = decide(
        snapshot(TOP | {"close": {"within": {"value": "0.9"}}}, *(idea(n, **{"for": v}) for n, v in votes.items()))
    )
    assert close(half) == []


def test_close_by_interval_asks_whether_it_holds_the_line() -> None:
    ends = {
        "a": (9, 6_000_000, 12_000_000),
        "b": (7, 6_500_000, 8_000_000),
        "c": (5, 2_000_000, 6_000_000),
        "d": (4, 0, 5_999_999),
    }
    ideas = [idea(name, **{"for": n, "low_micro": low, "high_micro": high}) for name, (n, low, high) in ends.items()]
    assert close(decide(snapshot(TOP | {"close": INTERVAL}, *ideas))) == ["a", "c"]
    assert close(decide(snapshot(TOP | {"close": INTERVAL}, *(idea(name, **{"for": 1}) for name in "abc")))) == []


def test_the_band_stays_a_band() -> None:
    ideas = [idea(f"i{n:02}", **{"for": 5}) for n in range(60)]
    around = close(decide(snapshot(TOP | {"close": VALUE}, *ideas)))
    assert len(around) == 6
    wide = TOP | {"close": VALUE, "capacity": {"kind": "top", "k": 30}}
    outcome = decide(snapshot(wide, *ideas))
    assert [made.place for made in outcome.decisions if "close" in made.params] == list(range(21, 41))


def test_where_all_are_in_nothing_is_close() -> None:
    assert close(decide(snapshot(TOP | {"close": VALUE}, idea("a", **{"for": 1}), idea("b", **{"for": 1})))) == []


@pytest.mark.parametrize(
    ("overrun", "asked", "marked"),
    [
        ("skip", {"a": 600, "b": 500, "c": 300}, ["a", "b"]),  # b first would leave nothing for a
        ("skip", {"a": 600, "b": 300, "c": 300}, ["b", "c"]),  # only one of the last two fits
        ("skip", {"a": 600, "b": 400, "c": 0}, []),  # all fit, in any order
        ("skip", {"a": 900, "b": 1_001, "c": 1_002}, []),  # b and c never fit
        ("stop", {"a": 900, "b": 1_001, "c": 10}, ["a", "b", "c"]),  # b first would end it before a; c before b would fit
        ("stop", {"a": 1_001, "b": 1_002, "c": 10}, []),  # ended before anything
    ],
)
def test_close_to_a_budget_are_neighbours_whose_order_matters(
    overrun: str, asked: dict[str, int], marked: list[str]
) -> None:
    rule = ready_rule(f"pabulib_greedy_{overrun}", close={"within": {"value": "0.5"}})
    ideas = [idea(name, requested, **{"for": 9 - n}) for n, (name, requested) in enumerate(asked.items())]
    assert close(decide(snapshot(rule, *ideas))) == marked
    apart = [idea(name, requested, **{"for": 9 - 2 * n}) for n, (name, requested) in enumerate(asked.items())]
    assert close(decide(snapshot(rule, *apart))) == []


def judged_top() -> Outcome:
    votes = {"a": 9, "b": 7, "c": 6, "d": 6, "e": 1}
    seen = {"c": 30}  # c and d have as many votes: more readers decide
    ideas = [idea(name, 10 * n, **{"for": n, "views": seen.get(name, 20)}) for name, n in votes.items()]
    return decide(snapshot(TOP | {"close": VALUE}, *ideas))


def test_a_judgement_turns_the_decision_and_keeps_its_figures() -> None:
    before = judged_top()
    after = apply_judgements(before, {"b": False, "c": True})
    assert [(made.idea, made.promoted, made.because.value, made.place) for made in after.decisions][:3] == [
        ("a", True, "within_top", 1),
        ("b", False, "judged_out", 2),
        ("c", True, "judged_in", 3),
    ]
    assert only(after, "c").params == only(before, "c").params | {"was": "below_line"}
    assert (before.pools[0].spent, after.pools[0].spent, after.pools[0].left, after.pools[0].promoted) == (160, 150, 850, 2)
    assert after.challenges == after.pools
    assert json.loads(outcome_bytes(after))["decisions"][2]["because"] == "judged_in"


def test_a_judgement_may_confirm_and_may_be_changed() -> None:
    before = judged_top()
    kept = apply_judgements(before, {"b": True})
    assert (only(kept, "b").because, kept.pools) == ("judged_in", before.pools)
    turned = apply_judgements(kept, {"b": False, "d": True})
    assert (only(turned, "b").params["was"], only(turned, "d").promoted, turned.pools[0].promoted) == ("within_top", True, 2)


@pytest.mark.parametrize(
    ("judgements", "code", "path"),
    [
        ({"a": False}, "not_close", "judgements.a"),
        ({"x": True}, "not_close", "judgements.x"),
        ({"c": True}, "too_many", "judgements"),
    ],
)
def test_only_what_is_close_is_judged_and_only_as_many_as_there_is_room_for(
    judgements: dict[str, bool], code: str, path: str
) -> None:
    with pytest.raises(RuleError) as caught:
        apply_judgements(judged_top(), judgements)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_a_judgement_spends_no_more_than_the_budget() -> None:
    rule = ready_rule("pabulib_greedy_skip", close={"within": {"value": 1}})
    outcome = decide(snapshot(rule, idea("a", 600, **{"for": 5}), idea("b", 500, **{"for": 4})))
    assert close(outcome) == ["a", "b"]
    with pytest.raises(RuleError) as caught:
        apply_judgements(outcome, {"b": True})
    assert (caught.value.code, caught.value.params["short"]) == ("too_dear", 100)
    after = apply_judgements(outcome, {"a": False, "b": True})
    assert (after.pools[0].spent, after.pools[0].left) == (500, 500)


def test_a_rule_without_a_band_says_exactly_what_it_said_before() -> None:
    ideas = [idea(name, **{"for": n}) for n, name in enumerate("abcd")]
    assert outcome_bytes(decide(snapshot(TOP, *ideas))).count(b"close") == 0
    assert parse_rule(TOP | {"close": None}) == parse_rule(TOP)


def test_the_line_is_what_the_last_promoted_had() -> None:
    assert line_of(judged_top().decisions) == Line("b", 2, "for", 7)
    nobody = decide(snapshot(ready_rule("sponsor_picks"), idea("a")))
    assert line_of(nobody.decisions) is None


def test_mixes_bands_and_shares_are_told_in_parts() -> None:
    rule = mix(("support", 2), ("panel_mean", "1.5"), close=INTERVAL)
    assert explain(rule)[1:4] == [
        Clause("order_mix", {"direction": "highest"}, (mixed("support", 2), mixed("panel_mean", "1.5"))),
        Clause("capacity_top", {"k": 3}),
        Clause("close_interval"),
    ]
    assert explain(ready_rule("budget_stop", close={"within": {"value": "0.02"}}))[2:4] == [
        Clause("capacity_stop"),
        Clause("close_value", {"value": "0.02", "by": "support"}),
    ]
    shares = explain(ready_rule("equal_shares", order=None))
    assert shares[1] == Clause("capacity_equal_shares", {"completion": "add_one", "utility": "cost", "percent": 2})
    assert [clause.code for clause in shares] == [
        "eligible_everyone",
        "capacity_equal_shares",
        "scope_per_challenge",
        "ties",
    ]
    step = {"kind": "equal_shares", "completion": "add_one", "utility": "score", "step": {"minor": 100}}
    assert explain(ready_rule("equal_shares", capacity=step))[2].params["minor"] == 100


def mixed(measure: str, weight: int | str) -> Clause:
    return Clause("mix_part", {"by": measure, "weight": weight})


def test_a_mean_is_exact_where_rounding_would_make_a_tie() -> None:
    rule = mix(("views", 1), ("for", 1), capacity={"kind": "top", "k": 1})
    big = 10**12
    ideas = (idea("a", **{"views": big, "for": big - 1}), idea("z", **{"views": big, "for": big}))
    outcome = decide(snapshot(rule, *ideas))
    assert only(outcome, "z").promoted
    assert "tie_break" not in only(outcome, "z").params
    assert Fraction(only(outcome, "a").params["have"]) == 1
