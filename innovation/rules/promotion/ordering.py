"""The value that orders: one measure, or a weighted mean of several, each first brought to 0..1.

A share is such a value already. A score (1 to 5) becomes ``(x - 1) / 4``, and 0 below 1. Everything else (votes, counts,
points, money) is divided by the highest value among the candidates of the pool, and is 0 where that is not above zero or
the value itself is below it. The mean is exact: fractions in, a fraction out.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from innovation.rules import measures
from innovation.rules.promotion.rule import Order

_LEAST_SCORE: Final = 1
_SCORES: Final = 4
"""A panel scores from 1 to 5: four steps."""


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
    weights = sum((part.weight for part in order.mix), Fraction(0))
    scaled = [[part.weight * value for value in _scaled(part.measure, pool)] for part in order.mix]
    return [sum(row, Fraction(0)) / weights for row in zip(*scaled, strict=True)]


def _names(order: Order) -> tuple[str, ...]:
    return tuple(part.measure for part in order.mix) if order.mix else (order.by,)


def _plain(name: str, pool: Sequence[Mapping[str, int]]) -> list[Fraction]:
    found = [measures.value(name, raw) for raw in pool]
    return [value for value in found if value is not None]


def _scaled(name: str, pool: Sequence[Mapping[str, int]]) -> list[Fraction]:
    plain = _plain(name, pool)
    kind = measures.MEASURES[name].kind
    if kind == "share":
        return plain
    if kind == "score":
        return [max(Fraction(0), (value - _LEAST_SCORE) / _SCORES) for value in plain]
    highest = max(plain, default=Fraction(0))
    return [max(Fraction(0), value) / highest if highest > 0 else Fraction(0) for value in plain]
