"""Points: everything people gave of a budget of their own, plain or quadratic.

Formula: ``sum of v`` over the voters (quadratic credits: v is the vote, v² what it cost).
Source: cumulative voting; quadratic voting by Lalley, Weyl 2018.
Ties: the rule's tie-break decides. Missing: no points are 0.
Interval: a normal approximation of the total that as many people again would give (`sums`). Complexity: O(n).
"""

from __future__ import annotations

import numpy as np

from innovation.rules.ranking import sums
from innovation.rules.ranking.field import Array, Field, Figure
from innovation.rules.ranking.posterior import Normal


def points(given: Figure) -> Figure:
    """The formula: the sum is what is counted."""
    return given


def score(field: Field) -> Array:
    """Points of every idea."""
    return points(field.points)


def posterior(field: Field) -> Normal:
    """What the total might have been; who saw the idea and gave nothing gave 0."""
    people = np.maximum(field.views, field.voters)
    return sums.around(score(field), field.squares, people)
