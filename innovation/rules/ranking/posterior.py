"""What the true figure of every idea might be: a distribution each, with its quantiles and draws from it.

Where the distribution is known its quantiles are worked out, not drawn, and only ideas that can be among the best are drawn
for the chance to be there: every other one's is below a millionth, which is how a chance is stored. For let t be the k-th
highest of the figures that ideas exceed but for a chance e. All k that set it exceed it but for a chance of k e at most; an
idea that exceeds it with a chance below e is among the best with one below (k + 1) e, whether or not figures depend on each
other (Boole's inequality).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist
from typing import Protocol, TypeAlias

import numpy as np

from innovation.rules.ranking.field import MICRO, Array, Field, Whole
from innovation.rules.ranking.simulation import TAIL, Sample, among, simulate
from innovation.rules.ranking.special import beta_quantile

Figures: TypeAlias = tuple[Array, Array, Array]
"""Low and high end of the 90 % interval, and the chance of being among the best; of every idea."""


class Posterior(Protocol):
    """What every idea's true figure might be."""

    def figures(self, k: int, seed: int, count: int) -> Figures:
        """From ``count`` draws where no formula tells. The chances sum to the lesser of k and the number of ideas."""


class Known(ABC):
    """A distribution of its own for each idea."""

    @abstractmethod
    def quantile(self, chance: float) -> Array:
        """What every idea's figure is below with this chance."""

    @abstractmethod
    def draws(self, chance: np.random.Generator, count: int) -> Array:
        """``count`` draws (count × n)."""

    @abstractmethod
    def of(self, ideas: Whole) -> Known:
        """That of these ideas alone."""

    def figures(self, k: int, seed: int, count: int) -> Figures:
        """As `Posterior.figures`."""
        low, high = self.quantile(1 / TAIL), self.quantile(1 - 1 / TAIL)
        top = np.full(len(low), float(k >= len(low)))
        if 0 < k < len(low):
            able = self._able(k)
            top[able] = among(self.of(able).draws, len(able), k, seed, count)
        return low, high, top

    def _able(self, k: int) -> Whole:
        """The ideas that are among the best k with a chance of a millionth or more; k at least."""
        never = 1 / MICRO / (k + 1)
        surely = self.quantile(never)
        return np.flatnonzero(self.quantile(1 - never) >= np.partition(surely, len(surely) - k)[len(surely) - k])


@dataclass(frozen=True, slots=True)
class Beta(Known):
    """Shares: Beta(yes, no)."""

    yes: Array
    no: Array

    def quantile(self, chance: float) -> Array:
        return beta_quantile(self.yes, self.no, chance)

    def draws(self, chance: np.random.Generator, count: int) -> Array:
        return chance.beta(self.yes, self.no, size=(count, len(self.yes)))

    def of(self, ideas: Whole) -> Beta:
        return Beta(self.yes[ideas], self.no[ideas])


@dataclass(frozen=True, slots=True)
class Normal(Known):
    """Normal around ``mean``; without a ``spread`` it is that."""

    mean: Array
    spread: Array

    def quantile(self, chance: float) -> Array:
        return np.asarray(self.mean + self.spread * NormalDist().inv_cdf(chance))

    def draws(self, chance: np.random.Generator, count: int) -> Array:
        return np.asarray(self.mean + self.spread * chance.standard_normal((count, len(self.mean))))

    def of(self, ideas: Whole) -> Normal:
        return Normal(self.mean[ideas], self.spread[ideas])


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is known by draws alone."""

    sample: Sample
    size: int

    def figures(self, k: int, seed: int, count: int) -> Figures:
        return simulate(self.sample, self.size, k, seed, count)


Draws: TypeAlias = Callable[[Field, np.random.Generator, int], Array]


def drawn(draws: Draws) -> Callable[[Field], Posterior]:
    """The posterior of a method that only draws from it."""
    return lambda field: Drawn(partial(draws, field), len(field))
