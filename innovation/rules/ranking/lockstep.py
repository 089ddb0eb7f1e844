"""Votes in lockstep: people whose ballots agree more than people do. It only flags; a person decides.

Two voters agree when both support at least ``least`` ideas and share 90 % of what either supports (Jaccard index), and,
where times are given, began and ended within ``window`` of each other. Voters connected by agreement are a cluster. One is
reported when it is large enough and larger than chance would have it: were everybody's support independent, ``expected``
voters would support all that its members have in common.
Where pairs are judged, what people support are answers: "this one is better than that one". Who judged other pairs, or
answered otherwise, shares less. Chance is asked among those who answered the same pairs, for each answer as often as these
people gave it, and only for answers that do not follow from others: who prefers a to b and b to c prefers a to c.
Source: exact set-similarity join by prefix filtering (Chaudhuri, Ganti, Kaushik 2006; Bayardo, Ma, Srikant 2007).
Ties: none, all who agree count. Missing: who supports fewer ideas is never flagged; "cannot say" is no answer.
Complexity: O(votes log votes) and, per voter, the others who share one of the rarest ideas of the ballot; for pairs
besides, per cluster, the square of the answers it has in common.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from innovation.rules.ranking.field import Column, Whole

ALIKE: Final = (9, 10)
"""Agreement begins at this Jaccard index, as a fraction."""


_Answer = tuple[int, int]
"""(the better, the other)."""


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
    return _suspect(_alike(voter, idea, value, time, least, size, window))


def clusters_of_pairs(
    voter: Column,
    first: Column,
    second: Column,
    outcome: Column,
    time: Column | None = None,
    *,
    least: int = 5,
    size: int = 3,
) -> list[Cluster]:
    """Clusters of at least ``size`` people who gave the same answers to the same pairs, largest first.

    One row per comparison of ``first`` with ``second``: ``outcome`` is 1 where the first was preferred, -1 the second, 0
    "cannot say". ``common`` and ``any`` of a cluster are answers, numbered in the order of (the better, the other).
    """
    who, one, other, said = (np.asarray(column, dtype=np.int64) for column in (voter, first, second, outcome))
    better, worse = np.where(said < 0, other, one), np.where(said < 0, one, other)
    answers, number = np.unique(np.stack([better, worse]), axis=1, return_inverse=True)
    found = _alike(who, number.reshape(-1), np.abs(said), time, least, size, None)
    if not found:
        return []
    given: dict[_Answer, set[int]] = defaultdict(set)
    for person, a, b in np.stack([who, better, worse], axis=1)[said != 0].tolist():
        given[a, b].add(person)
    listed: list[_Answer] = [(a, b) for a, b in answers.T.tolist()]
    return _suspect([replace(each, expected=_by_chance([listed[n] for n in each.common], given)) for each in found])


def _by_chance(common: Sequence[_Answer], given: Mapping[_Answer, set[int]]) -> float:
    """How many of those who answered all these pairs would give all these answers, were these independent."""
    nobody: set[int] = set()
    answered = {(a, b): given[a, b] | given.get((b, a), nobody) for a, b in common}
    people = set.intersection(*answered.values()) if common else nobody.union(*given.values())
    return len(people) * float(np.prod([len(given[each]) / len(answered[each]) for each in _independent(common)]))


def _independent(answers: Sequence[_Answer]) -> list[_Answer]:
    """Some of these answers from which all of them follow, and none of which follows from the others."""
    over: dict[int, set[int]] = defaultdict(set)
    for better, other in answers:
        over[better].add(other)
    for better, other in answers:
        over[better].discard(other)
        if not _leads(over, better, other):
            over[better].add(other)
    return [answer for answer in answers if answer[1] in over[answer[0]]]


def _leads(over: Mapping[int, set[int]], start: int, end: int) -> bool:
    reached, open_ = {start}, [start]
    while open_ and end not in reached:
        new = over.get(open_.pop(), set()) - reached
        reached |= new
        open_ += new
    return end in reached


def _alike(
    voter: Column, item: Column, value: Column, time: Column | None, least: int, size: int, window: int | None
) -> list[Cluster]:
    """Every cluster of at least ``size`` voters, whatever chance would have."""
    who, what, how = (np.asarray(column, dtype=np.int64) for column in (voter, item, value))
    moments = np.zeros(len(who), dtype=np.int64) if time is None else np.asarray(time, dtype=np.int64)
    ballots = _ballots(who, what, how, moments, least)
    if ballots is None:
        return []
    label = _connected(ballots, None if time is None else window)
    numbers, counts = np.unique(label, return_counts=True)
    return [_cluster(ballots, np.flatnonzero(label == number), time is not None) for number in numbers[counts >= size]]


def _suspect(found: Sequence[Cluster]) -> list[Cluster]:
    """Those larger than chance would have it, largest first."""
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
