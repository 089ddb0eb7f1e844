"""The panel's mean: exact, weighted, and the plain mean where nothing weighs more."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innovation.rules.measures import mean_micro
from innovation.rules.panel import weighted_mean_micro

SCORE = st.integers(1, 5)
REVIEWS = st.lists(st.fixed_dictionaries({"a": SCORE, "b": SCORE, "c": SCORE}), min_size=1, max_size=9)
WEIGHTS = st.fixed_dictionaries({"a": st.integers(1, 9), "b": st.integers(1, 9), "c": st.integers(1, 9)})


def test_a_criterion_that_counts_twice_weighs_double() -> None:
    assert weighted_mean_micro([{"a": 5, "b": 2}], {"a": 2, "b": 1}) == 4_000_000


def test_a_mean_of_two_reviews_weighs_each_member_alike() -> None:
    assert weighted_mean_micro([{"a": 5, "b": 5}, {"a": 1, "b": 2}], {"a": 1, "b": 1}) == 3_250_000


@pytest.mark.parametrize("reviews", [[], [{}], [{}, {}]])
def test_no_score_is_no_mean(reviews: list[dict[str, int]]) -> None:
    assert weighted_mean_micro(reviews, {"a": 3}) is None


def test_halves_go_to_the_even_millionth() -> None:
    """16 criteria, of which one: 1/64 of a point is 15,625 millionths; over 128 members half a millionth is left."""
    reviews = [{"a": 1}] * 127 + [{"a": 1, "b": 2}]
    exact = Fraction(127 * 1 + Fraction(3, 2), 128) * 1_000_000
    assert (exact, weighted_mean_micro(reviews, {})) == (Fraction(1_003_906_25, 100), 1_003_906)
    assert weighted_mean_micro([{"a": 1}] * 63 + [{"a": 1, "b": 2}], {}) == 1_007_812  # 1,007,812.5 goes down to even
    assert weighted_mean_micro([{"a": 1}] * 61 + [{"a": 1, "b": 2}] * 3, {}) == 1_023_438  # 1,023,437.5 goes up to even


@given(REVIEWS, st.integers(1, 9))
def test_equal_weights_are_the_plain_mean(reviews: list[dict[str, int]], weight: int) -> None:
    plain = mean_micro([list(review.values()) for review in reviews])
    assert weighted_mean_micro(reviews, dict.fromkeys("abc", weight)) == plain == weighted_mean_micro(reviews, {})


@given(REVIEWS, WEIGHTS)
def test_a_mean_lies_between_the_lowest_and_the_highest_score(
    reviews: list[dict[str, int]], weights: dict[str, int]
) -> None:
    mean = weighted_mean_micro(reviews, weights)
    scores = [score for review in reviews for score in review.values()]
    assert mean is not None
    assert min(scores) * 1_000_000 <= mean <= max(scores) * 1_000_000


@given(REVIEWS, WEIGHTS)
def test_nobody_is_asked_first(reviews: list[dict[str, int]], weights: dict[str, int]) -> None:
    assert weighted_mean_micro(reviews[::-1], weights) == weighted_mean_micro(reviews, weights)


@given(REVIEWS, WEIGHTS, st.sampled_from("abc"))
def test_a_higher_score_never_lowers_the_mean(reviews: list[dict[str, int]], weights: dict[str, int], which: str) -> None:
    before = weighted_mean_micro(reviews, weights)
    raised = [{**reviews[0], which: 5}, *reviews[1:]]
    after = weighted_mean_micro(raised, weights)
    assert before is not None
    assert after is not None
    assert after >= before
