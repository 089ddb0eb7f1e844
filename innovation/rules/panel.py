"""What a panel's scores come to, and which ideas a panel scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final

from innovation.rules.challenge import WhoDecides
from innovation.rules.idea import IN_THE_RUNNING, IdeaState
from innovation.rules.measures import MICRO
from innovation.rules.ranking.panel import panel_mean

LOWEST: Final = 1
HIGHEST: Final = 5
"""The ends of every criterion's scale, whole numbers."""

MOST_CRITERIA: Final = 7
"""A panel keeps no more than this apart."""

SHORTEST_SENTENCE: Final = 10
LONGEST_SENTENCE: Final = 600
"""Characters of the sentence that makes a review complete."""

SCORED: Final[Mapping[WhoDecides, frozenset[IdeaState]]] = {
    WhoDecides.PANEL: IN_THE_RUNNING,
    WhoDecides.VOTES_PANEL: frozenset({IdeaState.SHORTLISTED}),
}
"""The states in which an idea is scored: every idea, or those the participants put on the shortlist."""

DECIDED: Final = frozenset({IdeaState.PROMOTED, IdeaState.PARKED, IdeaState.DECLINED})
"""The states a scored idea may have once the result is announced."""


def weighted_mean_micro(reviews: Iterable[Mapping[str, int]], weights: Mapping[str, int]) -> int | None:
    """Mean over reviews of each review's weighted mean over the criteria, in millionths, halves to even.

    Args:
        reviews: the complete reviews of one idea, each its score by criterion; one without scores counts for nothing.
        weights: a whole number above zero by criterion; a criterion without one weighs 1.

    Returns:
        None without a single score. With equal weights this is the plain mean of means, however large they are.
    """
    means = [review_mean(scores, weights) for scores in reviews if scores]
    return round(panel_mean(sum(means, Fraction(0)), Fraction(len(means))) * MICRO) if means else None


def review_mean(scores: Mapping[str, int], weights: Mapping[str, int]) -> Fraction:
    """The weighted mean of one review over its criteria, of which it scores one at least."""
    total = sum(weights.get(key, 1) for key in scores)
    return Fraction(sum(score * weights.get(key, 1) for key, score in scores.items()), total)


def hidden_by_rounding(scores: Mapping[str, int], weights: Mapping[str, int]) -> Fraction:
    """How much a review's mean may vary only because scores are whole points: half a point either way on each criterion."""
    weighed = [weights.get(key, 1) for key in scores]
    return Fraction(sum(each * each for each in weighed), 12 * sum(weighed) ** 2)
