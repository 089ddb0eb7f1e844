"""Equal shares on ballots small enough to work out by hand: who pays, who is told what, and what the certificate says."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from innovation.rules.promotion import (
    Decision,
    Outcome,
    RuleError,
    SnapshotError,
    ballots_key,
    canonical_ballots,
    decide,
    outcome_bytes,
    parse_rule,
    ready_rule,
)
from innovation.rules.promotion.completion import MOST_STEPS, equal_shares
from innovation.rules.promotion.equal_shares import Candidate, Field, run
from innovation.rules.promotion.rule import Step


def voter(name: str, *ideas: str, **values: Any) -> dict[str, Any]:
    return {"id": name, "votes": dict.fromkeys(ideas, 1)} | values


def ballots(*voters: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "voters": list(voters)}


def idea(name: str, requested: int | None, **values: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"id": name, "challenge": "c1", "requested": requested, "submitted_at": None, "measures": {}}
    return row | {"pick": None, "out": None} | values


def rule(**capacity: Any) -> dict[str, Any]:
    chosen = {"kind": "equal_shares", "completion": "none", "utility": "cardinality"} | capacity
    return ready_rule("equal_shares", order=None, tie_break=["earlier"], capacity=chosen)


def challenge(name: str = "c1", **values: Any) -> dict[str, Any]:
    return {"id": name, "budget": 1_200, "currency": "EUR", "electorate": None} | values


def snapshot(cast: dict[str, Any], *ideas: dict[str, Any], **values: Any) -> dict[str, Any]:
    base = {"version": 1, "round": "r1", "pass": 1, "rule": rule(), "ballots": ballots_key(cast)}
    return base | {"challenges": [challenge()], "ideas": list(ideas)} | values


def only(outcome: Outcome, name: str) -> Decision:
    [made] = [made for made in outcome.decisions if made.idea == name]
    return made


# Four voters with 300 each. "ab" is liked by three (180 each), then "cd" by v3 and v4, of whom v3 has only 120 left.
CAST = ballots(
    voter("v1", "ab", group="north"),
    voter("v2", "ab", group="north"),
    voter("v3", "ab", "cd", group="south"),
    voter("v4", "cd", "big", group="south"),
)
IDEAS = (idea("ab", 540), idea("cd", 400), idea("big", 301), idea("nobody", 10))


def test_supporters_pay_equally_and_those_with_less_pay_all_they_have() -> None:
    outcome = decide(snapshot(CAST, *IDEAS), CAST)
    common = {"currency": "EUR"}
    assert {made.idea: (made.promoted, made.because.value) for made in outcome.decisions} == {
        "ab": (True, "funded_by_shares"),
        "cd": (True, "funded_by_shares"),
        "big": (False, "not_affordable"),
        "nobody": (False, "not_affordable"),
    }
    assert only(outcome, "ab").params == common | {"supporters": 3, "requested": 540, "price": 180, "round": 1}
    assert only(outcome, "cd").params == common | {"supporters": 2, "requested": 400, "price": 280, "round": 2}
    assert only(outcome, "big").params == common | {"supporters": 1, "requested": 301, "left": 20, "short": 281}
    assert only(outcome, "nobody").params == common | {"supporters": 0, "requested": 10, "left": 0, "short": 10}
    assert {made.place for made in outcome.decisions} == {None}


def test_the_certificate_says_who_paid_what() -> None:
    [shares] = decide(snapshot(CAST, *IDEAS), CAST).shares
    assert (shares.pool, shares.voters, shares.first_share, shares.share, shares.raised) == ("c1", 4, 300, 300, 0)
    assert [(each.idea, each.rho, each.price, each.payers) for each in shares.rounds] == [
        ("ab", "180", 180, 3),
        ("cd", "280", 280, 2),
    ]
    told = [(each.group, each.voters, each.held, each.paid, each.left) for each in shares.receipts]
    assert told == [("north", 2, 600, 360, 240), ("south", 2, 600, 580, 20)]
    assert [(item.idea, item.paid) for item in shares.receipts[1].items] == [("ab", 180), ("cd", 400)]


def test_an_outcome_with_a_certificate_is_plain_json_and_without_one_has_no_such_key() -> None:
    said = json.loads(outcome_bytes(decide(snapshot(CAST, *IDEAS), CAST)))
    assert said["shares"][0]["rounds"][0]["idea"] == "ab"
    plain = decide(snapshot(CAST, idea("ab", 600, measures={"for": 3}), rule=ready_rule("top_k_approvals")))
    assert "shares" not in json.loads(outcome_bytes(plain))


def test_utility_decides_what_comes_first() -> None:
    cast = ballots(voter("v1", "dear", "cheap"), voter("v2", "dear"), voter("v3", "dear"), voter("v4", "cheap"))
    ideas = (idea("dear", 600), idea("cheap", 300))

    def order(utility: str) -> list[str]:
        outcome = decide(snapshot(cast, *ideas, rule=rule(utility=utility)), cast)
        return [each.idea for each in outcome.shares[0].rounds]

    # 150 from each of two against 200 from each of three; by money moved 1/2 against 1/3 of the cost a supporter.
    assert order("cardinality") == ["cheap", "dear"]
    assert order("cost") == ["dear", "cheap"]


def test_points_are_paid_for_by_the_point() -> None:
    cast = ballots(voter("v1") | {"votes": {"a": 3}}, voter("v2") | {"votes": {"a": 1}})
    outcome = decide(snapshot(cast, idea("a", 600), rule=rule(utility="score")), cast)
    assert only(outcome, "a").params["price"] == 150
    assert only(outcome, "a").params["utility"] == "score"
    [receipt] = outcome.shares[0].receipts
    assert (receipt.group, receipt.paid, receipt.left) == ("", 600, 600)


def test_what_the_shares_leave_is_filled_with_the_most_supported_that_fit() -> None:
    cast = ballots(*(voter(f"v{n}", *(["x", "y"] if n < 3 else ["y", "z"] if n == 3 else [])) for n in range(1, 11)))
    # 100 each, and nobody can pay: z takes 250 of its one supporter, x 350 of each of two; y's third is then poor.
    ideas = (idea("x", 700), idea("y", 900), idea("z", 250))
    outcome = decide(
        snapshot(cast, *ideas, challenges=[challenge(budget=1_000)], rule=rule(completion="add_one", step="0.01")), cast
    )
    assert [each.idea for each in outcome.shares[0].rounds] == ["z", "x"]
    assert (outcome.shares[0].raised, outcome.shares[0].share, outcome.pools[0].spent) == (250, 350, 950)
    # One step to 2,100 each would buy everything: too much. What is left, all of it, goes to the most supported.
    filled = decide(
        snapshot(cast, *ideas, challenges=[challenge(budget=1_000)], rule=rule(completion="add_one", step="20")), cast
    )
    assert only(filled, "y").params == {"supporters": 3, "support": 3, "requested": 900, "left": 1_000, "currency": "EUR"}
    assert {made.idea: made.because.value for made in filled.decisions} == {
        "x": "not_affordable",
        "y": "filled_up",
        "z": "not_affordable",
    }
    assert filled.shares[0].filled == ("y",)


def test_equal_is_equal_where_floats_would_see_a_difference() -> None:
    three = np.arange(3, dtype=np.int64), np.ones(3, np.int64)
    for dear in range(1, 120):
        # A third of the cost by the cost is a third, whatever the cost: the first candidate wins every time.
        field = Field([Candidate(cost, *three, cost) for cost in (97, dear)], np.ones(3, np.int64))
        rounds, _ = run(field, Fraction(1_000))
        assert [each.candidate for each in rounds] == [0, 1]


def test_raising_ends_after_so_many_steps() -> None:
    one = Candidate(10**12, np.array([0], np.int64), np.array([1], np.int64), 1)
    field = Field([one], np.array([1, 1], np.int64))
    result = equal_shares(field, 10**12, 2, Step(Fraction(0), 1))
    assert result.raised == MOST_STEPS
    assert (result.rounds, result.filled) == ([], [0])


def test_a_voter_of_weight_w_is_w_voters() -> None:
    heavy = ballots(voter("v1", "ab", weight=2), voter("v3", "ab", "cd"), voter("v4", "cd", "big"))
    found = decide(snapshot(heavy, *IDEAS), heavy)
    [shares], [same] = found.shares, decide(snapshot(CAST, *IDEAS), CAST).shares
    assert [(each.idea, each.rho) for each in shares.rounds] == [(each.idea, each.rho) for each in same.rounds]
    assert shares.first_share == same.first_share
    assert shares.rounds[0].payers == 2


def test_an_idea_that_costs_nothing_needs_a_supporter_and_no_money() -> None:
    cast = ballots(voter("v1", "free"))
    outcome = decide(snapshot(cast, idea("free", 0), idea("unseen", 0)), cast)
    assert only(outcome, "free").promoted
    assert not only(outcome, "unseen").promoted


def test_what_no_budget_could_pay_for_says_why() -> None:
    cast = ballots(voter("v1", "none", "dollars"))
    outcome = decide(snapshot(cast, idea("none", None), idea("dollars", 5, currency="USD")), cast)
    assert {made.idea: made.because.value for made in outcome.decisions} == {
        "none": "no_request",
        "dollars": "other_currency",
    }
    bare = decide(snapshot(cast, idea("a", 5), challenges=[challenge(budget=None)]), cast)
    assert (only(bare, "a").because, bare.shares) == ("no_budget", ())


def test_without_a_voter_nothing_is_affordable() -> None:
    empty = ballots()
    outcome = decide(snapshot(empty, idea("a", 5)), empty)
    assert (only(outcome, "a").because, outcome.shares) == ("not_affordable", ())


def test_every_challenge_shares_its_money_among_those_who_took_part_in_it() -> None:
    cast = ballots(voter("v1", "a"), voter("v2", "b"), voter("v3", "b"), voter("v4", "elsewhere"))
    both = [challenge(budget=100), challenge("c2", budget=300)]
    outcome = decide(snapshot(cast, idea("a", 50), idea("b", 200, challenge="c2"), challenges=both), cast)
    # v4 voted on nothing that is known here, so nothing says where v4 belongs: everywhere.
    assert [(shares.pool, shares.voters, shares.first_share) for shares in outcome.shares] == [("c1", 2, 50), ("c2", 3, 100)]
    assert [made.promoted for made in outcome.decisions] == [True, True]


def test_equal_claims_go_by_the_tie_breaks_of_the_rule() -> None:
    cast = ballots(voter("v1", "a", "b"))
    late, early = (idea(name, 1_200, submitted_at=f"2026-05-0{day}T00:00:00Z") for name, day in (("a", 2), ("b", 1)))
    outcome = decide(snapshot(cast, late, early), cast)
    assert [made.idea for made in outcome.decisions if made.promoted] == ["b"]


def test_an_order_gives_places_and_nothing_else() -> None:
    ordered = rule() | {"order": {"by": "for", "descending": True}}
    ideas = [row | {"measures": {"for": n}} for n, row in enumerate(IDEAS)]
    outcome = decide(snapshot(CAST, *ideas, rule=ordered), CAST)
    assert [(made.idea, made.place, made.promoted) for made in outcome.decisions] == [
        ("nobody", 1, False),
        ("big", 2, False),
        ("cd", 3, True),
        ("ab", 4, True),
    ]
    assert (only(outcome, "cd").params["measure"], only(outcome, "cd").params["have"]) == ("for", 1)


def test_ballots_must_be_those_that_the_snapshot_names() -> None:
    frozen = snapshot(CAST, *IDEAS)
    others = ballots(*CAST["voters"][:3], voter("v4", "cd"))
    for given, named, code in (
        (None, frozen, "needed"),
        (CAST, frozen | {"ballots": None}, "needed"),
        (others, frozen, "differ"),
    ):
        with pytest.raises(SnapshotError) as caught:
            decide(named, given)
        assert caught.value.code == f"ballots_{code}"


def test_a_rule_over_measures_never_looks_at_ballots() -> None:
    frozen = snapshot(CAST, idea("ab", 600, measures={"for": 3}), rule=ready_rule("top_k_approvals"))
    assert outcome_bytes(decide(frozen)) == outcome_bytes(decide(frozen, "nonsense"))


def test_ballots_have_one_spelling_whatever_their_order() -> None:
    turned = ballots(*reversed(CAST["voters"]))
    assert canonical_ballots(turned) == canonical_ballots(CAST)
    assert ballots_key(turned) == {"sha256": hashlib.sha256(canonical_ballots(CAST)).hexdigest(), "voters": 4}
    assert json.loads(canonical_ballots(turned)) == CAST


@pytest.mark.parametrize(
    ("cast", "code", "path"),
    [
        ([], "not_an_object", "ballots"),
        ({"version": 2, "voters": []}, "unknown_version", "ballots.version"),
        ({"version": 1, "voters": {}}, "not_a_list", "voters"),
        (ballots(voter("a"), voter("a")), "twice", "voters"),
        (ballots(voter("a", weight=0)), "not_an_integer", "voters[0].weight"),
        (ballots(voter("a", group="")), "not_text", "voters[0].group"),
        (ballots(voter("a", title="Dr")), "unknown_key", "voters[0]"),
        (ballots({"id": "a", "votes": []}), "not_an_object", "voters[0].votes"),
        (ballots({"id": "a", "votes": {"x": True}}), "not_an_integer", "voters[0].votes.x"),
        (ballots({"id": "a", "weight": 2**50, "votes": {"x": 8}}), "too_large", "voters"),
    ],
)
def test_ballots_that_say_nothing_sound_are_refused_with_their_spot(cast: Any, code: str, path: str) -> None:
    with pytest.raises(SnapshotError) as caught:
        canonical_ballots(cast)
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    ("capacity", "code", "path"),
    [
        ({"kind": "equal_shares", "completion": "none"}, "missing_key", "rule.capacity"),
        ({"kind": "equal_shares", "completion": "all", "utility": "cost"}, "unknown_value", "rule.capacity.completion"),
        ({"kind": "equal_shares", "completion": "none", "utility": "joy"}, "unknown_value", "rule.capacity.utility"),
        ({"completion": "none", "utility": "cost", "step": "0"}, "not_positive", "rule.capacity.step"),
        ({"completion": "none", "utility": "cost", "step": {"minor": 0}}, "not_positive", "rule.capacity.step.minor"),
        ({"completion": "none", "utility": "cost", "step": {"share": 1}}, "unknown_key", "rule.capacity.step"),
    ],
)
def test_shares_that_say_nothing_decidable_are_refused(capacity: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule({"version": 1, "capacity": {"kind": "equal_shares"} | capacity})
    assert (caught.value.code, caught.value.path) == (code, path)
