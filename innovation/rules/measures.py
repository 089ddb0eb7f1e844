"""What can be measured of an idea: one table, name -> function and meaning.

A *raw* measure is an integer of the snapshot (``for``, ``views``, ``panel_mean_micro``); a measure in
``MEASURES`` is what a rule may name. Values are exact (`Fraction`): nothing that decides is ever a float.
A raw measure that is absent is unknown, and everything made from it is unknown too (``None``), never zero.

Raw measures of an idea:
    for, against, voters: votes by weight, and people who voted (``*_external``, ``*_internal``: of one side)
    views: distinct people who saw it for two seconds or voted on it (``views_external``, ``views_internal``)
    points: sum of the votes' values: stars, points, quadratic votes
    comments, reviews, panel_mean_micro, requested
    support_least_micro, pairs_micro: leave-one-group-out minimum, and strength from pairs (may be negative)
    low_micro, high_micro, p_top_micro: interval and chance of the best k under the method that orders
Raw measures of its challenge, the same for all its ideas:
    electorate; prior_for_micro, prior_against_micro: (a, b) of support; stars_mean_micro, stars_weight_micro
Those in millionths (``_micro``) were computed beforehand, rounded and stored; the formulas are those of `ranking`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from innovation.rules.ranking.approval_share import approval_share
from innovation.rules.ranking.field import MICRO as MICRO
from innovation.rules.ranking.field import ratio
from innovation.rules.ranking.net import net
from innovation.rules.ranking.panel import panel_mean
from innovation.rules.ranking.points import points
from innovation.rules.ranking.stars import stars
from innovation.rules.ranking.support import support
from innovation.rules.ranking.wilson import exact as wilson


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing a rule may name.

    ``kind`` says how to write its values: weight (votes, points or voting power), count, share (0 to 1), score
    (the criteria's, the stars' or the ordering method's own scale), strength (from pairs: around 0, may be
    negative), money (minor units). ``needs`` are the raw measures it is made from, in the
    order in which ``of`` takes them.
    """

    name: str
    kind: str
    meaning: str
    needs: tuple[str, ...]
    of: Callable[..., Fraction]


def _itself(value: int) -> Fraction:
    return Fraction(value)


def _millionths(micro: int) -> Fraction:
    return Fraction(micro, MICRO)


def _over_votes(formula: Callable[[Fraction, Fraction], Fraction]) -> Callable[[int, int], Fraction]:
    return lambda for_, against: formula(Fraction(for_), Fraction(against))


def _support(for_: int, views: int, a_micro: int, b_micro: int) -> Fraction:
    return support(Fraction(for_), Fraction(max(views, for_)), _millionths(a_micro), _millionths(b_micro))


def _stars(given: int, voters: int, mean_micro: int, weight_micro: int) -> Fraction:
    return stars(Fraction(given), Fraction(voters), _millionths(mean_micro), _millionths(weight_micro))


def _turnout(for_: int, against: int, electorate: int) -> Fraction:
    return ratio(Fraction(for_ + against), Fraction(electorate))


_PRIOR: Final = ("prior_for_micro", "prior_against_micro")

MEASURES: Final[Mapping[str, Measure]] = {
    measure.name: measure
    for measure in (
        Measure(
            "for",
            "weight",
            "votes for the idea, by weight (approvals, where those are the votes)",
            ("for",),
            _itself,
        ),
        Measure("against", "weight", "votes against the idea, by weight", ("against",), _itself),
        Measure("net", "weight", "votes for minus votes against", ("for", "against"), _over_votes(net)),
        Measure(
            "total",
            "weight",
            "votes for plus votes against",
            ("for", "against"),
            lambda f, a: Fraction(f + a),
        ),
        Measure(
            "approval_share",
            "share",
            "votes for as a share of all votes; 0 without votes",
            ("for", "against"),
            _over_votes(approval_share),
        ),
        Measure(
            "support",
            "share",
            "support among those who saw it, shrunk towards the challenge's mean",
            ("for", "views", *_PRIOR),
            _support,
        ),
        Measure(
            "support_least",
            "share",
            "the least of that support when any one group is left out",
            ("support_least_micro",),
            _millionths,
        ),
        Measure(
            "support_external",
            "share",
            "support among those outside the house who saw it, shrunk towards the challenge's mean",
            ("for_external", "views_external", *_PRIOR),
            _support,
        ),
        Measure(
            "support_internal",
            "share",
            "support among those inside the house who saw it, shrunk towards the challenge's mean",
            ("for_internal", "views_internal", *_PRIOR),
            _support,
        ),
        Measure(
            "wilson",
            "share",
            "Wilson lower bound on the share of votes for; 0 without votes",
            ("for", "against"),
            _over_votes(wilson),
        ),
        Measure(
            "stars",
            "score",
            "mean stars, shrunk towards the challenge's mean",
            ("points", "voters", "stars_mean_micro", "stars_weight_micro"),
            _stars,
        ),
        Measure("points", "weight", "points given to the idea", ("points",), lambda given: points(Fraction(given))),
        Measure("pairs", "strength", "strength from pairs, Bradley-Terry", ("pairs_micro",), _millionths),
        Measure(
            "low",
            "score",
            "low end of the 90 % interval under the method that orders",
            ("low_micro",),
            _millionths,
        ),
        Measure("p_top", "share", "chance of belonging to the best k", ("p_top_micro",), _millionths),
        Measure(
            "turnout",
            "share",
            "all votes as a share of the registered voting power",
            ("for", "against", "electorate"),
            _turnout,
        ),
        Measure("electorate", "weight", "registered voting power of the challenge", ("electorate",), _itself),
        Measure("voters", "count", "people who voted on the idea", ("voters",), _itself),
        Measure("for_external", "weight", "votes for the idea from outside the house", ("for_external",), _itself),
        Measure("voters_external", "count", "people from outside the house who voted on it", ("voters_external",), _itself),
        Measure("views", "count", "people who saw the idea for two seconds or voted on it", ("views",), _itself),
        Measure("comments", "count", "comments on the idea", ("comments",), _itself),
        Measure("reviews", "count", "valid reviews of the idea", ("reviews",), _itself),
        Measure(
            "panel_mean",
            "score",
            "mean over its valid reviews of the mean over the criteria",
            ("panel_mean_micro",),
            _millionths,
        ),
        Measure("requested", "money", "amount the idea asks for", ("requested",), _itself),
    )
}


def value(name: str, raw: Mapping[str, int]) -> Fraction | None:
    """The measure ``name`` of an idea with these raw measures; None when one it needs is unknown.

    Raises KeyError for a name that is not in ``MEASURES``.
    """
    measure = MEASURES[name]
    if missing(name, raw) is not None:
        return None
    return measure.of(*(raw[need] for need in measure.needs))


def missing(name: str, raw: Mapping[str, int]) -> str | None:
    """The first raw measure that ``name`` needs and ``raw`` lacks; None when all are known."""
    return next((need for need in MEASURES[name].needs if need not in raw), None)


def mean_micro(reviews: Iterable[Sequence[int]]) -> int | None:
    """Mean over reviews of the mean over each review's criteria, in millionths, halves to even.

    ``reviews`` are the valid reviews of one idea, each its scores; a review without scores counts for
    nothing. None without a single score. This is Project Catalyst's official score when fed three criteria.
    """
    means = [Fraction(sum(scores), len(scores)) for scores in reviews if scores]
    return round(panel_mean(sum(means, Fraction(0)), Fraction(len(means))) * MICRO) if means else None
