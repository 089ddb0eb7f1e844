"""Rules side by side on the same figures."""

from __future__ import annotations

from typing import Any

import pytest

from innovation.rules.promotion import SnapshotError, ballots_key, compare, decide, ready_rule

VOTES = {"a": ["v1", "v2", "v3"], "b": ["v1", "v2"], "c": ["v4"], "d": ["v4"]}
ASKED = {"a": 600, "b": 500, "c": 250, "d": 400}
BALLOTS: dict[str, Any] = {
    "version": 1,
    "voters": [
        {"id": voter, "votes": {idea: 1 for idea, who in VOTES.items() if voter in who}}
        for voter in ("v1", "v2", "v3", "v4")
    ],
}
RULES = {
    "skip": ready_rule("pabulib_greedy_skip"),
    "stop": ready_rule("pabulib_greedy_stop"),
    "shares": ready_rule("equal_shares", capacity={"kind": "equal_shares", "completion": "none", "utility": "cardinality"}),
    "broken": {"version": 1, "capacity": {"kind": "best"}},
}


def snapshot(**values: Any) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [
        {
            "id": idea,
            "challenge": "c1",
            "requested": ASKED[idea],
            "submitted_at": None,
            "measures": {"for": len(who)},
            "pick": None,
            "out": None,
        }
        for idea, who in VOTES.items()
    ]
    challenge = {"id": "c1", "budget": 1_000, "currency": "EUR", "electorate": None}
    base = {"version": 1, "round": "r1", "pass": 1, "rule": RULES["skip"], "challenges": [challenge], "ideas": rows}
    return base | {"ballots": ballots_key(BALLOTS)} | values


def test_each_rule_says_who_what_and_how_it_differs_from_the_first() -> None:
    found = compare(snapshot(), RULES, BALLOTS)
    assert (found.present, [option.name for option in found.options]) == ("skip", list(RULES))
    skip, stop, shares = found["skip"], found["stop"], found["shares"]
    assert skip.promoted in {("a", "c"), ("a", "d")}  # c and d are equal: a draw decides which comes first
    assert (skip.enters, skip.leaves) == ((), ())
    assert (stop.promoted, stop.enters, stop.leaves) == (("a",), (), skip.promoted[1:])
    assert (stop.spent, stop.left) == ({"EUR": 600}, {"EUR": 400})
    # 250 each: c takes all that v4 has, a 200 of each of three; b's two have 100 left.
    assert shares.promoted == ("a", "c")
    assert shares.outcome is not None
    assert shares.outcome.shares[0].rounds[0].idea == "a"


def test_the_present_rule_comes_out_as_it_would_in_earnest_and_others_by_the_same_draw() -> None:
    found = compare(snapshot(rule=RULES["stop"]), RULES, BALLOTS)
    assert found["skip"].outcome == decide(snapshot(), BALLOTS)
    assert {option.outcome.seed for option in found.options if option.outcome} == {decide(snapshot()).seed}


def test_a_rule_that_cannot_be_applied_gives_a_code_and_stops_no_other() -> None:
    found = compare(snapshot(), RULES)
    assert [(option.name, option.code) for option in found.options if option.code] == [
        ("shares", "ballots_needed"),
        ("broken", "unknown_value"),
    ]
    assert found["broken"].params["path"] == "rule.capacity.kind"
    assert found["skip"].promoted


def test_without_a_sound_present_rule_nobody_enters_or_leaves() -> None:
    found = compare(snapshot(), {"broken": RULES["broken"], "stop": RULES["stop"]}, BALLOTS)
    assert (found["stop"].promoted, found["stop"].enters, found["stop"].leaves) == (("a",), (), ())


def test_an_unsound_snapshot_is_refused_as_a_whole() -> None:
    with pytest.raises(SnapshotError, match="not_a_list"):
        compare(snapshot(ideas={}), {"skip": RULES["skip"]})
    with pytest.raises(ValueError, match="nothing to compare"):
        compare(snapshot(), {})
    with pytest.raises(KeyError):
        compare(snapshot(), {"skip": RULES["skip"]})["stop"]
