"""From draws to figures: a 90 % interval for each idea, and its chance of being among the best k."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np

from innovation.rules.ranking.field import Array

DRAWS: Final = 2_000
TAIL: Final = 20
"""One draw in so many lies below the interval, and one above: 90 % are within."""
_CELLS: Final = 2_000_000
"""So many figures are drawn at once: memory stays small for many ideas."""
Sample: TypeAlias = Callable[[np.random.Generator, int], Array]


def generator(seed: int) -> np.random.Generator:
    """Chance that is the same for the same seed (>= 0)."""
    return np.random.Generator(np.random.PCG64(seed))


def simulate(sample: Sample, size: int, k: int, seed: int, count: int = DRAWS) -> tuple[Array, Array, Array]:
    """Low and high end of the 90 % interval, and the share of draws with the idea among the best ``k``; each of ``size``.

    ``sample(chance, m)`` makes m draws (m × size). The shares sum to the lesser of k and ``size``. Needs about 8 KB an idea.
    """
    if not size:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    chance, among = generator(seed), np.zeros(size, dtype=np.int64)
    kept = np.empty((count, size), dtype=np.float32)
    rows, k = max(1, _CELLS // size), min(max(k, 0), size)
    for begin in range(0, count, rows):
        drawn = sample(chance, min(rows, count - begin))
        kept[begin : begin + len(drawn)] = drawn
        if 0 < k < size:
            best = np.argpartition(drawn, size - k, axis=1)[:, size - k :]
            among += np.bincount(best.ravel(), minlength=size)
    tail = count // TAIL
    low, high = np.empty(size), np.empty(size)
    for begin in range(0, size, rows):
        columns = slice(begin, begin + rows)
        ordered = np.partition(np.ascontiguousarray(kept[:, columns].T), (tail, count - 1 - tail), axis=1)
        low[columns], high[columns] = ordered[:, tail], ordered[:, count - 1 - tail]
    return low, high, np.full(size, float(k == size)) if k in (0, size) else among / count
