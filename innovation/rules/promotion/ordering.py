"""The value that orders: one measure, or a weighted mix of several, by the formula of `ranking.mix`.

The highest value that a mix divides by is that among the candidates of the pool. Figures are exact: fractions in, a
fraction out.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from innovation.rules import measures
from innovation.rules.promotion.rule import Order
from innovation.rules.ranking.field import MICRO, Array, Ingredient, Mixed
from innovation.rules.ranking.mix import mix, scaled


def lacking(order: Order, raw: Mapping[str, int]) -> tuple[str, str] | None:
    """The first measure of the order that is unknown, and the raw measure it lacks; None when all are known."""
    for name in _names(order):
        if (lacks := measures.missing(name, raw)) is not None:
            return name, lacks
    return None


def values(order: Order, pool: Sequence[Mapping[str, int]]) -> list[Fraction]:
    """What orders each candidate of a pool, given their raw measures; none of them may be `lacking`.

    Complexity: O(candidates x parts).
    """
    if not order.mix:
        return _plain(order.by, pool)
    weights = [part.weight for part in order.mix]
    columns = [_scaled(part.measure, pool) for part in order.mix]
    return [mix(row, weights) for row in zip(*columns, strict=True)]


def mixed(order: Order, pool: Sequence[Mapping[str, int]], ends: Mapping[str, tuple[Array, Array]]) -> Mixed:
    """The mix of an order over the candidates of a pool, as `values` has it, with what is known of its parts.

    Args:
        ends: by measure, the low and the high end of every candidate's interval; a measure without them stands as it is.
    """
    parts = []
    for part in order.mix:
        plain = _plain(part.measure, pool)
        value = np.array([float(each) for each in plain])
        low, high = ends.get(part.measure, (value, value))
        kind, highest = measures.MEASURES[part.measure].kind, float(max(plain, default=Fraction(0)))
        parts.append(Ingredient(kind, float(part.weight), highest, value, np.minimum(low, value), np.maximum(high, value)))
    score = np.array([round(each * MICRO) for each in values(order, pool)]) / MICRO
    return Mixed(score, tuple(parts))


def _names(order: Order) -> tuple[str, ...]:
    return tuple(part.measure for part in order.mix) if order.mix else (order.by,)


def _plain(name: str, pool: Sequence[Mapping[str, int]]) -> list[Fraction]:
    found = [measures.value(name, raw) for raw in pool]
    return [value for value in found if value is not None]


def _scaled(name: str, pool: Sequence[Mapping[str, int]]) -> list[Fraction]:
    plain = _plain(name, pool)
    kind, highest = measures.MEASURES[name].kind, max(plain, default=Fraction(0))
    return [scaled(value, kind, highest) for value in plain]
