"""Ballots: what a person may say of an idea, what it costs, and when each kind fits.

A vote is one integer. Zero always means "nothing, or taken back". Who holds a budget spends it over all ideas of a
challenge; what is spent is the sum of `cost` over the votes on ideas still in the running.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Ballot(StrEnum):
    APPROVAL = "approval"
    YES_NO = "yes_no"
    STARS = "stars"
    POINTS = "points"
    QUADRATIC = "quadratic"
    PAIRS = "pairs"
    ORDINAL = "ordinal"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of ballot. ``most`` is None where only the budget limits a vote."""

    least: int
    most: int | None
    cost: Callable[[int], int] | None = None
    default_budget: int | None = None
    import_only: bool = False

    def takes(self, value: int, budget: int | None) -> bool:
        """Whether a vote may have this value; with a budget, whether it could ever be paid."""
        within = self.least <= value and (self.most is None or value <= self.most)
        return within and (self.cost is None or budget is None or self.cost(value) <= budget)


KINDS: Final[dict[Ballot, Kind]] = {
    Ballot.APPROVAL: Kind(0, 1),
    Ballot.YES_NO: Kind(-1, 1),
    Ballot.STARS: Kind(0, 5),
    Ballot.POINTS: Kind(0, None, cost=abs, default_budget=10),
    Ballot.QUADRATIC: Kind(0, None, cost=lambda value: value * value, default_budget=100),
    Ballot.PAIRS: Kind(0, 0),
    Ballot.ORDINAL: Kind(0, None, import_only=True),
}

OFFERED: Final = tuple(ballot for ballot, kind in KINDS.items() if not kind.import_only)
"""Ballots a sponsor may choose; the others only come with imports."""


def has_budget(ballot: str) -> bool:
    """Whether everybody has so many points, or credits, to spend over a challenge's ideas."""
    return KINDS[Ballot(ballot)].cost is not None


def cost(ballot: str, value: int) -> int:
    """What a vote takes from its owner's budget; 0 where there is none."""
    of = KINDS[Ballot(ballot)].cost
    return of(value) if of else 0


def most_affordable(ballot: str, left: int) -> int:
    """The greatest vote that ``left`` pays for."""
    value = 0
    while cost(ballot, value + 1) <= left and has_budget(ballot):
        value += 1
    return value
