"""Approval share: votes for among all votes.

Formula: ``for / (for + against)``. Source: plain counting; interval from the posterior under Jeffreys' prior,
Beta(for + 1/2, against + 1/2) (Brown, Cai, DasGupta 2001), stretched to the share itself where all agree.
Ties: a lone vote for stands with a thousand; the rule's tie-break decides. Missing: without votes the share is 0.
Weights count as people. Complexity: O(n).
"""

from __future__ import annotations

from innovation.rules.ranking.field import Array, Field, Figure, ratio
from innovation.rules.ranking.posterior import Beta


def approval_share(for_: Figure, against: Figure) -> Figure:
    """The formula."""
    return ratio(for_, for_ + against)


def score(field: Field) -> Array:
    """Approval share of every idea, 0 to 1."""
    return approval_share(field.for_, field.against)


def posterior(field: Field) -> Beta:
    """The true share of every idea."""
    return Beta(field.for_ + 0.5, field.against + 0.5)
