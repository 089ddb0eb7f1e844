"""Votes in lockstep: people whose ballots agree more than people do. It only flags; a person decides.

Two voters agree when both support at least ``least`` ideas and share 90 % of what either supports (Jaccard index), and,
where times are given, began and ended within ``window`` of each other. Voters connected by agreement are a cluster. One is
reported when it is large enough and larger than chance would have it: were everybody's support independent, ``expected``
voters would support all that its members have in common.
Source: exact set-similarity join by prefix filtering (Chaudhuri, Ganti, Kaushik 2006; Bayardo, Ma, Srikant 2007).
Ties: none, every agreeing pair counts. Missing: who supports fewer ideas is never flagged.
Complexity: O(votes log votes) and, per voter, the others who share one of the rarest ideas of the ballot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from innovation.rules.ranking.field import Column, Whole

ALIKE: Final = (9, 10)
"""Agreement begins at this Jaccard index, as a fraction."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """People who agree: ``voters`` ascending; the ``common`` ideas that all of them support, of ``any`` that one does;
    ``expected`` voters with these in common by chance; ``seconds`` from the first of their votes to the last, in the unit
    of the times, None without times."""

    voters: tuple[int, ...]
    common: tuple[int, ...]
    any: int
    expected: float
    seconds: int | None


@dataclass(frozen=True, slots=True)
class _Ballots:
    """Who supports at least so many ideas, one row each: ``bits`` packed over the ideas, rarest first; the ideas of row r
    as columns, ascending, ``column[starts[r] : starts[r] + sizes[r]]``; and when each began and ended."""

    voters: Whole
    ideas: Whole
    column: Whole
    starts: Whole
    bits: npt.NDArray[np.uint8]
    sizes: Whole
    begun: Whole
    ended: Whole
    shares: npt.NDArray[np.float64]
    people: int


def clusters(
    voter: Column,
    idea: Column,
    value: Column,
    time: Column | None = None,
    *,
    least: int = 5,
    size: int = 3,
    window: int | None = None,
) -> list[Cluster]:
    """Clusters of at least ``size`` voters, largest first, from one row per vote.

    A vote supports when ``value`` is above 0. ``window`` is in the unit of ``time``; without either, when people voted does
    not matter.
    """
    who, what, how = (np.asarray(column, dtype=np.int64) for column in (voter, idea, value))
    moments = np.zeros(len(who), dtype=np.int64) if time is None else np.asarray(time, dtype=np.int64)
    ballots = _ballots(who, what, how, moments, least)
    if ballots is None:
        return []
    label = _connected(ballots, None if time is None else window)
    numbers, counts = np.unique(label, return_counts=True)
    found = [_cluster(ballots, np.flatnonzero(label == number), time is not None) for number in numbers[counts >= size]]
    suspect = [cluster for cluster in found if len(cluster.voters) > cluster.expected]
    return sorted(suspect, key=lambda cluster: (-len(cluster.voters), cluster.voters))


def _ballots(voter: Whole, idea: Whole, value: Whole, time: Whole, least: int) -> _Ballots | None:
    """The ballots of those who support at least ``least`` ideas; None without any."""
    people, yes = len(np.unique(voter)), value > 0
    ideas, column, support = np.unique(idea[yes], return_inverse=True, return_counts=True)
    names, row, supported = np.unique(voter[yes], return_inverse=True, return_counts=True)
    keep = supported >= least
    if not keep.any():
        return None
    within = keep[row]
    row, time = (np.cumsum(keep) - 1)[row[within]], time[yes][within]
    # The rarest idea is the first column: a ballot's first ideas are then those it shares with fewest others.
    by_rarity = np.argsort(support, kind="stable")
    rank = np.argsort(by_rarity)
    begun, ended = _spans(row, time, int(keep.sum()))
    row, column = np.unique(np.stack([row, rank[column[within]]]), axis=1)
    sizes = np.bincount(row)
    return _Ballots(
        voters=names[keep],
        ideas=ideas[by_rarity],
        column=column,
        starts=np.cumsum(sizes) - sizes,
        bits=_packed(row, column, len(sizes), len(ideas)),
        sizes=sizes,
        begun=begun,
        ended=ended,
        shares=support[by_rarity] / people,
        people=people,
    )


def _spans(row: Whole, time: Whole, rows: int) -> tuple[Whole, Whole]:
    """The first and the last time of every row."""
    begun, ended = np.full(rows, np.iinfo(np.int64).max), np.full(rows, np.iinfo(np.int64).min)
    np.minimum.at(begun, row, time)
    np.maximum.at(ended, row, time)
    return begun, ended


def _packed(row: Whole, column: Whole, rows: int, columns: int) -> npt.NDArray[np.uint8]:
    bits = np.zeros((rows, -(-columns // 8)), dtype=np.uint8)
    np.bitwise_or.at(bits, (row, column // 8), (128 >> column % 8).astype(np.uint8))
    return bits


def _agreeing(ballots: _Ballots, window: int | None) -> Iterator[tuple[int, Whole]]:
    """Every voter with those of lower rows that agree.

    Of two ballots that share 9/10, each has one of the shared ideas among its first ``size - ceil(.9 size) + 1``.
    """
    numerator, denominator = ALIKE
    prefixes = ballots.sizes + 1 - -(-numerator * ballots.sizes // denominator)
    holders = _holders(ballots, prefixes)
    for row, (start, length, size) in enumerate(zip(ballots.starts, prefixes, ballots.sizes, strict=True)):
        rare = (holders[column] for column in ballots.column[start : start + length])
        near = np.concatenate([others[: np.searchsorted(others, row)] for others in rare])
        shared = np.bitwise_count(ballots.bits[near] & ballots.bits[row]).sum(axis=1, dtype=np.int64)
        either = ballots.sizes[near] + size - shared
        alike = shared * denominator >= either * numerator
        if window is not None:
            alike &= np.abs(ballots.begun[near] - ballots.begun[row]) <= window
            alike &= np.abs(ballots.ended[near] - ballots.ended[row]) <= window
        yield row, near[alike]


def _holders(ballots: _Ballots, prefixes: Whole) -> list[Whole]:
    """For every column the rows, ascending, that have it among the first ``prefixes`` of their ideas."""
    rows = np.repeat(np.arange(len(ballots.sizes)), ballots.sizes)
    early = np.arange(len(rows)) - ballots.starts[rows] < prefixes[rows]
    columns = ballots.column[early]
    by_column = np.argsort(columns, kind="stable")
    bounds = np.searchsorted(columns[by_column], np.arange(1, len(ballots.ideas)))
    return np.split(rows[early][by_column], bounds)


def _connected(ballots: _Ballots, window: int | None) -> Whole:
    """For every row the number of its cluster."""
    label = np.arange(len(ballots.voters))
    for row, others in _agreeing(ballots, window):
        for known in np.unique(label[others]):
            label[label == known] = label[row]
    return label


def _cluster(ballots: _Ballots, rows: Whole, timed: bool) -> Cluster:
    marks = np.unpackbits(ballots.bits[rows], axis=1, count=len(ballots.ideas)).astype(bool)
    common = marks.all(axis=0)
    return Cluster(
        voters=tuple(sorted(ballots.voters[rows].tolist())),
        common=tuple(sorted(ballots.ideas[common].tolist())),
        any=int(marks.any(axis=0).sum()),
        expected=float(ballots.people * np.prod(ballots.shares[common])),
        seconds=int(ballots.ended[rows].max() - ballots.begun[rows].min()) if timed else None,
    )
