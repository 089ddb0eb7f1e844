"""How far a total of votes might have come out otherwise: the normal approximation behind net votes and points.

Of n people who saw an idea, with values summing to T and their squares to Q, a total of n like them varies with
``n (Q / n - (T / n)²)``. Two made-up votes of the challenge's usual size, one each way, keep it from being nought where all
agree (after Agresti, Coull 1998). Votes that carry a weight count as that many people: the interval is then too narrow.
"""

from __future__ import annotations

import numpy as np

from innovation.rules.ranking.field import Array, ratio
from innovation.rules.ranking.posterior import Normal


def around(totals: Array, squares: Array, people: Array) -> Normal:
    """What the totals might have been; an idea nobody saw has no spread."""
    return Normal(totals, np.sqrt(people * _variance(totals, squares, people)))


def _variance(totals: Array, squares: Array, people: Array) -> Array:
    usual = ratio(np.asarray([squares.sum()]), np.asarray([people.sum()]))
    made = people + 2
    return np.asarray(np.maximum((squares + 2 * usual) / made - (totals / made) ** 2, 0))
