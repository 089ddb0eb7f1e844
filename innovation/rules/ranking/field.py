"""What every method reads: the ideas of one challenge as columns, the parameters fitted to them, and exact or fast figures.

A formula is written once, over `Figure`: exact numbers where something is decided, arrays where there are many ideas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Whole: TypeAlias = npt.NDArray[np.int64]
Column: TypeAlias = Sequence[int] | Sequence[float] | npt.NDArray[Any]
Figure = TypeVar("Figure", Fraction, Array)

MICRO: Final = 1_000_000
"""Millionths: fitted parameters and simulated figures are stored as integers of these."""


class Prior(NamedTuple):
    """Beta(a, b): what is thought of an idea's support before anybody saw it, in millionths; 2 and 3 until fitted."""

    a_micro: int = 2 * MICRO
    b_micro: int = 3 * MICRO

    @property
    def a(self) -> Array:
        return np.asarray(self.a_micro / MICRO)

    @property
    def b(self) -> Array:
        return np.asarray(self.b_micro / MICRO)

    @property
    def mean(self) -> float:
        return self.a_micro / (self.a_micro + self.b_micro)


class StarPrior(NamedTuple):
    """Every idea begins with ``weight`` votes of ``mean`` stars, in millionths; five of three stars until fitted."""

    mean_micro: int = 3 * MICRO
    weight_micro: int = 5 * MICRO

    @property
    def mean(self) -> Array:
        return np.asarray(self.mean_micro / MICRO)

    @property
    def weight(self) -> Array:
        return np.asarray(self.weight_micro / MICRO)


@dataclass(frozen=True, slots=True)
class Strengths:
    """Bradley-Terry strengths: ``theta`` (n), their standard errors ``spread`` (n), and ``factor`` (n × n), a root of the
    covariance: ``factor @ factor.T``."""

    theta: Array
    spread: Array
    factor: Array


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel's scores: every idea's ``mean`` and its number of complete ``reviews`` (n each, at least one).

    ``variance_micro`` is how far reviews of one idea differ, in millionths of a point squared, on ``freedom`` degrees of
    freedom; None and 0 where no idea has two reviews.
    """

    mean: Array
    reviews: Array
    variance_micro: int | None
    freedom: int


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One part of a mix: its measure's ``kind``, its ``weight``, the ``highest`` value among the candidates, every idea's
    ``value`` and the ends of its 90 % interval, both the value where nothing is known of them (n each)."""

    kind: str
    weight: float
    highest: float
    value: Array
    low: Array
    high: Array


@dataclass(frozen=True, slots=True)
class Mixed:
    """A weighted mix: every idea's figure (n), worked out exactly and then rounded, and the parts it was made from."""

    score: Array
    parts: tuple[Ingredient, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """The ideas of one challenge, one row each, in the same order in every column.

    ``for_`` and ``against`` count votes, ``views`` the distinct people who saw the idea or voted on it, ``voters`` those
    who voted, ``points`` and ``squares`` are the sums of the votes' values and of their squares. ``least_for`` and
    ``least_views`` are the counts without the group that carries the idea (`groups.least`).
    """

    for_: Array
    against: Array
    views: Array
    voters: Array
    points: Array
    squares: Array
    least_for: Array
    least_views: Array
    prior: Prior
    stars: StarPrior
    strengths: Strengths | None
    panel: Panel | None = None
    mixed: Mixed | None = None

    def __len__(self) -> int:
        return len(self.for_)


def field_of(
    size: int,
    *,
    for_: Column | None = None,
    against: Column | None = None,
    views: Column | None = None,
    voters: Column | None = None,
    points: Column | None = None,
    squares: Column | None = None,
    least_for: Column | None = None,
    least_views: Column | None = None,
    prior: Prior | None = None,
    stars: StarPrior | None = None,
    strengths: Strengths | None = None,
    panel: Panel | None = None,
    mixed: Mixed | None = None,
) -> Field:
    """A field of ``size`` ideas. An absent column is zeros; nobody votes without having seen, so views are never less than
    votes for. Raises ValueError for a column of another length."""
    columns = {
        "for_": for_,
        "against": against,
        "views": views,
        "voters": voters,
        "points": points,
        "squares": squares,
        "least_for": least_for,
        "least_views": least_views,
    }
    read = {name: _column(size, name, column) for name, column in columns.items()}
    read["views"] = np.maximum(read["views"], read["for_"])
    read["least_views"] = np.maximum(read["least_views"], read["least_for"])
    return Field(**read, prior=prior or Prior(), stars=stars or StarPrior(), strengths=strengths, panel=panel, mixed=mixed)


def _column(size: int, name: str, column: Column | None) -> Array:
    read = np.zeros(size) if column is None else np.asarray(column, dtype=np.float64)
    if read.shape != (size,):
        raise ValueError(f"{name}: {read.shape} where ({size},) was meant")
    return read


def ratio(part: Figure, whole: Figure) -> Figure:
    """``part / whole``, and 0 of nothing is 0."""
    parts: Figure = part / (whole + (whole == 0))
    return parts


def in_micro(values: Array) -> list[int]:
    """Each value in whole millionths, halves to even: how a figure is stored."""
    return [int(value) for value in np.rint(values * MICRO)]
