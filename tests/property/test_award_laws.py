"""Dividing an award: parts are whole, add up exactly, and differ from the exact share by less than one unit."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from innovation.rules.award import AWARD, STEPS, AwardState, divide, due_step

AMOUNTS = st.integers(min_value=1, max_value=10**15)
WEIGHTS = st.lists(st.integers(min_value=0, max_value=10**15), min_size=1, max_size=12)


@given(AMOUNTS, WEIGHTS)
def test_parts_add_up_and_none_is_off_by_a_whole_unit(amount: int, weights: list[int]) -> None:
    parts = divide(amount, weights)
    fair = weights if any(weights) else [1] * len(weights)
    off = [abs(part - Fraction(amount * weight, sum(fair))) for part, weight in zip(parts, fair, strict=True)]
    assert (sum(parts), len(parts), min(parts) >= 0, max(off) < 1) == (amount, len(weights), True, True)


@given(AMOUNTS, st.integers(min_value=1, max_value=12))
def test_equal_shares_differ_by_one_unit_at_most_and_the_first_gain(amount: int, people: int) -> None:
    parts = divide(amount, [1] * people)
    assert (max(parts) - min(parts) <= 1, parts) == (True, sorted(parts, reverse=True))


def test_a_hundred_euros_among_three() -> None:
    assert (divide(10_000, [1, 1, 1]), divide(10, [0, 0]), divide(1, [0, 5, 5])) == ([3334, 3333, 3333], [5, 5], [0, 1, 0])


@given(st.integers(min_value=-30, max_value=30))
def test_a_step_is_near_for_three_days_and_late_after_its_own(days: int) -> None:
    due = date(2026, 6, 15)
    found = due_step("offered", due, due + timedelta(days=days))
    assert found == ("accept_late" if days > 0 else "accept_soon" if days >= -3 else None)


def test_nothing_is_due_where_no_move_is_left() -> None:
    ends = {state for state in AwardState if not any(state in froms for froms, _to in AWARD.moves.values())}
    assert (ends, set(AwardState) - STEPS.keys()) == (ends, ends)
    assert {due_step(state, date(2026, 1, 1), date(2026, 2, 1)) for state in ends} == {None}
