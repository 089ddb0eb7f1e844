"""The certificate of Equal Shares: the price of every round, and a receipt for every group of voters.

From it anyone sees that each idea was paid by its own supporters, and that nobody paid more than one share. Amounts are
minor units, integers or decimals rounded to two places, halves to even; sums are made exactly, and rounded last. A
receipt of a few voters tells how they voted: showing it is for the page to decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

import numpy as np

from innovation.rules.promotion.completion import Result
from innovation.rules.promotion.equal_shares import Field, Ints, Purses
from innovation.rules.promotion.sentence import number

Amount: TypeAlias = int | str

_LONGEST: Final = 3_000
"""Bits of the longest fraction that is written out: beyond it (after very many rounds) only the amounts are given."""


@dataclass(frozen=True, slots=True)
class Round:
    """One idea bought. ``price``: what each supporter paid, or all they had left (per point, with scores). ``rho`` is what
    ordered the rounds, an exact fraction: the price, or (utility cost) the price per unit of cost; None where too long."""

    idea: str
    requested: int
    rho: str | None
    price: Amount
    payers: int


@dataclass(frozen=True, slots=True)
class Item:
    """What a group paid for one idea, all its voters together."""

    idea: str
    paid: Amount


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the voters of one group held together (after shares were raised), paid and have left."""

    group: str
    voters: int
    held: Amount
    paid: Amount
    left: Amount
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """How one pool's money was spent by equal shares. ``share`` is per unit of weight, ``raised`` times raised from
    ``first_share``; ``filled``: the ideas that the common remainder paid for."""

    pool: str
    currency: str | None
    voters: int
    first_share: Amount
    share: Amount
    raised: int
    rounds: tuple[Round, ...]
    filled: tuple[str, ...]
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class Members:
    """The voters behind the units: how many stand behind each, and by group how many and with what weight."""

    voters: Ints
    groups: Mapping[str, tuple[int, Ints]]


def rounds_of(field: Field, members: Members, ideas: Sequence[str], result: Result) -> tuple[Round, ...]:
    """The price per round, in the order of the rounds. ``ideas`` names the candidates."""
    rows = []
    for bought in result.rounds:
        candidate = field.candidates[bought.candidate]
        payers = int(members.voters[bought.full].sum() + members.voters[bought.rest].sum())
        rho = bought.price / candidate.worth
        short = rho.denominator.bit_length() <= _LONGEST and rho.numerator.bit_length() <= _LONGEST
        price = number(bought.price, 2)
        rows.append(Round(ideas[bought.candidate], candidate.cost, str(rho) if short else None, price, payers))
    return tuple(rows)


def receipts_of(field: Field, members: Members, ideas: Sequence[str], result: Result) -> tuple[Receipt, ...]:
    """A receipt per group, by name. Replays the payments of the result's rounds."""
    purses = Purses(field, result.purses.share)
    paid: dict[str, list[Fraction]] = {name: [] for name in members.groups}
    for bought in result.rounds:
        candidate = field.candidates[bought.candidate]
        points = candidate.points[np.searchsorted(candidate.who, bought.full)]
        for name, (_, weight) in members.groups.items():
            full = bought.price * int((weight[bought.full] * points).sum())
            paid[name].append(full + Fraction(purses.gathered(bought.rest, weight[bought.rest]), purses.den))
        purses.pay(bought)
    return tuple(
        _receipt(name, voters, purses.share * int(weight.sum()), [ideas[b.candidate] for b in result.rounds], paid[name])
        for name, (voters, weight) in sorted(members.groups.items())
    )


def _receipt(name: str, voters: int, held: Fraction, ideas: Sequence[str], paid: Sequence[Fraction]) -> Receipt:
    total = sum(paid, Fraction(0))
    items = tuple(Item(idea, number(amount, 2)) for idea, amount in zip(ideas, paid, strict=True) if amount)
    return Receipt(name, voters, number(held, 2), number(total, 2), number(held - total, 2), items)
