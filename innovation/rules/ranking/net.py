"""Net votes: what sponsors know from everywhere.

Formula: ``for - against``. Source: plain counting; it rewards being seen by many, which is why it is not the default.
Ties: common at small counts; the rule's tie-break decides. Missing: no votes are 0.
Interval: a normal approximation of the total that as many people again would give (`sums`). Complexity: O(n).
"""

from __future__ import annotations

import numpy as np

from innovation.rules.ranking import sums
from innovation.rules.ranking.field import Array, Field, Figure
from innovation.rules.ranking.posterior import Normal


def net(for_: Figure, against: Figure) -> Figure:
    """The formula."""
    return for_ - against


def score(field: Field) -> Array:
    """Net votes of every idea."""
    return net(field.for_, field.against)


def posterior(field: Field) -> Normal:
    """What the total might have been; a vote is 1, 0 or -1, so its square is a vote."""
    people = np.maximum(field.views, field.for_ + field.against)
    return sums.around(score(field), field.for_ + field.against, people)
