"""Groups of voters: the unverified capped, the least support without any one group, who carries an idea, and both sides.

Leave-one-group-out minimum: the least of ``(U + a) / (V + a + b)`` with everybody and with each group (organisation,
department, unverified) left out; the whole is among them, so that nobody gains by having a group. (a, b) stays as fitted.
Unverified accounts are one group: where they are more than 15 % of an idea's verified viewers they count as 15 %. Where a
challenge has no verified viewer at all there is nothing to measure 15 % of, and all count in full. Where pairs are judged
the same holds of comparisons: all of an idea's unverified ones together weigh 15 % of its verified ones at most.
Source: the minimum over deletions of a group, as in the delete-a-group jackknife (Kott 2001), used as a robust bound.
Ties: the lowest group number is named. Missing: an idea nobody saw has the mean of the prior and no group.
Complexity: O(r log r) for r rows of idea and group; `carried_by` O(g n log n) for g groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from innovation.rules.ranking.field import MICRO, Array, Column, Field, Prior, Whole
from innovation.rules.ranking.posterior import Beta
from innovation.rules.ranking.simulation import TAIL
from innovation.rules.ranking.support import behind, support

NO_GROUP: Final = -1
CAP_PERCENT: Final = 15


@dataclass(frozen=True, slots=True)
class Parts:
    """Counts of each idea within each group; a pair of idea and group stands in one row at most.

    ``idea`` (0 to ``ideas`` - 1) and ``group`` (>= 0) name the row, ``for_`` of ``views`` people are in favour.
    """

    ideas: int
    idea: Whole
    group: Whole
    for_: Whole
    views: Whole

    def totals(self) -> tuple[Whole, Whole]:
        """(for, views) of every idea over all groups."""
        return _summed(self.idea, self.for_, self.ideas), _summed(self.idea, self.views, self.ideas)


def parts_of(ideas: int, idea: Column, group: Column, for_: Column, views: Column) -> Parts:
    """Parts of these rows: rows of one idea and group are added up, views raised to votes for. ValueError for a number
    of an idea or a group that cannot be."""
    columns = [np.asarray(column, dtype=np.int64) for column in (idea, group, for_, views)]
    number, of, yes, seen = columns
    if len(number) and (number.min() < 0 or number.max() >= ideas or of.min() < 0):
        raise ValueError("an idea or a group that is not there")
    width = int(of.max(initial=0)) + 1
    keys, where = np.unique(number * width + of, return_inverse=True)
    approved = _summed(where, yes, len(keys))
    return Parts(ideas, keys // width, keys % width, approved, np.maximum(_summed(where, seen, len(keys)), approved))


def _summed(where: Whole, values: Whole, size: int) -> Whole:
    # Not bincount: that adds in floating point, and these counts are exact.
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, where, values)
    return total


def capped(parts: Parts, unverified: int) -> Parts:
    """The parts with the group ``unverified`` cut to 15 % of each idea's verified viewers, rounded down."""
    theirs = parts.group == unverified
    if theirs.all():
        return parts
    verified = _summed(parts.idea[~theirs], parts.views[~theirs], parts.ideas)[parts.idea]
    most = verified * CAP_PERCENT // 100
    over = theirs & (parts.views > most)
    for_ = np.where(over, parts.for_ * most // np.maximum(parts.views, 1), parts.for_)
    return Parts(parts.ideas, parts.idea, parts.group, for_, np.where(over, most, parts.views))


def capped_pairs(size: int, first: Whole, second: Whole, unverified: npt.NDArray[np.bool_]) -> Whole:
    """The weight of every comparison of ``first[m]`` with ``second[m]`` (0 to size - 1), in millionths, rounded down.

    A verified one weighs a million. What an idea's unverified ones may weigh is 15 % of its verified ones, shared out
    equally; a comparison weighs what both of its ideas allow it. Without a verified one at all, all weigh a million.
    """
    weight = np.full(len(first), MICRO, dtype=np.int64)
    if unverified.all() or not unverified.any():
        return weight
    verified, theirs = (
        _summed(first, mine, size) + _summed(second, mine, size)
        for mine in ((~unverified).astype(np.int64), unverified.astype(np.int64))
    )
    share = np.minimum(MICRO, verified * CAP_PERCENT * (MICRO // 100) // np.maximum(theirs, 1))
    return np.where(unverified, np.minimum(share[first], share[second]), weight)


@dataclass(frozen=True, slots=True)
class Least:
    """The least support of every idea, the group without which it is that (`NO_GROUP`: with everybody), and the counts
    behind it."""

    score: Array
    group: Whole
    for_: Whole
    views: Whole


def least(parts: Parts, prior: Prior) -> Least:
    """The leave-one-group-out minimum of every idea."""
    for_, views = parts.totals()
    idea = np.concatenate([np.arange(parts.ideas), parts.idea])
    group = np.concatenate([np.full(parts.ideas, NO_GROUP), parts.group])
    without_for = np.concatenate([for_, for_[parts.idea] - parts.for_])
    without_views = np.concatenate([views, views[parts.idea] - parts.views])
    scores = support(without_for.astype(np.float64), without_views.astype(np.float64), prior.a, prior.b)
    order = np.lexsort((group, scores, idea))
    first = order[np.searchsorted(idea[order], np.arange(parts.ideas))]
    return Least(scores[first], group[first], without_for[first], without_views[first])


@dataclass(frozen=True, slots=True)
class Carried:
    """Where every idea stands (from 1), the worst place it has without one group, and that group (`NO_GROUP`: it never
    falls): "without department 4 this idea falls from 3 to 19"."""

    place: Whole
    without: Whole
    group: Whole


def carried_by(parts: Parts, prior: Prior) -> Carried:
    """For every idea the group whose absence, from all ideas, makes it fall furthest."""
    for_, views = parts.totals()
    place = _places(for_, views, prior)
    worst, carrier = place.copy(), np.full(parts.ideas, NO_GROUP)
    order = np.argsort(parts.group, kind="stable")
    groups, starts = np.unique(parts.group[order], return_index=True)
    for group, rows in zip(groups, np.split(order, starts[1:]), strict=False):
        fewer_for, fewer_views = for_.copy(), views.copy()
        fewer_for[parts.idea[rows]] -= parts.for_[rows]
        fewer_views[parts.idea[rows]] -= parts.views[rows]
        now = _places(fewer_for, fewer_views, prior)
        falls = now > worst
        worst[falls], carrier[falls] = now[falls], group
    return Carried(place, worst, carrier)


def _places(for_: Whole, views: Whole, prior: Prior) -> Whole:
    """Places from 1; equal support is an equal place."""
    # Rounded: what is equal on paper must not be told apart by the last digit of a division.
    scores = np.round(support(for_.astype(np.float64), views.astype(np.float64), prior.a, prior.b), 12)
    return 1 + len(scores) - np.searchsorted(np.sort(scores), scores, side="right")


@dataclass(frozen=True, slots=True)
class Sides:
    """Shrunk support inside and outside the house, the lower end of each one's 90 % interval, and whether the lower of
    these ends is above the challenge's mean: supported by both."""

    internal: Array
    external: Array
    internal_low: Array
    external_low: Array
    both: npt.NDArray[np.bool_]


def both_sides(
    internal_for: Column, internal_views: Column, external_for: Column, external_views: Column, prior: Prior
) -> Sides:
    """Both sides of every idea, each shrunk by the challenge's own prior, whose mean is the challenge's.

    Who is on which side is declared, never inferred from votes.
    """
    sides = []
    for yes, seen in ((internal_for, internal_views), (external_for, external_views)):
        for_ = np.asarray(yes, dtype=np.float64)
        views = np.maximum(np.asarray(seen, dtype=np.float64), for_)
        sides.append((support(for_, views, prior.a, prior.b), behind(for_, views, prior).quantile(1 / TAIL)))
    (internal, internal_low), (external, external_low) = sides
    return Sides(internal, external, internal_low, external_low, np.minimum(internal_low, external_low) > prior.mean)


def score(field: Field) -> Array:
    """The least support of every idea, from the counts without the group that carries it."""
    return support(field.least_for, field.least_views, field.prior.a, field.prior.b)


def posterior(field: Field) -> Beta:
    """The true support among the others of every idea."""
    return behind(field.least_for, field.least_views, field.prior)
