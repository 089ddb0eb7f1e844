"""How sure the order of a mix is: interval and chance of every candidate, from what was stored of the mix's parts.

By the method `ranking.mix`. An ascending order turns the chance round: the best k are those not among the others from above.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from innovation.rules.measures import MICRO
from innovation.rules.promotion.ordering import mixed
from innovation.rules.promotion.rule import MIX, Order
from innovation.rules.ranking import METHODS, field_of, in_micro, uncertainty

Ends: TypeAlias = tuple[int, int]
"""Low and high end of an interval, in millionths."""


def mix_figures(
    order: Order, pool: Sequence[Mapping[str, int]], rows: Sequence[Sequence[Ends | None]], k: int, seed: int
) -> list[tuple[int, int | None, int | None, int | None]]:
    """(figure, low, high, chance of the best k) of every candidate in millionths, the last three None where nothing tells.

    Args:
        pool: the candidates' raw measures.
        rows: for every part of the mix, every candidate's interval in millionths; None where there is none.
    """
    ends, sure = {}, True
    for part, row in zip(order.mix, rows, strict=True):
        known = [each for each in row if each is not None]
        if len(known) == len(pool):
            low, high = np.array(known, dtype=np.float64).T / MICRO
            ends[part.measure] = (low, high)
        elif known or any(method.measure == part.measure for method in METHODS.values()):
            sure = False
    made = mixed(order, pool, ends)
    if not sure:
        return [(score, None, None, None) for score in in_micro(made.score)]
    best = min(k, len(pool))
    found = uncertainty(MIX, field_of(len(pool), mixed=made), best if order.descending else len(pool) - best, seed)
    return [
        (score, min(score, max(low, 0)), max(score, min(high, MICRO)), top if order.descending else MICRO - top)
        for score, low, high, top in found.micro()
    ]
