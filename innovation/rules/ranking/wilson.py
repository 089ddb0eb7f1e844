"""Wilson lower bound on the approval share: how high the share is at least, with 97.5 % confidence.

Formula: ``(f + z²/2 - z √(f a / n + z²/4)) / (n + z²)``; f for, a against, n = f + a, z = 1.96.
Source: Wilson 1927; as a ranking: Miller 2009, "How not to sort by average rating".
Ties: the rule's tie-break decides. Missing: without votes the bound is 0.
Interval: the bound that shares drawn from Beta(f + 1/2, a + 1/2) would have with as many votes. Complexity: O(n).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Final

import numpy as np

from innovation.rules.ranking import approval_share
from innovation.rules.ranking.field import Array, Field, Figure, Whole, ratio
from innovation.rules.ranking.posterior import Beta, Known

Z: Final = Fraction(49, 25)
_DIGITS: Final = 10**24


def wilson(for_: Figure, against: Figure, z: Figure, root: Callable[[Figure], Figure]) -> Figure:
    """The formula. ``root`` takes square roots of its kind of figure."""
    votes = for_ + against
    under = ratio(for_ * against, votes) + z * z / 4
    return ratio(for_ + z * z / 2 - z * root(under), votes + z * z)


def exact(for_: Fraction, against: Fraction) -> Fraction:
    """The bound over exact figures, the same on every machine; 0 without votes."""
    return wilson(for_, against, Z, exact_root)


def exact_root(value: Fraction) -> Fraction:
    """The square root, rounded down at the 24th digit after the point."""
    return Fraction(isqrt(value.numerator * _DIGITS**2 // value.denominator), _DIGITS)


def bound(for_: Array, against: Array) -> Array:
    """The bound of many ideas at once."""
    return np.asarray(np.maximum(wilson(for_, against, np.asarray(float(Z)), np.sqrt), 0))


def score(field: Field) -> Array:
    """Wilson bound of every idea, 0 to 1."""
    return bound(field.for_, field.against)


@dataclass(frozen=True, slots=True)
class Bounds(Known):
    """The bound that a share would have with so many votes: the higher the share, the higher it is."""

    shares: Beta
    votes: Array

    def quantile(self, chance: float) -> Array:
        return self._at(self.shares.quantile(chance))

    def draws(self, chance: np.random.Generator, count: int) -> Array:
        return self._at(self.shares.draws(chance, count))

    def of(self, ideas: Whole) -> Bounds:
        return Bounds(self.shares.of(ideas), self.votes[ideas])

    def _at(self, shares: Array) -> Array:
        return bound(shares * self.votes, (1 - shares) * self.votes)


def posterior(field: Field) -> Bounds:
    """The bound of the true share of every idea."""
    return Bounds(approval_share.posterior(field), field.for_ + field.against)
