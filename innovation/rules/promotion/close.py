"""Too close to call: which ideas a named person decides about, because the figures cannot.

*top*: the line lies midway between the last idea in and the first one out. Of the nearest ``2 x k`` ideas on either
side (ten at most) those are close whose interval holds the line, or whose value lies no further from it than the rule
says.

*budget*: there is no one line. Two ideas that follow each other are close when each of them holds, or lies near enough to,
the point midway between them, and changing their places would change which of the two is funded. The first five such
pairs are marked, best first; a pair shares an idea with its neighbour at times.

An idea's interval is ``low_micro`` to ``high_micro`` of its raw measures, in millionths of the measure that orders; an idea
without one is never close by interval. Marked means ``close: 1`` in the params, with ``requested`` where it counts as
spending.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from innovation.rules.measures import MICRO
from innovation.rules.promotion.pools import Entry, Pool, Reason
from innovation.rules.promotion.reading import Params
from innovation.rules.promotion.reasons import Because
from innovation.rules.promotion.rule import Close, Rule

WIDEST: Final = 10
"""So many ideas on each side of a top's line, and in all around a budget's, are marked at most."""

_COMPETING: Final = (Because.WITHIN_BUDGET, Because.OVER_BUDGET, Because.AFTER_STOP)


def marked(rule: Rule, entries: Sequence[Entry], pool: Pool, reasons: list[Reason]) -> list[Reason]:
    """The same reasons, those of ideas that are too close to call with their mark."""
    if rule.close is None:
        return reasons
    if rule.capacity.kind == "top":
        band = _around_line(rule.close, rule.capacity.k, entries)
    else:
        band = _around_budget(rule, rule.close, entries, reasons)
    return [
        (because, params | _mark(entry, pool)) if n in band else (because, params)
        for n, (entry, (because, params)) in enumerate(zip(entries, reasons, strict=True))
    ]


def _mark(entry: Entry, pool: Pool) -> Params:
    idea, mark = entry.idea, Params(close=1)
    if idea.requested is not None and idea.currency == pool.currencies[idea.challenge]:
        mark["requested"] = idea.requested
    return mark


def _around_line(close: Close, k: int, entries: Sequence[Entry]) -> set[int]:
    if len(entries) <= k:
        return set()
    line = _midway(entries[k - 1], entries[k])
    reach = min(2 * k, WIDEST)
    return {n for n in range(max(0, k - reach), min(len(entries), k + reach)) if _holds(close, entries[n], line)}


def _around_budget(rule: Rule, close: Close, entries: Sequence[Entry], reasons: Sequence[Reason]) -> set[int]:
    competing = [n for n, (because, _) in enumerate(reasons) if because in _COMPETING]
    band: set[int] = set()
    for upper, lower in pairwise(competing):
        if len(band | {upper, lower}) > WIDEST:
            break
        line = _midway(entries[upper], entries[lower])
        near = all(_holds(close, entries[n], line) for n in (upper, lower))
        if near and _swap_matters(rule, [entries[n] for n in (upper, lower)], reasons[upper]):
            band |= {upper, lower}
    return band


def _swap_matters(rule: Rule, pair: Sequence[Entry], reason: Reason) -> bool:
    """Whether the lower of two neighbours, placed first, would change which of them is funded."""
    because, params = reason
    if because is Because.AFTER_STOP:
        return False
    left = int(params["left"])
    upper, lower = (entry.idea.requested or 0 for entry in pair)
    stops = rule.capacity.overrun == "stop"
    return _funded(left, (upper, lower), stops) != _funded(left, (lower, upper), stops)[::-1]


def _funded(left: int, asked: tuple[int, int], stops: bool) -> tuple[bool, bool]:
    first = asked[0] <= left
    rest = left - asked[0] if first else left
    return first, asked[1] <= rest and (first or not stops)


def _midway(one: Entry, other: Entry) -> Fraction:
    return ((one.have or Fraction(0)) + (other.have or Fraction(0))) / 2


def _holds(close: Close, entry: Entry, line: Fraction) -> bool:
    if close.value is not None:
        return abs((entry.have or Fraction(0)) - line) <= close.value
    low, high = entry.idea.raw.get("low_micro"), entry.idea.raw.get("high_micro")
    return low is not None and high is not None and Fraction(low, MICRO) <= line <= Fraction(high, MICRO)
