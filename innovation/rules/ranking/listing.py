"""The order in which ideas are offered while voting is open: part of the method, for what is never seen is never chosen.

Thompson order: draw ``Beta(1 + U, 1 + V - U)`` for every idea and sort, best first; every third place goes to an idea below
the floor of views, oldest first. Source: Thompson 1933; Russo and others 2018; why popular-first lists go wrong: Salganik,
Dodds, Watts 2006. Ties: the lower id. Missing: an idea nobody saw draws from the uniform. Complexity: O(n log n).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from innovation.rules.ranking.chance import betas, seed_of
from innovation.rules.ranking.field import Column

__all__ = ["order", "personal", "seed_of"]

FLOOR: Final = 10
_EVERY: Final = 3


def order(
    ids: Sequence[int], for_: Column, views: Column, seed: int, floor: int = FLOOR, submitted: Column | None = None
) -> list[int]:
    """The ids in the order of one list. The same seed gives the same order, and one that changes little as votes come in.

    Args:
        ids: different whole numbers >= 0; ``for_``, ``views`` and ``submitted`` are columns beside them.
        seed: of a person and a phase (`seed_of`).
        submitted: when each came in, in any unit that grows; absent, the lower id is the older.
    """
    number = np.asarray(ids, dtype=np.int64)
    approved = np.asarray(for_, dtype=np.float64)
    seen = np.maximum(np.asarray(views, dtype=np.float64), approved)
    drawn = betas(seed, number, 1 + approved, 1 + seen - approved)
    best = number[np.lexsort((number, -drawn))].tolist()
    below = np.flatnonzero(seen < floor)
    age = number if submitted is None else np.asarray(submitted)
    waiting = number[below[np.lexsort((number[below], age[below]))]].tolist()
    return _with_waiting(best, waiting)


def _with_waiting(best: list[int], waiting: list[int]) -> list[int]:
    """``best`` with every third place given to the first of ``waiting`` that has none yet."""
    placed: dict[int, None] = {}
    thompson, oldest = iter(best), iter(waiting)
    while len(placed) < len(best):
        source = oldest if len(placed) % _EVERY == _EVERY - 1 else thompson
        chosen = next((idea for idea in source if idea not in placed), None)
        if chosen is None:
            chosen = next(idea for idea in thompson if idea not in placed)
        placed[chosen] = None
    return list(placed)


def personal(offered: Sequence[int], seen: Sequence[int]) -> list[int]:
    """A person's list: what they have not seen, as ``offered``; then the rest, as in ``seen``: it keeps its place there.

    New ideas stand in ``offered`` and so among the unseen; an idea that is no longer offered is left out.
    """
    known, there = set(seen), set(offered)
    return [idea for idea in offered if idea not in known] + [idea for idea in dict.fromkeys(seen) if idea in there]
