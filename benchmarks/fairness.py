"""Is the best found? ``python benchmarks/fairness.py`` prints the table of RESULTS.md; the seeds are fixed.

The world: 60 ideas, each with a quality drawn from Beta(2, 3), the chance that a reader supports it. Two thirds are there
when voting opens, one third comes in at moments spread evenly over the first half of the voters. 500 voters come one after
another, once each. A voter reads the list from the top and after each idea goes on with a fixed chance, the patience
(position bias; the usual .8 of rank-biased precision, Moffat, Zobel 2008: five ideas on average, the first by everybody),
and supports what was read with its quality's chance. Lists are made anew after every ten voters. Nobody is swayed by what
others said. More patient readers follow in the table: who reads the whole list needs no fair order.

Precision@5: how many of the five ideas a ranking puts first are among the five of greatest quality, on average.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np

from innovation.rules.ranking import field_of, fit_prior, listing, support
from innovation.rules.ranking.field import Array, Whole

IDEAS: Final = 60
VOTERS: Final = 500
LATE: Final = 20
PATIENCE: Final = 0.8
MORE_PATIENT: Final = (0.9, 0.95)
EVERY: Final = 10
BEST: Final = 5
WORLDS: Final = 60

Listing: TypeAlias = Callable[[Sequence[int], Whole, Whole, int], list[int]]
Ranking: TypeAlias = Callable[[Whole, Whole], Array]


def popular_first(ids: Sequence[int], for_: Whole, views: Whole, seed: int) -> list[int]:
    """Most votes first, the older first among equals; the same for everybody."""
    return sorted(ids, key=lambda idea: (-for_[idea], idea))


def newest_first(ids: Sequence[int], for_: Whole, views: Whole, seed: int) -> list[int]:
    return sorted(ids, reverse=True)


def default_order(ids: Sequence[int], for_: Whole, views: Whole, seed: int) -> list[int]:
    """The product's own order, with a seed of the voter's."""
    there = list(ids)
    return listing.order(there, for_[there], views[there], seed)


def raw_votes(for_: Whole, views: Whole) -> Array:
    return for_.astype(np.float64)


def default_method(for_: Whole, views: Whole) -> Array:
    """The product's own default, fitted to this world."""
    return support.score(field_of(len(for_), for_=for_, views=views, prior=fit_prior(for_, views)))


def vote(seed: int, listing_: Listing, patience: float = PATIENCE) -> tuple[Array, Whole, Whole]:
    """One world: (quality, votes for, views) of its ideas when all have voted."""
    chance = np.random.Generator(np.random.PCG64(seed))
    quality = chance.beta(2, 3, IDEAS)
    comes = np.concatenate([np.zeros(IDEAS - LATE), np.linspace(1, VOTERS // 2, LATE)])
    for_, views = np.zeros(IDEAS, dtype=np.int64), np.zeros(IDEAS, dtype=np.int64)
    for voter in range(VOTERS):
        if voter % EVERY == 0:
            known_for, known_views = for_.copy(), views.copy()
        there = np.flatnonzero(comes <= voter).tolist()
        offered = listing_(there, known_for, known_views, listing.seed_of(str(seed), str(voter)))
        read = np.asarray(offered[: chance.geometric(1 - patience)])
        views[read] += 1
        for_[read] += chance.random(len(read)) < quality[read]
    return quality, for_, views


def precision(quality: Array, scores: Array) -> float:
    """The share of the ``BEST`` by score (the older among equals) that are the ``BEST`` by quality."""
    best = set(np.argsort(-quality, kind="stable")[:BEST].tolist())
    return len(best & set(np.argsort(-scores, kind="stable")[:BEST].tolist())) / BEST


LISTINGS: Final[dict[str, Listing]] = {
    "popular first": popular_first,
    "newest first": newest_first,
    "default order": default_order,
}
RANKINGS: Final[dict[str, Ranking]] = {"raw votes": raw_votes, "default method": default_method}


def table(seeds: Sequence[int], patience: float = PATIENCE) -> dict[tuple[str, str], float]:
    """Mean precision@5 by listing and ranking."""
    found: dict[tuple[str, str], list[float]] = {(how, by): [] for how in LISTINGS for by in RANKINGS}
    for seed in seeds:
        for how, listing_ in LISTINGS.items():
            quality, for_, views = vote(seed, listing_, patience)
            for by, ranking in RANKINGS.items():
                found[how, by].append(precision(quality, ranking(for_, views)))
    return {key: float(np.mean(values)) for key, values in found.items()}


def main() -> None:
    print(f"precision@{BEST}, mean of {WORLDS} worlds of {IDEAS} ideas and {VOTERS} voters\n")
    print("| patience | list | " + " | ".join(RANKINGS) + " |")
    print("| --- | --- | " + " | ".join("---" for _ in RANKINGS) + " |")
    for patience in (PATIENCE, *MORE_PATIENT):
        found = table(range(WORLDS), patience)
        for how in LISTINGS:
            print(f"| {patience} | {how} | " + " | ".join(f"{found[how, by]:.2f}" for by in RANKINGS) + " |")


if __name__ == "__main__":
    main()
