"""Mean stars, shrunk towards the challenge's mean: one five-star vote does not win.

Formula: ``(sum of stars + w m) / (votes + w)``; m the mean over the challenge's ideas, w = within / between variance.
Source: Bühlmann, Straub 1970 (credibility); the same as the "Bayesian average" with a fitted weight.
Ties: the rule's tie-break decides. Missing: an idea without votes stands at m; who saw it and gave no stars counts nothing.
Interval: normal posterior of the mean, variance within / (votes + w). Complexity: O(n).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from innovation.rules.ranking.field import MICRO, Array, Column, Field, Figure, StarPrior, ratio
from innovation.rules.ranking.posterior import Normal

FEWEST_IDEAS: Final = 8
"""Below these, five votes of three stars stand for what is not known."""
LEAST, GREATEST = 0.01, 1000.0
"""Floor and cap of the weight: ideas everybody agrees on, and ideas that do not differ."""


def stars(given: Figure, voters: Figure, mean: Figure, weight: Figure) -> Figure:
    """The formula."""
    return ratio(given + weight * mean, voters + weight)


def score(field: Field) -> Array:
    """Shrunk mean of every idea, on the stars' own scale."""
    return stars(field.points, field.voters, field.stars.mean, field.stars.weight)


def posterior(field: Field) -> Normal:
    """The true mean of every idea."""
    within = _within(field.points, field.squares, field.voters)
    # Votes that all agree, or none: a scale of five differs by about one star.
    spread = np.sqrt((within or 1.0) / (field.voters + field.stars.weight))
    return Normal(score(field), np.asarray(spread))


def fit_stars(points: Column, squares: Column, voters: Column) -> StarPrior:
    """Mean and weight of a challenge from each idea's sum of stars, sum of their squares and number of votes.

    Three stars with the weight of five votes where fewer than eight ideas have votes, or none has two.
    """
    given, square, votes = (np.asarray(column, dtype=np.float64) for column in (points, squares, voters))
    given, square, votes = given[votes > 0], square[votes > 0], votes[votes > 0]
    total, ideas = votes.sum(), len(votes)
    if ideas < FEWEST_IDEAS or total == ideas:
        return StarPrior()
    within = _within(given, square, votes)
    between = ((given**2 / votes).sum() - given.sum() ** 2 / total) / (ideas - 1) - within
    between /= (total - (votes**2).sum() / total) / (ideas - 1)
    weight = float(np.clip(within / between, LEAST, GREATEST)) if between > 0 else GREATEST
    credibility = votes / (votes + weight)
    mean = (credibility * given / votes).sum() / credibility.sum()
    return StarPrior(round(mean * MICRO), round(weight * MICRO))


def _within(points: Array, squares: Array, voters: Array) -> float:
    """Variance of votes around their own idea's mean; 0 where nothing tells."""
    free = voters.sum() - np.count_nonzero(voters)
    return float(max((squares - ratio(points**2, voters)).sum() / free, 0.0)) if free > 0 else 0.0
