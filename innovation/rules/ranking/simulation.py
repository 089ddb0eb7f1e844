"""From draws to figures: a 90 % interval for each idea, and its chance of being among the best k."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

import numpy as np

from innovation.rules.ranking.field import Array

DRAWS: Final = 2_000
TAIL: Final = 20
"""One draw in so many lies below the interval, and one above: 90 % are within."""
_CELLS: Final = 2_000_000
"""So many figures are drawn at once: memory stays small for many ideas."""
Sample: TypeAlias = Callable[[np.random.Generator, int], Array]
"""``sample(chance, m)`` makes m draws (m × ideas)."""


def generator(seed: int) -> np.random.Generator:
    """Chance that is the same for the same seed (>= 0)."""
    return np.random.Generator(np.random.PCG64(seed))


def among(sample: Sample, size: int, k: int, seed: int, count: int = DRAWS) -> Array:
    """The share of draws with the idea among the best ``k``; each of ``size``, the sum is the lesser of both."""
    if not 0 < k < size:
        return np.full(size, float(k >= size))
    best = np.zeros(size)
    for drawn in _drawn(sample, size, seed, count):
        best += _best(drawn, k)
    return np.asarray(best / count)


def simulate(sample: Sample, size: int, k: int, seed: int, count: int = DRAWS) -> tuple[Array, Array, Array]:
    """Low and high end of the 90 % interval, and what `among` tells, from the same draws. Needs about 8 KB an idea."""
    if not size:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    best, done = np.zeros(size), 0
    kept = np.empty((count, size), dtype=np.float32)
    for drawn in _drawn(sample, size, seed, count):
        kept[done : done + len(drawn)] = drawn
        done += len(drawn)
        if 0 < k < size:
            best += _best(drawn, k)
    tail, columns = count // TAIL, max(1, _CELLS // count)
    low, high = np.empty(size), np.empty(size)
    for begin in range(0, size, columns):
        some = slice(begin, begin + columns)
        ordered = np.partition(np.ascontiguousarray(kept[:, some].T), (tail, count - 1 - tail), axis=1)
        low[some], high[some] = ordered[:, tail], ordered[:, count - 1 - tail]
    return low, high, best / count if 0 < k < size else np.full(size, float(k >= size))


def _drawn(sample: Sample, size: int, seed: int, count: int) -> Iterator[Array]:
    """All draws, some at a time."""
    chance, rows = generator(seed), max(1, _CELLS // size)
    for begin in range(0, count, rows):
        yield sample(chance, min(rows, count - begin))


def _best(drawn: Array, k: int) -> Array:
    """In how many of these draws each idea is among the best k; those that are equal at the line share the places there."""
    size = drawn.shape[1]
    top = np.argpartition(drawn, size - k, axis=1)[:, size - k :]
    times = np.bincount(top.ravel(), minlength=size).astype(np.float64)
    line = np.take_along_axis(drawn, top, axis=1).min(axis=1, keepdims=True)
    level, above = drawn == line, drawn > line
    tied = np.flatnonzero(np.count_nonzero(level, axis=1) + np.count_nonzero(above, axis=1) > k)
    if len(tied):
        places = k - np.count_nonzero(above[tied], axis=1, keepdims=True)
        shared = level[tied] * (places / np.count_nonzero(level[tied], axis=1, keepdims=True))
        times += (above[tied] + shared).sum(axis=0) - np.bincount(top[tied].ravel(), minlength=size)
    return times
