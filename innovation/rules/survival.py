"""How long things stay, with those that are still there counted for as long as they have been.

Formula: S(t) = product over the times u <= t at which something left of (1 - d(u) / n(u)), where d(u) left at u and n(u)
were there until u. The median is the first time at which S is 1/2 or less; while S stays above, it is not known yet.
Source: Kaplan, Meier 1958, "Nonparametric estimation from incomplete observations", JASA 53(282).
Ties: what is still open after exactly u counts as there at u, as they do. Complexity: n log n in distinct times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Stay:
    """So many that stayed equally long; ``left`` says whether they left then, or are still there."""

    time: int
    left: bool
    count: int = 1


@dataclass(frozen=True, slots=True)
class Curve:
    """What was found.

    Attributes:
        left, open: how many left, and how many are still there.
        median: None when not even half have left by the last time that is known of.
        steps: (time, share still there in millionths), beginning with everything at 0; exact before rounding.
    """

    left: int
    open: int
    median: int | None
    steps: tuple[tuple[int, int], ...]


def curve(stays: Iterable[Stay]) -> Curve:
    """The curve of some stays; times are whole and not below zero."""
    gone: Counter[int] = Counter()
    still: Counter[int] = Counter()
    for stay in stays:
        (gone if stay.left else still)[max(stay.time, 0)] += stay.count
    there = gone.total() + still.total()
    share, median = Fraction(1), None
    steps = [(0, 1_000_000)]
    for time in sorted(gone.keys() | still.keys()):
        if gone[time]:
            share *= 1 - Fraction(gone[time], there)
            steps.append((time, round(share * 1_000_000)))
            if median is None and share <= Fraction(1, 2):
                median = time
        there -= gone[time] + still[time]
    return Curve(gone.total(), still.total(), median, tuple(steps))
