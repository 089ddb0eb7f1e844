"""Equal shares over ballots nobody thought of: what must hold for every one of them.

`plainly` is the method in a few lines of fractions, slow and without a bound or a float in it: what the product's own
way must equal exactly, price by price.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from innovation.rules.promotion import Outcome, ballots_key, decide, outcome_bytes
from innovation.rules.promotion.equal_shares import Candidate, Field, run

# Few voters and round sums on purpose: equal claims, money that only just suffices and purses emptied to the last
# cent are where a method goes wrong; and a few sums that divide by nothing.
COSTS = st.sampled_from([0, 1, 2, 3, 4, 6, 6, 12, 12, 30, 97, 100_003])
SHARES = st.fractions(min_value=0, max_value=40, max_denominator=12)
POINTS = st.sampled_from([1, 1, 1, 2, 3, 7])


@st.composite
def fields(draw: st.DrawFn) -> Field:
    units = draw(st.integers(1, 8))
    weight = draw(st.lists(st.sampled_from([1, 1, 1, 2, 5]), min_size=units, max_size=units))
    by_cost = draw(st.booleans())
    candidates = []
    for _ in range(draw(st.integers(1, 7))):
        who = sorted(draw(st.sets(st.integers(0, units - 1))))
        points = draw(st.lists(POINTS, min_size=len(who), max_size=len(who)))
        cost = draw(COSTS)
        worth = max(cost, 1) if by_cost else 1
        candidates.append(Candidate(cost, np.array(who, np.int64), np.array(points, np.int64), worth))
    return Field(candidates, np.array(weight, np.int64))


def price(candidate: Candidate, weight: list[int], money: list[Fraction]) -> Fraction | None:
    """The least r with which the supporters' payments add up to the cost."""
    points = zip(candidate.who.tolist(), candidate.points.tolist(), strict=True)
    supporters: list[tuple[Fraction, int, int]] = sorted((money[i] / u, i, u) for i, u in points)
    if sum(money[i] * weight[i] for _, i, _ in supporters) < candidate.cost:
        return None
    for n, (most, _, _) in enumerate(supporters):
        given = sum(money[i] * weight[i] for _, i, _ in supporters[:n])
        r = (candidate.cost - given) / Fraction(sum(weight[i] * u for _, i, u in supporters[n:]))
        if r <= most:
            return r
    return None


def plainly(field: Field, share: Fraction) -> tuple[list[tuple[int, Fraction]], list[Fraction]]:
    """What is bought, in order and with its price, and what everybody has left."""
    weight, money = field.weight.tolist(), [share] * len(field.weight)
    left = [n for n, candidate in enumerate(field.candidates) if len(candidate.who)]
    bought = [(n, Fraction(0)) for n in left if not field.candidates[n].cost]
    left = [n for n in left if field.candidates[n].cost]
    while True:
        prices = {n: price(field.candidates[n], weight, money) for n in left}
        best = min(((r / field.candidates[n].worth, n) for n, r in prices.items() if r is not None), default=None)
        if best is None:
            return bought, money
        n, r = best[1], prices[best[1]] or Fraction(0)
        for i, u in zip(field.candidates[n].who.tolist(), field.candidates[n].points.tolist(), strict=True):
            money[i] -= min(money[i], r * u)
        left.remove(n)
        bought.append((n, r))


def left_of(field: Field, purses: Any) -> list[Fraction]:
    one = np.ones(1, np.int64)
    return [
        Fraction(purses.gathered(np.array([i]), one), purses.den) if purses.alive[i] else Fraction(0)
        for i in range(len(field.weight))
    ]


@given(fields(), SHARES)
def test_rounds_prices_and_purses_are_those_of_the_plain_method(field: Field, share: Fraction) -> None:
    rounds, purses = run(field, share)
    assert ([(each.candidate, each.price) for each in rounds], left_of(field, purses)) == plainly(field, share)


@given(fields(), SHARES)
def test_what_is_bought_is_paid_to_the_cent_by_supporters_from_their_share(field: Field, share: Fraction) -> None:
    rounds, purses = run(field, share)
    left = left_of(field, purses)
    assert all(Fraction(0) <= money <= share for money in left)
    spent = sum((share - money) * int(weight) for money, weight in zip(left, field.weight, strict=True))
    assert spent == sum(field.candidates[each.candidate].cost for each in rounds)
    for each in rounds:
        supporters = set(field.candidates[each.candidate].who.tolist())
        assert supporters.issuperset([*each.full.tolist(), *each.rest.tolist()])


@given(fields(), SHARES)
def test_nobody_could_still_pay_for_what_was_not_bought(field: Field, share: Fraction) -> None:
    rounds, purses = run(field, share)
    left, bought = left_of(field, purses), {each.candidate for each in rounds}
    for n, candidate in enumerate(field.candidates):
        if n not in bought and len(candidate.who):
            assert sum(left[i] * int(field.weight[i]) for i in candidate.who) < candidate.cost


IDEAS = "abcdef"
VOTES = st.dictionaries(st.sampled_from(IDEAS), st.sampled_from([-1, 0, 1, 1, 1, 2, 3]), max_size=5)
VOTERS = st.lists(
    st.fixed_dictionaries({"votes": VOTES, "weight": st.sampled_from([1, 1, 2, 3]), "group": st.sampled_from(["g", "h"])}),
    max_size=8,
)
CAPACITIES = st.fixed_dictionaries(
    {
        "kind": st.just("equal_shares"),
        "completion": st.sampled_from(["none", "add_one"]),
        "utility": st.sampled_from(["cost", "cardinality", "score"]),
        "step": st.sampled_from(["0.02", "0.5", {"minor": 3}]),
    }
)


@st.composite
def elections(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A snapshot whose ties end before the draw does (no two ideas were sent in at once), and its ballots."""
    ballots: dict[str, Any] = {"version": 1, "voters": [{"id": f"v{n}"} | row for n, row in enumerate(draw(VOTERS))]}
    times = draw(st.permutations(range(len(IDEAS))))
    rows: list[dict[str, Any]] = [
        {
            "id": name,
            "challenge": "c1",
            "requested": draw(st.sampled_from([None, 0, 1, 5, 10, 10, 20, 33])),
            "submitted_at": f"2026-05-01T00:00:0{times[n]}Z",
            "measures": {},
            "pick": None,
            "out": draw(st.sampled_from([None] * 9 + ["withdrawn"])),
        }
        for n, name in enumerate(IDEAS)
    ]
    rule: dict[str, Any] = {"version": 1, "capacity": draw(CAPACITIES), "tie_break": ["earlier"]}
    challenge = {"id": "c1", "budget": draw(st.sampled_from([None, 0, 10, 30, 60])), "currency": "EUR", "electorate": None}
    snapshot = {"version": 1, "round": "r1", "pass": 1, "rule": rule, "challenges": [challenge], "ideas": rows}
    return snapshot | {"ballots": ballots_key(ballots)}, ballots


def promoted(outcome: Outcome) -> set[str]:
    return {made.idea for made in outcome.decisions if made.promoted}


def again(snapshot: Mapping[str, Any], ballots: dict[str, Any], **values: Any) -> Outcome:
    return decide({**snapshot, "ballots": ballots_key(ballots)} | values, ballots)


@given(elections())
def test_the_budget_is_kept_and_every_idea_told(election: tuple[dict[str, Any], dict[str, Any]]) -> None:
    snapshot, ballots = election
    outcome = decide(snapshot, ballots)
    requested = {row["id"]: row["requested"] or 0 for row in snapshot["ideas"]}
    [pool], budget = outcome.pools, snapshot["challenges"][0]["budget"]
    assert sorted(made.idea for made in outcome.decisions) == list(IDEAS)
    assert pool.spent == sum(requested[idea] for idea in promoted(outcome)) <= (budget or 0)
    for made in outcome.decisions:
        if made.because == "not_affordable":
            assert made.params["short"] == int(made.params["requested"]) - int(made.params["left"])
            assert int(made.params["short"]) > 0 or made.params["supporters"] == 0
            fits = int(made.params["requested"]) <= (budget or 0) - pool.spent
            completed = snapshot["rule"]["capacity"]["completion"] == "add_one"
            assert not (completed and fits and made.params["supporters"])


@given(elections())
def test_receipts_add_up_to_what_the_rounds_cost(election: tuple[dict[str, Any], dict[str, Any]]) -> None:
    for shares in decide(*election).shares:
        cost = sum(each.requested for each in shares.rounds)
        # Every amount is rounded to a hundredth of a cent once.
        assert abs(sum((Fraction(each.paid) for each in shares.receipts), Fraction(0)) - cost) <= Fraction(1, 100)
        for receipt in shares.receipts:
            assert abs(Fraction(receipt.held) - Fraction(receipt.paid) - Fraction(receipt.left)) <= Fraction(2, 100)
        assert sum(receipt.voters for receipt in shares.receipts) == shares.voters


@given(elections(), st.randoms(use_true_random=False))
def test_it_does_not_matter_who_cast_which_ballot(election: tuple[dict[str, Any], dict[str, Any]], chance: Any) -> None:
    snapshot, ballots = election
    names = [voter["id"] for voter in ballots["voters"]]
    chance.shuffle(names)
    renamed = {"version": 1, "voters": [v | {"id": name} for v, name in zip(ballots["voters"], names, strict=True)]}
    one, other = decide(snapshot, ballots), again(snapshot, renamed)
    assert one.decisions == other.decisions
    assert one.shares == other.shares


@given(elections(), st.permutations(IDEAS))
def test_it_does_not_matter_what_an_idea_is_called(
    election: tuple[dict[str, Any], dict[str, Any]], names: list[str]
) -> None:
    snapshot, ballots = election
    called = dict(zip(IDEAS, names, strict=True))
    voters = [v | {"votes": {called[idea]: n for idea, n in v["votes"].items()}} for v in ballots["voters"]]
    ideas = [row | {"id": called[row["id"]]} for row in snapshot["ideas"]]
    other = again(snapshot, {"version": 1, "voters": voters}, ideas=ideas)
    assert promoted(other) == {called[idea] for idea in promoted(decide(snapshot, ballots))}


@given(elections())
def test_a_voter_of_weight_w_is_w_voters(election: tuple[dict[str, Any], dict[str, Any]]) -> None:
    snapshot, ballots = election
    split = [v | {"id": f"{v['id']}-{n}", "weight": 1} for v in ballots["voters"] for n in range(v["weight"])]
    other = again(snapshot, {"version": 1, "voters": split})
    one = decide(snapshot, ballots)
    assert [(made.idea, made.because) for made in other.decisions] == [(made.idea, made.because) for made in one.decisions]


@given(elections(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_no_byte(election: tuple[dict[str, Any], dict[str, Any]], chance: Any) -> None:
    snapshot, ballots = election
    turned, cast = deepcopy(snapshot), deepcopy(ballots)
    chance.shuffle(turned["ideas"])
    chance.shuffle(cast["voters"])
    cast["voters"] = [v | {"votes": dict(sorted(v["votes"].items(), reverse=True))} for v in cast["voters"]]
    assert outcome_bytes(decide(turned, cast)) == outcome_bytes(decide(snapshot, ballots))
