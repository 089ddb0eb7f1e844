"""How sure a panel's mean and a mix are, against what books say and against drawing the parts themselves."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from innovation.rules.measures import MICRO
from innovation.rules.panel import hidden_by_rounding
from innovation.rules.promotion import parse_rule, ready_rule
from innovation.rules.promotion.rule import Order
from innovation.rules.promotion.sureness import mix_figures
from innovation.rules.ranking import Panel, field_of, fit_spread, uncertainty

T_AT_95 = {1: 6.3138, 6: 1.9432, 60: 1.6706}
"""Student's t that 5 % exceed, by degrees of freedom (Fisher, Yates)."""


def _panel(means: list[float], reviews: list[int], variance: float, freedom: int) -> Panel:
    return Panel(np.array(means), np.array(reviews, dtype=float), round(variance * MICRO), freedom)


@pytest.mark.parametrize("freedom", sorted(T_AT_95))
def test_the_interval_is_students(freedom: int) -> None:
    panel = _panel([3.0, 4.0], [4, 1], 0.36, freedom)
    found = uncertainty("panel", field_of(2, panel=panel), 1, 7, 100_000)
    reach = T_AT_95[freedom] * 0.6 / np.sqrt([4, 1])
    assert found.high - found.score == pytest.approx(reach, rel=0.05)
    assert found.score - found.low == pytest.approx(reach, rel=0.05)


def test_the_spread_is_pooled_over_the_ideas() -> None:
    halves = [[Fraction(2), Fraction(4)], [Fraction(3)], [], [Fraction(1), Fraction(2), Fraction(3)]]
    # (1 + 1) + (1 + 0 + 1) around their own means, on one degree of freedom and two.
    assert fit_spread(halves) == (round(4 / 3 * MICRO), 3)


def test_without_a_second_review_of_anything_nothing_tells_the_spread() -> None:
    assert fit_spread([[Fraction(2)], [Fraction(5)], []]) == (None, 0)
    panel = Panel(np.array([2.0, 5.0]), np.array([1.0, 1.0]), None, 0)
    found = uncertainty("panel", field_of(2, panel=panel), 1, 7)
    assert (found.low.tolist(), found.high.tolist()) == ([2.0, 5.0], [2.0, 5.0])


def test_members_who_agree_in_whole_points_may_still_differ_by_less() -> None:
    hidden = hidden_by_rounding({"a": 3, "b": 4, "c": 4}, {"a": 1, "b": 1, "c": 1})
    assert hidden == Fraction(1, 36)
    assert fit_spread([[Fraction(3), Fraction(3)]], hidden) == (round(MICRO / 36), 1)


def _order(descending: bool = True) -> Order:
    parts = [{"measure": "support", "weight": 2}, {"measure": "panel_mean", "weight": 1}]
    rule = ready_rule("top_k_approvals", order={"mix": parts, "descending": descending}, eligibility=None)
    order = parse_rule(rule).order
    assert order is not None
    return order


def test_a_mix_is_as_sure_as_if_its_parts_were_drawn_themselves() -> None:
    """The stored ends of the parts say nearly all there is to know of them."""
    for_, views = np.array([30.0, 24.0, 12.0, 9.0]), np.array([50.0, 48.0, 50.0, 40.0])
    panel = _panel([4.2, 3.1, 4.6, 2.0], [3, 3, 2, 3], 0.5, 7)
    field = field_of(4, for_=for_, views=views, panel=panel)
    raws = [
        {"for": int(u), "views": int(v), "prior_for_micro": 2 * MICRO, "prior_against_micro": 3 * MICRO}
        | {"panel_mean_micro": round(mean * MICRO)}
        for u, v, mean in zip(for_, views, panel.mean, strict=True)
    ]
    rows = [
        [(low, high) for _score, low, high, _top in uncertainty(name, field, 2, 5, 100_000).micro()]
        for name in ("support", "panel")
    ]
    told = np.array(mix_figures(_order(), raws, rows, 2, 11), dtype=float) / MICRO
    chance = np.random.default_rng(3)
    support = chance.beta(for_ + 2, views - for_ + 3, size=(100_000, 4))
    mean = panel.mean + np.sqrt(0.5 / panel.reviews) * chance.standard_t(7, size=(100_000, 4))
    drawn = (2 * support + np.maximum(mean - 1, 0) / 4) / 3
    best = np.argsort(-drawn, axis=1)[:, :2]
    assert told[:, 1] == pytest.approx(np.quantile(drawn, 0.05, axis=0), abs=0.012)
    assert told[:, 2] == pytest.approx(np.quantile(drawn, 0.95, axis=0), abs=0.012)
    assert told[:, 3] == pytest.approx(np.bincount(best.ravel(), minlength=4) / 100_000, abs=0.04)


def test_where_less_is_better_the_chance_is_that_of_the_lowest() -> None:
    raws = [
        {
            "for": u,
            "views": 60,
            "prior_for_micro": 2 * MICRO,
            "prior_against_micro": 3 * MICRO,
            "panel_mean_micro": 3 * MICRO,
        }
        for u in (2, 30, 58)
    ]
    rows = [[(round((u + 2) / 65 * MICRO) - 50_000, round((u + 2) / 65 * MICRO) + 50_000) for u in (2, 30, 58)]]
    rows.append([(2_900_000, 3_100_000)] * 3)
    best = {d: [round((row[3] or 0) / MICRO, 2) for row in mix_figures(_order(d), raws, rows, 1, 1)] for d in (True, False)}
    assert best == {True: [0, 0, 1], False: [1, 0, 0]}
