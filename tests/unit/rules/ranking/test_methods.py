"""Each way to rank, on figures worked out by hand or known from elsewhere."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import lgamma, log, sqrt
from random import Random
from typing import Any

import numpy as np
import pytest

from innovation.rules import measures
from innovation.rules.ballot import Ballot
from innovation.rules.promotion import MIX
from innovation.rules.ranking import (
    DEFAULT,
    METHODS,
    Prior,
    StarPrior,
    field_of,
    fit_prior,
    fit_stars,
    in_micro,
    uncertainty,
)
from innovation.rules.ranking.special import reciprocal_squares, reciprocals
from innovation.rules.ranking.wilson import bound, exact, exact_root

RAW = {
    "for": 30,
    "against": 10,
    "views": 41,
    "voters": 40,
    "points": 130,
    "prior_for_micro": 2_500_000,
    "prior_against_micro": 3_500_000,
    "stars_mean_micro": 3_200_000,
    "stars_weight_micro": 4_000_000,
    "support_least_micro": 512_345,
    "pairs_micro": -1_250_000,
    "for_external": 6,
    "views_external": 10,
    "voters_external": 8,
    "for_internal": 24,
    "views_internal": 20,
    "low_micro": 583_000,
    "p_top_micro": 250_500,
}


def test_the_table_names_a_measure_a_rule_may_use_for_every_method() -> None:
    assert {name: method.name for name, method in METHODS.items()} == {name: name for name in METHODS}
    assert [name for name, method in METHODS.items() if method.measure not in measures.MEASURES] == ["mix"]
    assert METHODS["mix"].measure == MIX  # what a decision names where a rule orders by a mix
    assert next(iter(METHODS)) == DEFAULT == "support"
    assert {ballot for method in METHODS.values() for ballot in method.ballots} == set(Ballot)
    assert all(method.formula and method.source for method in METHODS.values())


@pytest.mark.parametrize(
    ("name", "worth"),
    [
        ("support", Fraction(65, 94)),
        ("net", 20),
        ("approval_share", Fraction(3, 4)),
        ("stars", Fraction(1428, 440)),
        ("points", 130),
        ("pairs", Fraction(-5, 4)),
        ("support_least", Fraction(512_345, 1_000_000)),
        ("support_external", Fraction(17, 32)),
        ("support_internal", Fraction(53, 60)),
        ("for_external", 6),
        ("voters_external", 8),
        ("views", 41),
        ("low", Fraction(583, 1000)),
        ("p_top", Fraction(501, 2000)),
    ],
)
def test_a_measure_is_exact(name: str, worth: Fraction) -> None:
    assert measures.value(name, RAW) == worth


@pytest.mark.parametrize("name", ["support", "stars", "pairs", "support_least", "support_external", "low", "p_top"])
def test_a_measure_is_unknown_until_its_parameters_are_stored(name: str) -> None:
    assert measures.value(name, {"for": 1, "against": 0, "views": 3, "points": 3, "voters": 1}) is None


def test_views_are_never_fewer_than_votes_for() -> None:
    assert measures.value("support", RAW | {"views": 3}) == measures.value("support", RAW | {"views": 30})
    [score] = METHODS["support"].score(field_of(1, for_=[30], views=[3]))
    assert score == 32 / 35


def test_wilson_bound_is_the_published_one() -> None:
    # 95 % interval of 81 of 263, by the score method: Newcombe 1998, table I.
    assert float(exact(Fraction(81), Fraction(182))) == pytest.approx(0.2553, abs=5e-5)
    assert exact(Fraction(0), Fraction(0)) == exact(Fraction(0), Fraction(7)) == 0


def test_wilson_is_the_same_exactly_and_over_arrays() -> None:
    counts = list(product((0, 1, 2, 7, 1000, 10**9), repeat=2))
    for_, against = np.asarray(counts, dtype=float).T
    for (yes, no), fast in zip(counts, bound(for_, against), strict=True):
        assert float(exact(Fraction(yes), Fraction(no))) == pytest.approx(fast, abs=1e-9)


def test_an_exact_root_is_right_to_the_last_digit() -> None:
    root = exact_root(Fraction(2))
    assert root**2 <= 2 < (root + Fraction(1, 10**24)) ** 2


def test_special_functions_are_sums_of_reciprocals() -> None:
    for start in (0.01, 0.7, 3.0, 250.0):
        counts = np.asarray([0.0, 1.0, 5.0, 400.0])
        plain = [sum(1 / (start + n) for n in range(int(count))) for count in counts]
        squares = [sum(1 / (start + n) ** 2 for n in range(int(count))) for count in counts]
        assert reciprocals(counts, start) == pytest.approx(plain, rel=1e-11, abs=1e-11)
        assert reciprocal_squares(counts, start) == pytest.approx(squares, rel=1e-11, abs=1e-11)


def likelihood(a: float, b: float, rows: list[tuple[int, int]]) -> float:
    def choose(first: float, second: float) -> float:
        return lgamma(first) + lgamma(second) - lgamma(first + second)

    return sum(choose(a + yes, b + seen - yes) - choose(a, b) for yes, seen in rows)


def test_the_fitted_prior_is_the_most_likely_one() -> None:
    chance = Random(4)
    rows = []
    for _ in range(200):
        quality, seen = chance.betavariate(2, 5), chance.randrange(40)
        rows.append((sum(chance.random() < quality for _ in range(seen)), seen))
    prior = fit_prior(*zip(*rows, strict=True))
    a, b = (micro / 1e6 for micro in prior)
    assert [a, b] == pytest.approx([2, 5], rel=0.3)
    best = likelihood(a, b, rows)
    for more, also in product((0.98, 1, 1.02), repeat=2):
        assert likelihood(a * more, b * also, rows) <= best + 1e-9


@pytest.mark.parametrize(
    ("for_", "views", "prior"),
    [
        ([5] * 7, [10] * 7, (2_000_000, 3_000_000)),
        ([5] * 7 + [0] * 9, [10] * 7 + [0] * 9, (2_000_000, 3_000_000)),
        ([5] * 30, [10] * 30, (500_000_000, 500_000_000)),
        ([0] * 30, [10] * 30, (10_000, 999_990_000)),
        ([10] * 30, [10] * 30, (999_990_000, 10_000)),
        ([0, 10] * 15, [10] * 30, (25_000, 25_000)),
        ([10**12, 0] * 15, [10**12] * 30, (25_000, 25_000)),
    ],
)
def test_a_prior_without_a_likeliest_one_ends_at_its_bounds(for_: Any, views: Any, prior: tuple[int, int]) -> None:
    assert fit_prior(for_, views) == prior


def test_star_weight_is_within_over_between_variance() -> None:
    # Eight ideas, two votes each, one star apart: within 1/2. Their means 2, 2, 2, 2, 4, 4, 4, 4 vary by 8/7.
    means = [2.0] * 4 + [4.0] * 4
    votes = [(mean - 0.5, mean + 0.5) for mean in means]
    found = fit_stars([sum(pair) for pair in votes], [sum(star**2 for star in pair) for pair in votes], [2] * 8)
    assert found == (3_000_000, round(0.5 / (8 / 7 - 0.25) * 1e6))


def test_the_stars_mean_weighs_ideas_by_what_their_votes_tell() -> None:
    voters = [2, 2, 2, 2, 20, 20, 20, 20]
    means = [1.5, 4.5, 4.5, 4.5, 2.5, 3.5, 3.5, 3.5]
    given = [mean * votes for mean, votes in zip(means, voters, strict=True)]
    squares = [votes * (mean**2 + 0.25) for mean, votes in zip(means, voters, strict=True)]
    found = fit_stars(given, squares, voters)
    trust = [votes / (votes + found.weight_micro / 1e6) for votes in voters]
    expected = sum(part * mean for part, mean in zip(trust, means, strict=True)) / sum(trust)
    assert found.mean_micro == pytest.approx(1e6 * expected, abs=2)
    assert 0.1 < found.weight_micro / 1e6 < 10


@pytest.mark.parametrize(
    ("given", "squares", "voters", "prior"),
    [
        ([8] * 7, [32] * 7, [2] * 7, StarPrior()),
        ([4] * 9, [16] * 9, [1] * 9, StarPrior()),
        ([8] * 8, [34] * 8, [2] * 8, StarPrior(4_000_000, 1_000_000_000)),
        ([4, 8] * 4, [8, 32] * 4, [2] * 8, StarPrior(3_000_000, 10_000)),
    ],
)
def test_star_weight_has_a_floor_a_cap_and_a_default(given: Any, squares: Any, voters: Any, prior: StarPrior) -> None:
    assert fit_stars(given, squares, voters) == prior


def test_intervals_of_support_are_those_of_its_posterior() -> None:
    # Beta(1, 4): the share below x is 1 - (1 - x)^4.
    found = uncertainty("support", field_of(1, for_=[0], views=[3], prior=Prior(1_000_000, 1_000_000)), 1, 5)
    low, high = 1 - 0.95**0.25, 1 - 0.05**0.25
    assert [found.low[0], found.high[0]] == pytest.approx([low, high], abs=0.015)
    assert found.score.tolist() == [0.2]
    assert found.p_top.tolist() == [1.0]


def test_intervals_of_net_votes_widen_with_the_root_of_the_people() -> None:
    found = uncertainty("net", field_of(2, for_=[50, 5000], against=[50, 5000], views=[100, 10_000]), 1, 5)
    width = found.high - found.low
    assert width[0] == pytest.approx(2 * 1.645 * sqrt(100), rel=0.1)
    assert width[1] / width[0] == pytest.approx(10, rel=0.1)


@pytest.mark.parametrize(("views", "variance"), [(9, 9 * (11 / 11 - (9 / 11) ** 2)), (18, 18 * (10 / 20 - (9 / 20) ** 2))])
def test_intervals_of_net_votes_count_two_made_up_votes_and_who_only_looked(views: int, variance: float) -> None:
    found = uncertainty("net", field_of(1, for_=[9], views=[views]), 1, 5, count=20_000)
    assert found.high[0] - found.low[0] == pytest.approx(2 * 1.645 * sqrt(variance), rel=0.03)


def test_everybody_agreeing_still_leaves_doubt() -> None:
    field = field_of(1, for_=[9], views=[9], voters=[9], points=[45], squares=[225])
    for name in ("net", "points", "approval_share", "support", "stars"):
        found = uncertainty(name, field, 1, 5)
        assert found.low[0] < found.score[0] <= found.high[0], name


def test_the_chance_of_the_top_is_the_chance_to_be_better() -> None:
    # Two ideas, Beta(2, 1) against the uniform: the first is better with chance 2/3.
    field = field_of(2, for_=[1, 0], views=[1, 0], prior=Prior(1_000_000, 1_000_000))
    assert uncertainty("support", field, 1, 3, count=20_000).p_top.tolist() == pytest.approx([2 / 3, 1 / 3], abs=0.015)


def test_other_seeds_give_other_draws() -> None:
    field = field_of(3, for_=[1, 2, 3], views=[5, 5, 5])
    assert uncertainty("support", field, 1, 1).micro() != uncertainty("support", field, 1, 2).micro()


def test_many_ideas_are_drawn_in_parts_and_counted_whole() -> None:
    size = 3_000
    field = field_of(size, for_=np.arange(size), views=np.full(size, size))
    found = uncertainty("support", field, 10, 1)
    assert found.p_top.sum() == pytest.approx(10)
    assert found.p_top[-5:].min() > 0.5
    assert found.p_top[:2000].max() == 0
    assert (np.diff(found.low[::500]) > 0).all()


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="views"):
        field_of(2, for_=[1, 2], views=[1])


def test_figures_are_stored_in_millionths_halves_to_even() -> None:
    assert in_micro(np.asarray([0.5, -1.2500004, log(2), 2.5e-6])) == [500_000, -1_250_000, 693_147, 2]
