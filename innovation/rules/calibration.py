"""How well reviewers' scores foretold what then worked.

Formula: a review's mean score s, from 1 to 5, is read as the chance p = (s - 1) / 4 that the idea works: a convention,
for nobody was asked for a chance. Brier score: the mean of (p - o)² over reviews of ideas whose project has ended, o
being 1 where it worked and 0 where it did not; 0 is perfect, and whoever always says one half gets 0.25. Beside it stands
what somebody would get who always said the share that worked, r (1 - r): a score below that told ideas apart. Per band of
a whole point: how many reviews, and how many of their ideas worked.
What is missing: only ideas that were chosen have outcomes, and a panel's scores helped to choose them, so low scores are
rare among them. Several reviews of one idea share its outcome, so figures over everybody are less sure than their number
suggests.
Few: out of fewer than ten reviews with an outcome only counts are said. Exact until the last rounding, halves to even.
Source: Brier 1950; the comparison with the share is the uncertainty term of Murphy 1973. Complexity: O(reviews).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from innovation.rules.figures import FEW, Share, share
from innovation.rules.panel import HIGHEST, LOWEST

MICRO: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Band:
    """Reviews with a mean from ``least`` to below ``least`` + 1; the highest band holds the highest score too."""

    least: int
    worked: Share


@dataclass(frozen=True, slots=True)
class Calibration:
    """Scores against outcomes; ``brier_micro`` and ``same_for_all_micro`` are None out of fewer than ten."""

    worked: Share
    bands: tuple[Band, ...]
    brier_micro: int | None
    same_for_all_micro: int | None


def chance(score: Fraction) -> Fraction:
    """The convention: a mean score from 1 to 5 as a chance from 0 to 1."""
    return (score - LOWEST) / (HIGHEST - LOWEST)


def calibrate(reviews: Sequence[tuple[Fraction, bool]]) -> Calibration:
    """Set mean scores against whether the idea worked.

    Raises:
        ValueError: a score lies outside the scale.
    """
    if any(not LOWEST <= score <= HIGHEST for score, _worked in reviews):
        raise ValueError("a score outside the scale")
    bands = []
    for least in range(LOWEST, HIGHEST):
        inside = [worked for score, worked in reviews if min(int(score), HIGHEST - 1) == least]
        bands.append(Band(least, share(sum(inside), len(inside))))
    worked = share(sum(worked for _score, worked in reviews), len(reviews))
    if len(reviews) < FEW:
        return Calibration(worked, tuple(bands), None, None)
    squared = sum(((chance(score) - int(came)) ** 2 for score, came in reviews), Fraction(0)) / len(reviews)
    rate = Fraction(worked.part, worked.whole)
    return Calibration(worked, tuple(bands), round(squared * MICRO), round(rate * (1 - rate) * MICRO))
