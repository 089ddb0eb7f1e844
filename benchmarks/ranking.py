"""Speed of the rankings: ``python benchmarks/ranking.py`` prints the table of RESULTS.md.

The floor is what nobody can do without: numpy's sum by idea over the same million votes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np

from innovation.rules.ranking import (
    METHODS,
    Method,
    bradley_terry,
    field_of,
    fit_prior,
    fit_stars,
    groups,
    listing,
    lockstep,
    uncertainty,
)
from innovation.rules.ranking.field import Field

VOTES: Final = 1_000_000
IDEAS: Final = 10_000
PAIRED: Final = 1_000
GROUPS: Final = 20
VOTERS: Final = 10_000
ROUNDS: Final = 5


def seconds(act: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """The best of some rounds: what the machine's other work adds is left out."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> None:
    chance = np.random.Generator(np.random.PCG64(20))
    idea, value = chance.integers(0, IDEAS, VOTES), chance.integers(-1, 2, VOTES)
    floor = seconds(lambda: np.bincount(idea, value, IDEAS))
    print("| what | seconds | x floor |\n| --- | --- | --- |")

    def tell(what: str, act: Callable[[], Any], rounds: int = ROUNDS) -> None:
        taken = seconds(act, rounds)
        print(f"| {what} | {taken:.4f} | {taken / floor:.1f} |", flush=True)

    print(f"| floor: sum {VOTES:,} votes by idea | {floor:.4f} | 1.0 |")
    field = counted(idea, value, chance)
    tell(f"fit support's prior, {IDEAS:,} ideas", lambda: fit_prior(field.for_, field.views))
    tell(f"fit the stars' prior, {IDEAS:,} ideas", lambda: fit_stars(field.points, field.squares, field.voters))
    for method in METHODS.values():
        if method.name != "pairs":
            tell(f"score and order {IDEAS:,} ideas by {method.name}", partial(ordered, method, field))
    for name in METHODS:
        if name != "pairs":
            tell(f"interval and P(top 25) by {name}", partial(uncertainty, name, field, 25, 1), 2)
    pairs(tell, chance)
    parts = groups.parts_of(IDEAS, idea, chance.integers(0, GROUPS, VOTES), value > 0, np.ones(VOTES))
    tell(f"least without one of {GROUPS} groups", lambda: groups.least(parts, field.prior))
    tell(f"who carries an idea, {GROUPS} groups", lambda: groups.carried_by(parts, field.prior), 2)
    ids = list(range(IDEAS))
    tell(f"order the list of {IDEAS:,} ideas", lambda: listing.order(ids, field.for_, field.views, 1))
    for ideas in (60, IDEAS):
        voter, on = chance.integers(0, VOTERS, 20 * VOTERS), chance.integers(0, ideas, 20 * VOTERS)
        found = partial(lockstep.clusters, voter, on, np.ones(len(on)))
        tell(f"lockstep, {VOTERS:,} voters, {ideas:,} ideas", found, 1)


def ordered(method: Method, field: Field) -> Any:
    return np.argsort(-method.score(field))


def counted(idea: Any, value: Any, chance: np.random.Generator) -> Field:
    """The field of these votes; about as many people again looked and did not vote."""
    for_, against = (np.bincount(idea[value == sign], minlength=IDEAS) for sign in (1, -1))
    voters = for_ + against
    return field_of(
        IDEAS,
        for_=for_,
        against=against,
        views=voters + chance.poisson(voters),
        voters=voters,
        points=3 * for_ + against,
        squares=9 * for_ + against,
        least_for=for_ // 2,
        least_views=voters,
    )


def pairs(tell: Callable[..., None], chance: np.random.Generator) -> None:
    first = chance.integers(0, PAIRED, VOTES)
    second = (first + chance.integers(1, PAIRED, VOTES)) % PAIRED
    truth = chance.standard_normal(PAIRED)
    won = chance.random(VOTES) < 1 / (1 + np.exp(truth[second] - truth[first]))
    outcome = np.where(chance.random(VOTES) < 0.1, 0, np.where(won, 1, -1))
    tell(f"Bradley-Terry, {VOTES:,} pairs of {PAIRED:,}", lambda: bradley_terry.fit(PAIRED, first, second, outcome), 2)
    field = field_of(PAIRED, strengths=bradley_terry.fit(PAIRED, first, second, outcome))
    tell("interval and P(top 25) by pairs", lambda: uncertainty("pairs", field, 25, 1), 2)


if __name__ == "__main__":
    main()
