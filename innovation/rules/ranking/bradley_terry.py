"""Strength from pairs: which of two ideas people prefer.

Formula: ``P(i beats j) = 1 / (1 + exp(t_j - t_i))``, Gaussian prior on t (mean 0, standard deviation 2); the t of greatest
posterior density by Newton's method, covariance = inverse Hessian. "Cannot say" is half a win for each. A comparison may
weigh less than one (`groups.capped_pairs`): it then counts as that part of one.
Source: Bradley, Terry 1952; Hunter 2004; the prior makes the answer unique, also where some were never compared.
Ties: equal records give equal strengths; the rule's tie-break decides. Missing: an idea in no pair stands at 0.
Complexity: O(m + n³) for m comparisons of n ideas; meant for up to some 3,000 ideas (memory n² × 24 bytes).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from innovation.rules.ranking.field import MICRO, Array, Column, Field, Strengths, Whole

PRIOR_SPREAD: Final = 2.0
_DENSE: Final = 2048
"""Up to so many ideas the pairs are counted in a table, above them by sorting."""


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Each pair that was compared, once: how often ``first`` won (halves count) of how many times."""

    ideas: int
    first: Whole
    second: Whole
    won: Array
    times: Array


@dataclass(frozen=True, slots=True)
class Records:
    """How often each idea was preferred, was not, and was compared at all; parts of a comparison are rounded down."""

    won: Whole
    lost: Whole
    times: Whole


def records(size: int, first: Whole, second: Whole, outcome: Whole, weight: Whole) -> Records:
    """The records of ``size`` ideas in comparisons that weigh so many millionths."""
    won, lost, times = (np.zeros(size, dtype=np.int64) for _ in range(3))
    for idea, result in ((first, outcome), (second, -outcome)):
        np.add.at(won, idea, weight * (result > 0))
        np.add.at(lost, idea, weight * (result < 0))
        np.add.at(times, idea, weight)
    return Records(won // MICRO, lost // MICRO, times // MICRO)


def fit(size: int, first: Column, second: Column, outcome: Column, weight: Column | None = None) -> Strengths:
    """Strengths of ``size`` ideas from comparisons of ``first[m]`` with ``second[m]`` (0 to size - 1).

    ``outcome[m]`` is 1 where the first was preferred, -1 the second, 0 "cannot say"; ``weight[m]`` is in millionths, and
    without it every comparison weighs a million. Raises ValueError for another outcome, for a weight below 0, for an idea
    that is not there, or one compared with itself.
    """
    weights = np.full(len(first), MICRO) if weight is None else weight
    pairs = _count(size, *(np.asarray(column, dtype=np.int64) for column in (first, second, outcome, weights)))
    theta = np.zeros(size)
    for _ in range(100):
        slope, bend = _slope(pairs, theta), _bend(pairs, theta)
        step = np.linalg.solve(bend, slope)
        # From nought, where it bends most, a whole step has never been seen to overshoot; nothing proves that it cannot.
        now, share = _density(pairs, theta), 1.0
        while _density(pairs, theta + share * step) < now - 1e-9 * abs(now) and share > 1e-6:
            share /= 2
        theta = theta + share * step
        if np.abs(step).max(initial=0) < 1e-10:
            break
    factor = np.linalg.inv(np.linalg.cholesky(_bend(pairs, theta))).T
    return Strengths(theta, np.sqrt((factor**2).sum(axis=1)), factor)


def _count(size: int, first: Whole, second: Whole, outcome: Whole, weight: Whole) -> _Pairs:
    if not len(first) == len(second) == len(outcome) == len(weight):
        raise ValueError("columns of one length are meant")
    if len(first) and (min(first.min(), second.min()) < 0 or max(first.max(), second.max()) >= size):
        raise ValueError("an idea that is not there")
    if (first == second).any() or (np.abs(outcome) > 1).any():
        raise ValueError("compared with itself, or an outcome that is none of -1, 0, 1")
    if (weight < 0).any():
        raise ValueError("a weight below nought")
    lower, upper = np.minimum(first, second), np.maximum(first, second)
    # Half millionths are whole numbers too: sums of these are exact, in whatever order they are added up.
    won = weight * (1 + np.where(first == lower, outcome, -outcome))
    keys = lower * size + upper
    found, times, wins = (_in_a_table if size <= _DENSE else _by_sorting)(keys, weight, won)
    return _Pairs(size, found // size, found % size, wins / (2 * MICRO), times / MICRO)


_Sums = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]


def _in_a_table(keys: Whole, weight: Whole, won: Whole) -> _Sums:
    """Every key of some weight, in order, with the sums of its weights and of what was won."""
    times, wins = np.bincount(keys, weight, minlength=1), np.bincount(keys, won, minlength=1)
    found = np.flatnonzero(times)
    return found, times[found], wins[found]


def _by_sorting(keys: Whole, weight: Whole, won: Whole) -> _Sums:
    """The same as :func:`_in_a_table`, in room for the keys that are there."""
    found, where = np.unique(keys[weight > 0], return_inverse=True)
    return found, np.bincount(where, weight[weight > 0]), np.bincount(where, won[weight > 0])


def _chance(pairs: _Pairs, theta: Array) -> Array:
    """The first's chance in each pair."""
    return np.asarray(0.5 * (1 + np.tanh((theta[pairs.first] - theta[pairs.second]) / 2)))


def _density(pairs: _Pairs, theta: Array) -> float:
    """Logarithm of the posterior density, but for a constant."""
    apart = theta[pairs.first] - theta[pairs.second]
    lost = pairs.times - pairs.won
    likely = -(pairs.won * np.logaddexp(0, -apart) + lost * np.logaddexp(0, apart)).sum()
    return float(likely - (theta**2).sum() / (2 * PRIOR_SPREAD**2))


def _slope(pairs: _Pairs, theta: Array) -> Array:
    more = pairs.won - pairs.times * _chance(pairs, theta)
    gained = np.bincount(pairs.first, more, pairs.ideas) - np.bincount(pairs.second, more, pairs.ideas)
    return np.asarray(gained - theta / PRIOR_SPREAD**2)


def _bend(pairs: _Pairs, theta: Array) -> Array:
    """The negative Hessian (n × n), positive definite."""
    chance = _chance(pairs, theta)
    weight = pairs.times * chance * (1 - chance)
    bend = np.zeros((pairs.ideas, pairs.ideas))
    bend[pairs.first, pairs.second] = bend[pairs.second, pairs.first] = -weight
    np.fill_diagonal(bend, 1 / PRIOR_SPREAD**2 - bend.sum(axis=1))
    return bend


def score(field: Field) -> Array:
    """Strength of every idea; 0 for all where no pairs were fitted."""
    return np.zeros(len(field)) if field.strengths is None else field.strengths.theta


def draws(field: Field, chance: np.random.Generator, count: int) -> Array:
    """``count`` joint draws (count × n) of the strengths; without a fit, of the prior."""
    normal = chance.standard_normal((count, len(field)))
    if field.strengths is None:
        return PRIOR_SPREAD * normal
    return np.asarray(field.strengths.theta + normal @ field.strengths.factor.T)
