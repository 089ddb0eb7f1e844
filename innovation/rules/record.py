"""How soon somebody's earlier challenges were answered, said in one line: "97 % within 21 days".

Formula: for so many days d, share(d) = answered within d / (answered at all + still waiting after more than d). What waits
for less than d counts nowhere: it is not known yet. Said is the smallest d of :data:`DAYS` with a share of at least
:data:`GOOD`; where there is none, the largest, whatever its share. Percent are rounded down: no more is said than was kept.
Ties: there are none. Complexity: linear in distinct times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from innovation.rules.survival import Stay

DAYS = (7, 14, 21, 30, 45, 60, 90)
"""Days that are said."""
GOOD = 95
"""Percent from which a number of days is said."""
FEWEST_SPONSORS = 5
"""A record of the whole house stands in the place of a withheld sponsor's own only if so many others made it with him: fewer
would be told by it, one by one."""


@dataclass(frozen=True, slots=True)
class Record:
    """``answered`` ideas of ``ideas`` had their answer within so many days of the closing date."""

    days: int
    answered: int
    ideas: int

    @property
    def percent(self) -> int:
        return self.answered * 100 // self.ideas


def record(stays: Iterable[Stay]) -> Record | None:
    """The record that some waits make, their times in whole days; None while nothing is known.

    A wait that ended before the closing date is one of no days.
    """
    known = list(stays)
    for days in DAYS:
        found = _within(known, days)
        if found.ideas and found.percent >= GOOD:
            return found
    last = _within(known, DAYS[-1])
    return last if last.ideas else None


def _within(stays: list[Stay], days: int) -> Record:
    answered = sum(each.count for each in stays if each.left and each.time <= days)
    late = sum(each.count for each in stays if each.time > days)
    return Record(days, answered, answered + late)
