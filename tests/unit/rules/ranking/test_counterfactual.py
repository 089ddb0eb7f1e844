"""How many more in favour an idea would have needed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from innovation.rules.counterfactual import more_needed

RAW = {"for": 20, "against": 17, "views": 37, "points": 50, "prior_for_micro": 2_000_000, "prior_against_micro": 3_000_000}


@pytest.mark.parametrize(
    ("measure", "raw", "line", "inclusive", "more"),
    [
        ("for", {}, Fraction(24), True, 4),
        ("for", {}, Fraction(24), False, 5),
        ("for", {}, Fraction(20), True, 0),
        ("net", {}, Fraction(10), True, 7),
        ("points", {}, Fraction(61), True, 11),
        # 61 % of 42 is 25.62: 26 with the prior's two, so 24 in favour.
        ("support", {}, Fraction(61, 100), True, 4),
        # All 37 in favour are 39 of 42; then new people: (39 + x) / (42 + x) >= .95 from x = 18 on.
        ("support", {}, Fraction(95, 100), True, 35),
        ("support", {"views": 5}, Fraction(61, 100), True, 0),
        ("approval_share", {}, Fraction(2, 3), True, 14),
        ("approval_share", {}, Fraction(2, 3), False, 15),
        ("approval_share", {"against": 0, "for": 0}, Fraction(1), True, 1),
    ],
)
def test_more_needed_is_counted(measure: str, raw: dict[str, int], line: Fraction, inclusive: bool, more: int) -> None:
    assert more_needed(measure, RAW | raw, line, inclusive) == more


@pytest.mark.parametrize(
    ("measure", "line"), [("approval_share", Fraction(1)), ("support", Fraction(1)), ("wilson", Fraction(3, 2))]
)
def test_a_line_no_vote_reaches_has_no_answer(measure: str, line: Fraction) -> None:
    assert more_needed(measure, RAW, line, True) is None


@pytest.mark.parametrize("measure", ["panel_mean", "requested", "support_least", "pairs", "stars", "p_top", "low", "views"])
def test_a_measure_that_votes_for_do_not_lift_has_no_answer(measure: str) -> None:
    raw = RAW | {"panel_mean_micro": 1, "support_least_micro": 1, "pairs_micro": 1, "low_micro": 1, "p_top_micro": 1}
    assert more_needed(measure, raw | {"requested": 1, "voters": 1}, Fraction(5), True) is None


def test_an_unknown_figure_has_no_answer() -> None:
    assert more_needed("support", {"for": 20}, Fraction(1, 2), True) is None
