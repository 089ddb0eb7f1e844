"""A panel's means and weighted mixes over figures nobody thought of: what must hold for every one of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from innovation.rules.measures import MEASURES, MICRO, mean_micro
from innovation.rules.panel import hidden_by_rounding, review_mean, weighted_mean_micro
from innovation.rules.promotion import candidates, decide, mixed, number, ordering, parse_rule, ready_rule
from innovation.rules.promotion.sureness import mix_figures
from innovation.rules.ranking import Panel, field_of, fit_spread, uncertainty
from innovation.rules.ranking.mix import mix, scaled

SCORE = st.integers(1, 5)
REVIEW = st.fixed_dictionaries({"a": SCORE, "b": SCORE})
REVIEWED = st.lists(st.lists(REVIEW, min_size=1, max_size=5), min_size=1, max_size=8)
WEIGHTS = {"a": 2, "b": 1}
SHUFFLER = st.randoms(use_true_random=False)

RAW = st.fixed_dictionaries(
    {
        "for": st.integers(0, 6),
        "against": st.integers(0, 6),
        "views": st.integers(0, 12),
        "panel_mean_micro": st.integers(0, 5 * MICRO),
        "pairs_micro": st.integers(-3 * MICRO, 3 * MICRO),
        "prior_for_micro": st.just(2 * MICRO),
        "prior_against_micro": st.just(3 * MICRO),
    }
)
RAWS = st.lists(RAW, min_size=1, max_size=8)
WEIGHT = st.one_of(st.integers(1, 9), st.sampled_from(["0.5", "1.25"]))
PARTS = st.lists(
    st.tuples(st.sampled_from(["support", "net", "views", "panel_mean", "pairs", "approval_share"]), WEIGHT),
    min_size=2,
    max_size=4,
    unique_by=lambda part: part[0],
)


def means(reviewed: list[list[dict[str, int]]]) -> list[list[Fraction]]:
    return [[review_mean(each, WEIGHTS) for each in idea] for idea in reviewed]


def a_panel(reviewed: list[list[dict[str, int]]]) -> Panel:
    variance, freedom = fit_spread(means(reviewed), hidden_by_rounding({"a": 1, "b": 1}, WEIGHTS))
    scores = [weighted_mean_micro(idea, WEIGHTS) or 0 for idea in reviewed]
    return Panel(np.array(scores) / MICRO, np.array([float(len(idea)) for idea in reviewed]), variance, freedom)


def rule(parts: list[tuple[str, Any]], descending: bool = True) -> dict[str, Any]:
    weighed = [{"measure": name, "weight": weight} for name, weight in parts]
    order = {"mix": weighed, "descending": descending}
    return ready_rule("top_k_approvals", order=order, eligibility=None, capacity={"kind": "top", "k": 2})


def snapshot(made: dict[str, Any], raws: list[dict[str, int]]) -> dict[str, Any]:
    rows = [
        {
            "id": f"i{n}",
            "challenge": "c",
            "requested": None,
            "submitted_at": None,
            "measures": raw,
            "pick": None,
            "out": None,
        }
        for n, raw in enumerate(raws)
    ]
    challenge = {"id": "c", "budget": None, "currency": None, "electorate": None}
    return {"version": 1, "round": "r", "pass": 1, "rule": made, "challenges": [challenge], "ideas": rows}


# --- the panel -----------------------------------------------------------------------------------------------------


@given(REVIEWED, SHUFFLER)
def test_it_does_not_matter_who_said_what_first(reviewed: list[list[dict[str, int]]], shuffler: Any) -> None:
    others = [list(idea) for idea in reviewed]
    for idea in others:
        shuffler.shuffle(idea)
    one, other = a_panel(reviewed), a_panel(others)
    assert (one.mean.tolist(), one.variance_micro, one.freedom) == (other.mean.tolist(), other.variance_micro, other.freedom)


@given(REVIEWED, SHUFFLER)
def test_a_panel_does_not_know_which_idea_is_whose(reviewed: list[list[dict[str, int]]], shuffler: Any) -> None:
    order = list(range(len(reviewed)))
    shuffler.shuffle(order)
    one, other = a_panel(reviewed), a_panel([reviewed[n] for n in order])
    assert other.mean.tolist() == one.mean[order].tolist()
    assert (one.variance_micro, one.freedom) == (other.variance_micro, other.freedom)


@given(REVIEWED, st.data())
def test_a_better_score_never_lowers_a_mean(reviewed: list[list[dict[str, int]]], data: st.DataObject) -> None:
    idea = data.draw(st.sampled_from(range(len(reviewed))))
    row = data.draw(st.sampled_from(range(len(reviewed[idea]))))
    assume(reviewed[idea][row]["a"] < 5)
    better = [[dict(each) for each in one] for one in reviewed]
    better[idea][row]["a"] += 1
    before, after = a_panel(reviewed).mean, a_panel(better).mean
    assert after[idea] > before[idea]
    assert np.delete(after, idea).tolist() == np.delete(before, idea).tolist()


@settings(deadline=None)
@given(REVIEWED, st.integers(1, 9), st.integers(0, 2**64 - 1))
def test_a_panels_figures_hold_together(reviewed: list[list[dict[str, int]]], k: int, seed: int) -> None:
    panel = a_panel(reviewed)
    assume(panel.variance_micro is not None)
    found = uncertainty("panel", field_of(len(reviewed), panel=panel), k, seed, 100)
    again = uncertainty("panel", field_of(len(reviewed), panel=panel), k, seed, 100)
    assert found.micro() == again.micro()
    assert ((found.low <= found.score) & (found.score <= found.high)).all()
    assert found.p_top.sum() == pytest.approx(min(k, len(reviewed)))
    assert (panel.variance_micro or 0) > 0  # agreeing in whole points is not certainty


@given(st.lists(REVIEW, min_size=1, max_size=6))
def test_the_mean_is_one_formula_wherever_it_stands(idea: list[dict[str, int]]) -> None:
    assert weighted_mean_micro(idea, {}) == mean_micro([[each["a"], each["b"]] for each in idea])


# --- the mix -------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(RAWS, PARTS, st.booleans())
def test_a_mix_ranks_as_the_promotion_rule_does(raws: list[dict[str, int]], parts: Any, descending: bool) -> None:
    whole = snapshot(rule(parts, descending), raws)
    [pool] = candidates(whole)
    made = {each.idea: each for each in decide(whole).decisions}
    have = {entry.idea.id: entry.have for entry in pool}
    assert {name: made[name].params["have"] for name in have} == {
        name: number(value or Fraction(0)) for name, value in have.items()
    }
    by_place = sorted(made.values(), key=lambda each: each.place or 0)
    assert [have[each.idea] for each in by_place] == [entry.have for entry in pool]
    order = parse_rule(rule(parts, descending)).order
    assert order is not None
    figures = mixed(order, [entry.idea.raw for entry in pool], {}).score
    assert figures.tolist() == [round((entry.have or Fraction(0)) * MICRO) / MICRO for entry in pool]


@given(RAWS, PARTS)
def test_the_formula_of_a_mix_gives_the_same_exactly_and_over_arrays(raws: list[dict[str, int]], parts: Any) -> None:
    order = parse_rule(rule(parts)).order
    assert order is not None
    made = mixed(order, raws, {})
    columns = [scaled(part.value, part.kind, np.asarray(part.highest)) for part in made.parts]
    floats = mix(columns, [np.asarray(part.weight) for part in made.parts])
    assert floats == pytest.approx([float(each) for each in ordering.values(order, raws)], abs=1e-9)


@given(RAWS, PARTS, SHUFFLER)
def test_a_mix_does_not_know_which_idea_is_whose(raws: list[dict[str, int]], parts: Any, shuffler: Any) -> None:
    turned = list(range(len(raws)))
    shuffler.shuffle(turned)
    order = parse_rule(rule(parts)).order
    assert order is not None
    one = ordering.values(order, raws)
    assert ordering.values(order, [raws[n] for n in turned]) == [one[n] for n in turned]


@given(RAWS, PARTS, st.data())
def test_more_of_any_part_never_puts_an_idea_behind_another(
    raws: list[dict[str, int]], parts: Any, data: st.DataObject
) -> None:
    order = parse_rule(rule(parts)).order
    assert order is not None
    n = data.draw(st.sampled_from(range(len(raws))))
    more = data.draw(st.sampled_from(["for", "panel_mean_micro", "pairs_micro"]))
    # One more vote in favour is one more person who saw it; nothing else of the idea changes.
    lifted = {more: raws[n][more] + (1 if more == "for" else MICRO // 3)}
    lifted |= {"views": max(raws[n]["views"], lifted.get("for", 0))} if "views" not in dict(parts) else {}
    before = ordering.values(order, raws)
    after = ordering.values(order, [*raws[:n], raws[n] | lifted, *raws[n + 1 :]])
    behind = [m for m in range(len(raws)) if m != n and before[n] >= before[m] and after[n] < after[m]]
    assert behind == []


@settings(deadline=None)
@given(RAWS, PARTS, st.integers(1, 9), st.integers(0, 2**64 - 1), st.booleans())
def test_the_figures_of_a_mix_hold_together(
    raws: list[dict[str, int]], parts: Any, k: int, seed: int, descending: bool
) -> None:
    order = parse_rule(rule(parts, descending)).order
    assert order is not None
    exact = {
        part.measure: [MEASURES[part.measure].of(*(raw[n] for n in MEASURES[part.measure].needs)) for raw in raws]
        for part in order.mix
    }
    rows = [[(round(v * MICRO) - 90_000, round(v * MICRO) + 40_000) for v in exact[part.measure]] for part in order.mix]
    found = mix_figures(order, raws, rows, k, seed)
    assert found == mix_figures(order, raws, rows, k, seed)
    assert all(low <= score <= high for score, low, high, _top in found if low is not None and high is not None)
    assert sum(top or 0 for *_, top in found) == pytest.approx(min(k, len(raws)) * MICRO, abs=len(raws))
    ranked = next(n for n, part in enumerate(order.mix) if part.measure != "views")
    rows[ranked][0] = None  # type: ignore[call-overload]
    assert {figures[1:] for figures in mix_figures(order, raws, rows, k, seed)} == {(None, None, None)}
