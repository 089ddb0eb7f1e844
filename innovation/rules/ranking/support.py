"""Support among those who saw it, the headline method.

Formula: ``(U + a) / (V + a + b)``; U approvals, V distinct people who saw the idea for two seconds or voted on it
(``V = max(V, U)``), (a, b) the beta-binomial maximum-likelihood fit over the challenge's ideas.
Source: empirical Bayes for binomial counts (Skellam 1948; Griffiths 1973; Morris 1983).
Ties: equal fractions are equal; the rule's tie-break decides. Missing: an idea nobody saw stands at the mean a / (a + b).
Complexity: O(n) to score; O(d log 1/e) to fit, d the number of different counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from innovation.rules.ranking.field import MICRO, Array, Column, Field, Figure, Prior, ratio
from innovation.rules.ranking.posterior import Beta
from innovation.rules.ranking.special import reciprocal_squares, reciprocals

FEWEST_IDEAS: Final = 8
"""Fewer ideas than these, of those that anybody saw, tell nothing about the spread: (2, 3) stands."""
GREATEST: Final = 1000.0
"""Cap of a + b: where ideas do not differ the likelihood grows for ever."""
LEAST: Final = 0.01
"""Floor of a and of b: where nobody supports anything, or everybody everything, it grows towards nought."""
_SMALLEST: Final = 0.05
"""Floor of a + b."""


def support(for_: Figure, views: Figure, a: Figure, b: Figure) -> Figure:
    """The formula. ``views`` is at least ``for_``."""
    return ratio(for_ + a, views + a + b)


def score(field: Field) -> Array:
    """Support of every idea, 0 to 1."""
    return support(field.for_, field.views, field.prior.a, field.prior.b)


def posterior(field: Field) -> Beta:
    """The true support of every idea."""
    return behind(field.for_, field.views, field.prior)


def behind(for_: Array, views: Array, prior: Prior) -> Beta:
    """The true support behind so many approvals of so many views: Beta(U + a, V - U + b)."""
    return Beta(for_ + prior.a, views - for_ + prior.b)


@dataclass(frozen=True, slots=True)
class _Counts:
    """Different counts and how many ideas have each."""

    values: Array
    ideas: Array

    def gain(self, start: float) -> float:
        return float(self.ideas @ reciprocals(self.values, start))

    def bend(self, start: float) -> float:
        return float(self.ideas @ reciprocal_squares(self.values, start))


def _counts(column: Array) -> _Counts:
    values, ideas = np.unique(column, return_counts=True)
    return _Counts(values, ideas.astype(np.float64))


def fit_prior(for_: Column, views: Column) -> Prior:
    """The (a, b) that make these counts likeliest, in millionths; ``views`` is raised to ``for_`` where it is less.

    Bisection over a + b of the derivative along it, at each the best mean by Newton's method: the likelihood is concave in
    the mean. a and b are at least .01, a + b at most 1,000; below eight ideas that were seen it is (2, 3).
    """
    approved = np.asarray(for_, dtype=np.float64)
    seen = np.maximum(np.asarray(views, dtype=np.float64), approved)
    if np.count_nonzero(seen) < FEWEST_IDEAS:
        return Prior()
    yes, no, all_ = _counts(approved), _counts(seen - approved), _counts(seen)
    low, high = np.log(_SMALLEST), np.log(GREATEST)
    while high - low > 1e-10:
        middle = (low + high) / 2
        if _slope(yes, no, all_, float(np.exp(middle))) > 0:
            low = middle
        else:
            high = middle
    size = float(np.exp(high))
    whole = round(min(size, GREATEST) * MICRO)
    a_micro = round(_best_mean(yes, no, size) * whole)
    return Prior(a_micro, whole - a_micro)


def _slope(yes: _Counts, no: _Counts, all_: _Counts, size: float) -> float:
    """How the log-likelihood changes with a + b, at the best mean for it."""
    mean = _best_mean(yes, no, size)
    # Both gains are equal at the best mean, unless a or b stands at its floor: then the other one is all that moves.
    return max(yes.gain(size * mean), no.gain(size * (1 - mean))) - all_.gain(size)


def _best_mean(yes: _Counts, no: _Counts, size: float) -> float:
    def rise_at(mean: float) -> float:
        return yes.gain(size * mean) - no.gain(size * (1 - mean))

    low, high = LEAST / size, 1 - LEAST / size
    if rise_at(low) <= 0:
        return low
    if rise_at(high) >= 0:
        return high
    mean = (low + high) / 2
    for _ in range(200):
        rise = rise_at(mean)
        low, high = (mean, high) if rise > 0 else (low, mean)
        bend = size * (yes.bend(size * mean) + no.bend(size * (1 - mean)))
        better = mean + rise / bend
        if not low <= better <= high:
            better = (low + high) / 2
        if abs(better - mean) < 1e-13:
            break
        mean = better
    return mean
