"""Quantiles are worked out, not drawn; and only ideas that can be among the best are drawn for their chance to be."""

from __future__ import annotations

from math import comb, exp, fsum, lgamma, log, log1p, pi, sin

import numpy as np
import pytest

from innovation.rules.ranking import METHODS, Field, Prior, StarPrior, field_of, uncertainty
from innovation.rules.ranking.posterior import Beta, Known, Normal
from innovation.rules.ranking.simulation import among
from innovation.rules.ranking.special import beta_quantile

CHANCES = (1e-8, 0.05, 0.5, 0.95, 1 - 1e-8)
KNOWN = ("support", "net", "approval_share", "wilson", "stars", "points", "support_least")


def below(share: float, yes: int, no: int) -> float:
    """The chance of a draw from Beta(yes, no) below ``share``: that of ``yes`` or more heads among all but one."""
    throws = yes + no - 1
    return fsum(
        exp(lgamma(throws + 1) - lgamma(n + 1) - lgamma(throws - n + 1) + n * log(share) + (throws - n) * log1p(-share))
        for n in range(yes, throws + 1)
    )


@pytest.mark.parametrize("chance", CHANCES)
@pytest.mark.parametrize("size", [0.01, 0.5, 1.0, 7.3, 400.0, 9_999.0])
def test_quantiles_of_one_power_are_those_on_paper(size: float, chance: float) -> None:
    one = np.ones(1)
    assert beta_quantile(np.asarray([size]), one, chance)[0] == pytest.approx(chance ** (1 / size), abs=1e-11)
    high = -np.expm1(np.log1p(-chance) / size)
    assert beta_quantile(one, np.asarray([size]), chance)[0] == pytest.approx(high, abs=1e-11)


@pytest.mark.parametrize("chance", CHANCES)
def test_quantiles_of_the_arcsine_law_are_those_on_paper(chance: float) -> None:
    half = np.asarray([0.5])
    assert beta_quantile(half, half, chance)[0] == pytest.approx(sin(pi * chance / 2) ** 2, abs=1e-11)


@pytest.mark.parametrize("chance", [1e-8, 0.05, 0.95])
@pytest.mark.parametrize(
    ("yes", "no"), [(1, 4), (2, 3), (70, 30), (999, 1), (5_000, 9), (9_999, 9_999), (12_000, 11_000), (11_000, 40_000)]
)
def test_so_many_heads_are_as_likely_as_the_quantile_says(yes: int, no: int, chance: float) -> None:
    share = float(beta_quantile(np.asarray([float(yes)]), np.asarray([float(no)]), chance)[0])
    # A share that is off by 1e-8 is off by this much in chance.
    apart = max(below(min(share + 1e-8, 1 - 1e-16), yes, no) - below(share, yes, no), 1e-12)
    assert below(share, yes, no) == pytest.approx(chance, abs=apart)


def test_quantiles_of_extreme_parameters_are_shares_and_ascend() -> None:
    sizes = [0.01, 0.025, 1.0, 30.0, 999.99, 9_999.0, 10_001.0, 1e6, 1e9, 1e12]
    yes, no = (side.ravel() for side in np.meshgrid(sizes, sizes))
    found = [beta_quantile(yes, no, chance) for chance in CHANCES]
    assert np.isfinite(found).all()
    assert np.min(found) >= 0
    assert np.max(found) <= 1
    assert (np.diff(found, axis=0) >= 0).all()


def made(size: int) -> Field:
    """Ideas of many qualities and few votes or many, some without any."""
    chance = np.random.default_rng(5)
    views = chance.integers(0, 90, size)
    for_ = chance.binomial(views, chance.beta(2, 3, size))
    voters = views - chance.binomial(views - for_, 0.3)
    return field_of(
        size,
        for_=for_,
        against=voters - for_,
        views=views,
        voters=voters,
        points=3 * for_ + (voters - for_),
        squares=9 * for_ + (voters - for_),
        least_for=for_ * 2 // 3,
        least_views=views * 2 // 3,
        prior=Prior(2_100_000, 2_900_000),
        stars=StarPrior(2_000_000, 4_000_000),
    )


def known(method: str, field: Field) -> Known:
    found = METHODS[method].posterior(field)
    assert isinstance(found, Known), method
    return found


@pytest.mark.parametrize("method", KNOWN)
def test_an_interval_is_that_of_many_draws(method: str) -> None:
    posterior = known(method, made(40))
    drawn = posterior.draws(np.random.default_rng(7), 100_000)
    for chance in (0.05, 0.5, 0.95):
        # Where it lies among the draws, for a quantile may be far off in a thin tail.
        share = (drawn < posterior.quantile(chance) + 1e-12).mean(axis=0)
        moves = np.ptp(drawn, axis=0) > 0
        assert share[moves] == pytest.approx(np.full(int(moves.sum()), chance), abs=0.008)


@pytest.mark.parametrize("method", KNOWN)
def test_leaving_out_ideas_that_cannot_be_among_the_best_changes_no_chance(method: str) -> None:
    field = made(400)
    posterior = known(method, field)
    drawn = among(posterior.draws, len(field), 10, 3, 20_000)
    found = uncertainty(method, field, 10, 4, 20_000).p_top
    assert 10 <= np.count_nonzero(found) < 300
    assert found.sum() == pytest.approx(10)
    assert found == pytest.approx(drawn, abs=0.02)


def test_an_idea_is_left_out_where_its_chance_is_below_a_millionth() -> None:
    # For one place: 4.89 standard deviations each way are a chance of half a millionth.
    for apart, able in ((9.7, [0, 1]), (9.9, [0])):
        assert Normal(np.asarray([0.0, -apart]), np.ones(2))._able(1).tolist() == able
    assert Normal(np.zeros(9), np.zeros(9))._able(3).tolist() == list(range(9))


def test_as_many_ideas_are_left_as_there_are_places() -> None:
    posterior = Beta(np.asarray([1e6, 5e5, 10.0, 1.0]), np.asarray([1.0, 5e5, 1e6, 1e7]))
    for k in (1, 2, 3):
        _, _, top = posterior.figures(k, 1, 100)
        assert top.tolist() == [float(n < k) for n in range(4)]
    assert posterior.figures(4, 1, 100)[2].tolist() == [1.0] * 4
    assert posterior.figures(0, 1, 100)[2].tolist() == [0.0] * 4


def test_nothing_is_known_of_no_ideas() -> None:
    for method in METHODS:
        found = uncertainty(method, field_of(0), 3, 1)
        assert [len(column) for column in (found.low, found.high, found.p_top)] == [0, 0, 0], method


def test_binomials_agree_with_their_plain_sum() -> None:
    plain = sum(comb(9, n) * 0.3**n * 0.7 ** (9 - n) for n in range(4, 10))
    assert below(0.3, 4, 6) == pytest.approx(plain, rel=1e-12)


@pytest.mark.parametrize("method", KNOWN)
def test_equals_are_equally_likely_among_the_best_also_where_nothing_is_known_of_them(method: str) -> None:
    found = uncertainty(method, field_of(5, for_=[0] * 5, views=[0] * 5), 2, 1).p_top
    assert found == pytest.approx(np.full(5, 0.4), abs=0.05)


def test_places_at_the_line_are_shared_by_those_that_are_equal_there() -> None:
    level = Normal(np.asarray([9.0, 3.0, 3.0, 3.0, 1.0]), np.zeros(5))
    assert level.figures(2, 1, 100)[2].tolist() == pytest.approx([1, 1 / 3, 1 / 3, 1 / 3, 0])
