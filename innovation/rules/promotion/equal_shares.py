"""The Method of Equal Shares, at one size of share: who pays what for which idea, until nobody can pay for more.

Every voter holds the same share. An idea that its supporters could pay for costs each of them ``min(what is left, r x u)``,
u being what the idea is worth to that supporter and r the least number for which these payments add up to its cost. The
idea with the least r is bought, its supporters pay, and so on until no idea's supporters have its cost together.

* ``cardinality``: u = 1; the idea that takes least from each supporter comes first.
* ``cost``: u = the idea's cost; the idea that takes least of each supporter *per unit of money that it moves*.
* ``score``: u = the points or stars given.

Source: Peters, Skowron 2020 (arXiv:2007.06929); Peters, Pierczynski, Skowron 2021 (arXiv:2008.13276) for scores; the voters'
site is equalshares.net. Ties: the candidate that comes first. r never falls as money is spent, so what was computed
once stays a lower bound, and a heap of bounds spares most computing (as in the authors' own implementations).

*Exact.* What everybody holds and pays is a fraction, kept as integers over one common denominator. Floats only say
where to look: each comes with a bound on its error, and wherever that bound leaves a question open (a tie, money that only
just suffices, a supporter who only just pays in full) integers answer it. So the same ballots give the same result,
and equal is equal. Complexity of one run: O(rounds x supporters) for what is bought, plus a sort of the supporters for
each candidate looked at; in memory rounds x voters.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf, lcm
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]

_EPS: Final = 2.0**-52


@dataclass(frozen=True, slots=True)
class Candidate:
    """One idea to buy: its cost in minor units, its supporters (indices of units, ascending) and what each of them gave it
    (1 and more). ``worth`` divides r: the cost where worth is measured in cost, else 1."""

    cost: int
    who: Ints
    points: Ints
    worth: int


@dataclass(frozen=True, slots=True)
class Field:
    """What a run is about: candidates in the order that breaks ties, and per unit (voters with one and the same ballot) its
    weight."""

    candidates: Sequence[Candidate]
    weight: Ints


@dataclass(frozen=True, slots=True)
class Bought:
    """One round: the candidate bought, the price per point, who paid price x points (``full``), and who paid all they had
    (``rest``: price x points or less)."""

    candidate: int
    price: Fraction
    full: Ints
    rest: Ints


@dataclass(frozen=True, slots=True)
class _Look:
    """A price, and how far off it may be at most; exact where that was needed to know anything."""

    price: float
    error: float
    exact: Bought | None = None


class Purses:
    """What every unit holds per unit of weight, exactly (integers over ``den``) and roughly (floats)."""

    def __init__(self, field: Field, share: Fraction) -> None:
        units = len(field.weight)
        self.field = field
        self.share = share
        self.money: Floats = np.full(units, float(share))
        self.alive = np.ones(units, dtype=bool)
        self.den = share.denominator
        self._start = share.numerator
        self._prices: list[int] = []
        self._paid = np.zeros((16, units), dtype=np.int64)

    def gathered(self, who: Ints, weight: Ints) -> int:
        """What these units hold together, ``weight`` of each: an integer over ``den``. None of them has been emptied."""
        rounds = len(self._prices)
        total = self._start * int(weight.sum())
        if rounds and len(who):
            counts = self._paid[:rounds, who] @ weight
            paid = np.flatnonzero(counts)
            total -= sum(count * self._prices[n] for n, count in zip(paid.tolist(), counts[paid].tolist(), strict=True))
        return total

    def look(self, number: int) -> _Look | None:
        """The price of a candidate; None when its supporters cannot pay for it."""
        candidate = self.field.candidates[number]
        living = self.alive[candidate.who]
        who, points = candidate.who[living], candidate.points[living]
        if not len(who):
            return None
        weight = self.field.weight[who]
        money, cost = self.money[who], float(candidate.cost)
        held = weight * money
        total = float(held.sum())
        off = self._error()
        slack = off * float(weight.sum()) + (len(who) + 2) * _EPS * (total + cost)
        if total < cost - slack:
            return None
        look = self._price(weight, points, money, held, cost) if total > cost + slack else None
        if look is None and self.gathered(who, weight) >= candidate.cost * self.den:
            bought = self._exactly(number, self._guess(money / points, weight, points, cost))
            look = _Look(float(bought.price), 2 * _EPS * float(bought.price), bought)
        return look

    def _price(self, weight: Ints, points: Ints, money: Floats, held: Floats, cost: float) -> _Look | None:
        """The price in floats with a bound on its error; None where a supporter is too near to it to tell."""
        ratio, parts, off = money / points, weight * points, self._error()
        price = cost / float(parts.sum())
        if float(ratio.min()) > price * (1 + 8 * _EPS) + 2 * off:
            return _Look(price, 4 * _EPS * price)
        order = np.argsort(ratio, kind="stable")
        ratio, ordered = ratio[order], parts[order]
        given = np.cumsum(held[order]) - held[order]
        prices = (cost - given) / (float(parts.sum()) - (np.cumsum(ordered) - ordered))
        enough = prices <= ratio
        if not enough.any():
            return None
        first = int(np.argmax(enough))
        price, rich = float(prices[first]), float(ordered[first:].sum())
        poor = float(weight[order][:first].sum())
        error = (poor * off + 4 * (len(ratio) + 2) * _EPS * cost) / rich + 4 * _EPS * price
        near = np.abs(ratio - price) <= 2 * (error + off + _EPS * price)
        return None if near.any() else _Look(price, error)

    def _error(self) -> float:
        """How far a float of ``money`` may be from what is held: three roundings a payment, each of half an epsilon."""
        return (2 * len(self._prices) + 2) * _EPS * float(self.share)

    def exactly(self, number: int, look: _Look) -> Bought:
        """The exact price and payers of a candidate, from what a look said of it."""
        return look.exact or self._exactly(number, look.price)

    def _exactly(self, number: int, guess: float) -> Bought:
        """The exact price and payers of a candidate that its supporters can pay for, the price being about ``guess``."""
        candidate = self.field.candidates[number]
        living = self.alive[candidate.who]
        who, points = candidate.who[living], candidate.points[living]
        cost, weight, ratio = candidate.cost, self.field.weight[who], self.money[who] / points
        width = 8 * self._error() + 64 * (len(who) + 2) * _EPS * guess
        while True:
            poor, rich = ratio < guess - width, ratio > guess + width
            unsure = np.flatnonzero(~(poor | rich))
            needed = cost * self.den - self.gathered(who[poor], weight[poor])
            parts = int((weight[rich] * points[rich]).sum())
            price, emptied = self._among(needed, parts, who[unsure], points[unsure], weight[unsure])
            # Whoever was called poor or rich from a float was so by a margin: it holds if the price lies inside it.
            if price is not None and (len(unsure) == len(who) or abs(float(price) - guess) <= width / 2):
                poor[unsure[emptied]] = True
                return Bought(number, price, who[~poor], who[poor])
            width = max(16 * width, 2 * _EPS * guess)

    @staticmethod
    def _guess(ratio: Floats, weight: Ints, points: Ints, cost: float) -> float:
        """Where the price must be, roughly."""
        order = np.argsort(ratio, kind="stable")
        parts, held = (weight * points)[order], (weight * points * ratio)[order]
        prices = (cost - (np.cumsum(held) - held)) / (float(parts.sum()) - (np.cumsum(parts) - parts))
        enough = prices <= ratio[order]
        return float(prices[int(np.argmax(enough))]) if enough.any() else float(ratio.max())

    def _among(
        self, needed: int, parts: int, who: Ints, points: Ints, weight: Ints
    ) -> tuple[Fraction | None, npt.NDArray[np.intp]]:
        """The price when ``needed`` (over ``den``) is still to come from ``parts`` that surely can and from these units, of
        whom some may be emptied: which, as positions. Held by each: exact."""
        held = [self.gathered(who[n : n + 1], np.ones(1, dtype=np.int64)) for n in range(len(who))]
        by_ratio = sorted(range(len(who)), key=lambda n: Fraction(held[n], int(points[n])))
        parts += int((weight * points).sum())
        emptied: list[int] = []
        for n in by_ratio:
            # Poor is who holds price x points or less: needed / parts >= held / points.
            if needed * int(points[n]) < held[n] * parts:
                break
            emptied.append(n)
            share = int(weight[n])
            if parts == share * int(points[n]):  # the last supporter: all of it is theirs to pay
                exact = needed <= share * held[n]
                price = Fraction(needed, parts * self.den) if exact else None
                return price, np.array(emptied, dtype=np.intp)
            needed -= share * held[n]
            parts -= share * int(points[n])
        return (Fraction(needed, parts * self.den) if parts and needed >= 0 else None), np.array(emptied, dtype=np.intp)

    def pay(self, bought: Bought) -> None:
        """Take the payments of a round from the purses."""
        price = bought.price
        common = lcm(self.den, price.denominator)
        factor = common // self.den
        self.den, self._start = common, self._start * factor
        self._prices = [known * factor for known in self._prices]
        candidate = self.field.candidates[bought.candidate]
        points = candidate.points[np.searchsorted(candidate.who, bought.full)]
        if len(self._prices) == len(self._paid):
            self._paid = np.concatenate([self._paid, np.zeros_like(self._paid)])
        self._paid[len(self._prices), bought.full] = points
        self._prices.append(price.numerator * (common // price.denominator))
        self.money[bought.full] = np.maximum(0.0, self.money[bought.full] - float(price) * points)
        self.money[bought.rest] = 0.0
        self.alive[bought.rest] = False


def run(field: Field, share: Fraction) -> tuple[list[Bought], Purses]:
    """Buy round by round with this share a unit of weight; what was bought in order, and what is left.

    A candidate that costs nothing and has a supporter is bought first, for nothing.
    """
    purses, rounds = Purses(field, share), []
    heap: list[tuple[float, int]] = []
    nobody = np.zeros(0, dtype=np.int64)
    for number, candidate in enumerate(field.candidates):
        if len(candidate.who) and not candidate.cost:
            rounds.append(Bought(number, Fraction(0), nobody, nobody))
        elif len(candidate.who):
            parts = float((field.weight[candidate.who] * candidate.points).sum())
            heap.append((candidate.cost / parts / candidate.worth * (1 - 8 * _EPS), number))
    heapq.heapify(heap)
    while (bought := _next(heap, purses)) is not None:
        purses.pay(bought)
        rounds.append(bought)
    return rounds, purses


def _next(heap: list[tuple[float, int]], purses: Purses) -> Bought | None:
    """The candidate of least r, taken off the heap; those that nobody can pay for any more go with it."""
    looks: list[tuple[float, int, _Look]] = []
    bound = inf
    while heap and heap[0][0] <= bound:
        _, number = heapq.heappop(heap)
        look = purses.look(number)
        if look is not None:
            worth = purses.field.candidates[number].worth
            looks.append(((look.price - look.error) / worth * (1 - 4 * _EPS), number, look))
            bound = min(bound, (look.price + look.error) / worth * (1 + 4 * _EPS))
    tied = [(number, purses.exactly(number, look)) for low, number, look in looks if low <= bound]
    best = min(tied, key=lambda each: (each[1].price / purses.field.candidates[each[0]].worth, each[0]), default=None)
    for low, number, _ in looks:
        if best is None or number != best[0]:
            heapq.heappush(heap, (low, number))
    return None if best is None else best[1]
