"""The panel's mean: what its members' complete reviews of an idea come to.

Formula: ``(y_1 + ... + y_n) / n``, y a review's weighted mean over the criteria. Interval and chance: the spread of reviews
around their own idea's mean is taken as one for the whole challenge, ``s² = sum of (y - m)² / sum of (n - 1)`` over the
ideas, with ``f = sum of (n - 1)`` degrees of freedom; the true mean is then ``m + s / √n × t``, t Student's with f degrees.
A draw takes one s for all ideas (``s² f / chi²_f``) and a normal deviate for each. An idea with one review takes the others'
s. Scores are whole points, so s² is never less than what rounding leaves unknown: ``sum of w² / (12 (sum of w)²)``.
Source: pooled variance of a one-way layout, Fisher 1925; Student 1908; as a posterior Box, Tiao 1973; Sheppard 1898.
No member's severity is taken out: where a handful review a handful, that made rankings worse.
Ties: equal means are equal; the rule's tie-break decides. Missing: an idea without a complete review has no figure; where no
idea has two there is no s, so no interval and no chance, and the page says so. Complexity: O(r) for r reviews to fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from innovation.rules.ranking.field import MICRO, Array, Field, Figure, ratio


def panel_mean(total: Figure, reviews: Figure) -> Figure:
    """The formula; ``total`` is the sum of the reviews' own means."""
    return ratio(total, reviews)


def score(field: Field) -> Array:
    """Mean of every idea, on the criteria's own scale; 0 for all where no panel scored."""
    return np.zeros(len(field)) if field.panel is None else field.panel.mean


def draws(field: Field, chance: np.random.Generator, count: int) -> Array:
    """``count`` draws (count × n) of the true mean; where nothing is known of the spread, the mean itself each time."""
    panel, shape = field.panel, (count, len(field))
    if panel is None or panel.variance_micro is None:
        return np.broadcast_to(score(field), shape)
    variance = panel.variance_micro / MICRO * panel.freedom / chance.chisquare(panel.freedom, size=(count, 1))
    return np.asarray(panel.mean + np.sqrt(variance / panel.reviews) * chance.standard_normal(shape))


def fit_spread(reviews: Sequence[Sequence[Fraction]], least: Fraction = Fraction(0)) -> tuple[int | None, int]:
    """(variance in millionths, degrees of freedom) of the reviews around their own idea's mean; (None, 0) without a second.

    Exact until it is rounded. ``reviews`` are the ideas, each with its reviews' means; ``least`` is what rounding hides.
    """
    freedom = sum(len(each) - 1 for each in reviews if each)
    if not freedom:
        return None, 0
    around = Fraction(0)
    for each in reviews:
        if each:
            mean = panel_mean(sum(each, Fraction(0)), Fraction(len(each)))
            around += sum(((one - mean) ** 2 for one in each), Fraction(0))
    return round(max(around / freedom, least) * MICRO), freedom
