"""How sure a ranking is: for every idea its score, a 90 % interval, and the chance that it belongs to the best k.

They come from each method's own posterior, or the normal approximation that its page names. These figures are computed in
the background and stored rounded: numpy promises no equal streams across versions, so nothing is decided from a fresh draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from innovation.rules.ranking.field import Array, Field, in_micro
from innovation.rules.ranking.methods import METHODS
from innovation.rules.ranking.simulation import DRAWS


@dataclass(frozen=True, slots=True)
class Standings:
    """One figure per idea in each column. ``low <= score <= high``; ``p_top`` sums to the lesser of k and the number of
    ideas."""

    score: Array
    low: Array
    high: Array
    p_top: Array

    def micro(self) -> list[tuple[int, int, int, int]]:
        """(score, low, high, p_top) of every idea in millionths, as they are stored."""
        return list(zip(*(in_micro(column) for column in (self.score, self.low, self.high, self.p_top)), strict=True))


def uncertainty(method: str, field: Field, k: int, seed: int, count: int = DRAWS) -> Standings:
    """Standings under one of `METHODS`, the same for the same seed; what no formula tells is from ``count`` draws.

    The interval is stretched to the score where that lies outside (all agree: a share of 1 is no draw's). Raises KeyError
    for an unknown method.
    """
    chosen = METHODS[method]
    score = np.asarray(chosen.score(field), dtype=np.float64)
    low, high, p_top = chosen.posterior(field).figures(k, seed, count)
    return Standings(score, np.minimum(low, score), np.maximum(high, score), p_top)
