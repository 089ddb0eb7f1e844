"""What can be measured of an idea: one table, name -> function and meaning.

A *raw* measure is an integer of the snapshot (``for``, ``views``, ``panel_mean_micro``); a measure in
``MEASURES`` is what a rule may name. Values are exact (`Fraction`): nothing that decides is ever a float.
A raw measure that is absent is unknown, and everything made from it is unknown too (``None``), never zero.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

MICRO: Final = 1_000_000
"""Millionths: a mean of scores enters a snapshot as an integer of these."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing a rule may name.

    ``kind`` says how to write its values: weight (votes or voting power), count, share (0 to 1), score
    (the criteria's own scale), money (minor units). ``needs`` are the raw measures it is made from, in the
    order in which ``of`` takes them.
    """

    name: str
    kind: str
    meaning: str
    needs: tuple[str, ...]
    of: Callable[..., Fraction]


def _itself(value: int) -> Fraction:
    return Fraction(value)


def _share(part: int, rest: int) -> Fraction:
    # Nobody voted: nobody approved. A share of nothing counted as unknown would hide the plain reason.
    return Fraction(part, part + rest) if part + rest else Fraction(0)


def _turnout(for_: int, against: int, electorate: int) -> Fraction:
    return Fraction(for_ + against, electorate) if electorate else Fraction(0)


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
        Measure("net", "weight", "votes for minus votes against", ("for", "against"), lambda f, a: Fraction(f - a)),
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
            _share,
        ),
        Measure(
            "turnout",
            "share",
            "all votes as a share of the registered voting power",
            ("for", "against", "electorate"),
            _turnout,
        ),
        Measure("electorate", "weight", "registered voting power of the challenge", ("electorate",), _itself),
        Measure("voters", "count", "people who voted on the idea", ("voters",), _itself),
        Measure("views", "count", "people who opened the idea", ("views",), _itself),
        Measure("comments", "count", "comments on the idea", ("comments",), _itself),
        Measure("reviews", "count", "valid reviews of the idea", ("reviews",), _itself),
        Measure(
            "panel_mean",
            "score",
            "mean over its valid reviews of the mean over the criteria",
            ("panel_mean_micro",),
            lambda micro: Fraction(micro, MICRO),
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
    return round(sum(means, Fraction(0)) / len(means) * MICRO) if means else None
