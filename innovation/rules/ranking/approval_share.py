"""Approval share: votes for among all votes.

Formula: ``for / (for + against)``. Source: plain counting; interval from the posterior under Jeffreys' prior,
Beta(for + 1/2, against + 1/2) (Brown, Cai, DasGupta 2001), stretched to the share itself where all agree.
Ties: a lone vote for stands with a thousand; the rule's tie-break decides. Missing: without votes the share is 0.
Weights count as people. Complexity: O(n).
"""

from __future__ import annotations

import numpy as np

from innovation.rules.ranking.field import Array, Field, Figure, ratio


def approval_share(for_: Figure, against: Figure) -> Figure:
    """The formula."""
    return ratio(for_, for_ + against)


def score(field: Field) -> Array:
    """Approval share of every idea, 0 to 1."""
    return approval_share(field.for_, field.against)


def draws(field: Field, chance: np.random.Generator, count: int) -> Array:
    """``count`` draws (count × n) of the true share."""
    return chance.beta(field.for_ + 0.5, field.against + 0.5, size=(count, len(field)))
