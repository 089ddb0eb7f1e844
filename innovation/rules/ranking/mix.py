"""A weighted mix of methods: votes and a panel's scores together, or any other two to five measures.

Formula: ``sum of w x / sum of w``, each x first brought to 0..1. A share is that already; a score from 1 to 5 becomes
``(x - 1) / 4``; anything else (votes, points, strength, money) is divided by the highest among the candidates. Below zero
counts as 0, and so does everything where the highest is not above zero. A rule that orders by a mix uses these very lines.
Interval and chance: from what was stored of each part, so that they can be worked out again from stored figures alone. A
part is drawn with its figure as median and the ends of its 90 % interval as 5 % and 95 % points, half a normal to either
side; a draw of the mix weighs draws of its parts. The highest stays the one that was counted: a unit is the same in every
draw. Parts are taken as independent, also where one panel or one crowd is behind them. A part that no method ranks by
(comments, money, a plain count) stands as it was counted; where a part has no interval, the mix has none.
Source: weighted sum of scaled criteria, Keeney, Raiffa 1976; the two halves: two-piece normal, Wallis 2014.
Ties: the rule's tie-break decides. Missing: an idea that lacks any part has no figure. Complexity: O(parts × n).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from innovation.rules.ranking.field import Array, Field, Figure, Ingredient, ratio

LEAST_SCORE: Final = 1
SCORES: Final = 4
"""A panel scores from 1 to 5: four steps."""
_END: Final = 1.6448536269514722
"""Of a normal deviate 5 % lie beyond."""


def mix(parts: Sequence[Figure], weights: Sequence[Figure]) -> Figure:
    """The formula: the weighted mean of parts that are on one scale. There is at least one, and weights are above zero."""
    total, weight = parts[0] * weights[0], weights[0]
    for each, its in zip(parts[1:], weights[1:], strict=True):
        total, weight = total + each * its, weight + its
    return ratio(total, weight)


def scaled(value: Figure, kind: str, highest: Figure) -> Figure:
    """A measure of this kind (see `measures`) brought to 0..1, ``highest`` being the highest among the candidates."""
    if kind == "share":
        return value
    if kind == "score":
        return _not_below(value - LEAST_SCORE) / SCORES
    return ratio(_not_below(value), _not_below(highest)) * (highest > 0)


def _not_below(value: Figure) -> Figure:
    return value * (value > 0)


def score(field: Field) -> Array:
    """The mix of every idea; 0 for all where none was made."""
    return np.zeros(len(field)) if field.mixed is None else field.mixed.score


def draws(field: Field, chance: np.random.Generator, count: int) -> Array:
    """``count`` draws (count × n) of the mix."""
    if field.mixed is None:
        return np.zeros((count, len(field)))
    drawn = [
        scaled(_drawn(part, chance, count), part.kind, np.asarray(part.highest, dtype=np.float64))
        for part in field.mixed.parts
    ]
    return mix(drawn, [np.asarray(part.weight) for part in field.mixed.parts])


def _drawn(part: Ingredient, chance: np.random.Generator, count: int) -> Array:
    normal = chance.standard_normal((count, len(part.value)))
    reach = np.where(normal < 0, part.value - part.low, part.high - part.value) / _END
    return np.asarray(part.value + reach * normal)
