"""A million votes on 10,000 ideas: ``python benchmarks/voting.py [--postgres URL]`` prints the table of RESULTS.md.

It runs on SQLite in a new folder and, where ``--postgres`` or ``DATABASE_URL`` names one, on an empty database of
PostgreSQL, which it fills. The floors are two statements that nobody can do without: counts and sums by idea, and by idea
and group, every row fetched. Each figure stands beside the floor that was measured in the same run; figures that are
compared with each other are taken in turns, and the best of some rounds counts: it leaves out what else the machine does.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np
from sqlalchemy import select, text

from benchmarks import made_vote
from innovation.app import create_app
from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel import clock, migrate
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.rules.ranking import METHODS, Field, field_of, fit_prior, fit_stars, groups, uncertainty
from innovation.settings import Settings
from innovation.voting import queries, service
from innovation.voting.models import Tally
from innovation.voting.service import measuring
from tests.conftest import counting
from tests.support.world import World

IDEAS: Final = 10_000
FEW: Final = 10
CHOSEN: Final = 25
ROUNDS: Final = 3
VOTERS: Final = 100
BY_IDEA: Final = "SELECT idea_id, COUNT(*), SUM(value) FROM vote GROUP BY idea_id"
BY_GROUP: Final = "SELECT idea_id, group_key, COUNT(*), SUM(value) FROM vote GROUP BY idea_id, group_key"
UNCOUNTED: Final = {"pairs", "support_least", "panel", "mix"}
"""Methods that a tally does not tell: they rest on comparisons, on groups, on scores."""


def main() -> None:
    parser = argparse.ArgumentParser(description="A million votes on 10,000 ideas.")
    parser.add_argument("--postgres", default=os.environ.get("DATABASE_URL", ""), help="address of an empty database")
    parser.add_argument("--only-postgres", action="store_true", help="leave SQLite out")
    chosen = parser.parse_args()
    for url in ([] if chosen.only_postgres else [""]) + ([chosen.postgres] if chosen.postgres else []):
        with tempfile.TemporaryDirectory() as folder:
            run(Settings(home=Path(folder), database_url=url, secret_key="x", testing=True, rate_limits=False))


def run(settings: Settings) -> None:
    """One table: everything on one database."""
    app = create_app(settings)
    with app.app_context():
        migrate.upgrade()
        world = World(app)
        made = {count: made_vote.challenge_with(world, count) for count in (FEW, IDEAS)}
        challenge, ideas = made[IDEAS]
        votes = made_vote.write(challenge.id, ideas)
        print(f"\n| {votes:,} votes, {IDEAS:,} ideas, {db.engine.dialect.name} | seconds | x floor |\n| --- | --- | --- |")
        of_ideas(challenge.id)
        of_groups(challenge.id)
        in_the_background(challenge.id)
        print("\n| what | statements | ms | x |\n| --- | --- | --- | --- |")
        casting(world, {count: ideas for count, (_, ideas) in made.items()})
        offering(world, {count: challenge for count, (challenge, _) in made.items()})
        db.session.remove()
        db.engine.dispose()


def in_turns(acts: Mapping[str, Callable[[], Any]]) -> dict[str, float]:
    """The best of some rounds of each, in seconds."""
    best = dict.fromkeys(acts, float("inf"))
    for _, (name, act) in itertools.product(range(ROUNDS), acts.items()):
        begun = time.perf_counter()
        act()
        best[name] = min(best[name], time.perf_counter() - begun)
        db.session.rollback()
    return best


def tell(times: Mapping[str, float]) -> None:
    """A row for each; the first is the floor of the others."""
    floor = next(iter(times.values()))
    for name, seconds in times.items():
        print(f"| {name} | {seconds:.3f} | {seconds / floor:.2f} |", flush=True)


def fetched(statement: str) -> None:
    db.session.execute(text(statement)).all()


# --- counted from tallies, and by group ---------------------------------------------------------------------------


def of_ideas(challenge_id: int) -> None:
    acts: dict[str, Callable[[], Any]] = {"floor: `GROUP BY` idea": partial(fetched, BY_IDEA)}
    for name in METHODS:
        if name not in UNCOUNTED:
            acts[f"read tallies, fit, score and order by {name}"] = partial(ordered, challenge_id, name)
    tell(in_turns(acts))


def ordered(challenge_id: int, method: str) -> list[int]:
    """The ids of a challenge's ideas, best first, from its tallies."""
    ids, field = counted(challenge_id)
    order = np.lexsort((ids, -METHODS[method].score(field)))
    return [int(idea_id) for idea_id in ids[order]]


def counted(challenge_id: int) -> tuple[np.ndarray[Any, Any], Field]:
    """A challenge's tallies as the methods read them, with both priors fitted."""
    rows = db.session.execute(
        select(Tally.idea_id, Tally.for_count, Tally.against_count, Tally.seen, Tally.value_sum, Tally.square_sum)
        .join(Idea, Idea.id == Tally.idea_id)
        .where(Idea.challenge_id == challenge_id)
    ).all()
    ids, for_, against, seen, points, squares = np.array([tuple(row) for row in rows], dtype=np.int64).T
    voters = for_ + against
    views = np.maximum(seen, voters)
    prior, stars = fit_prior(for_, views), fit_stars(points, squares, voters)
    field = field_of(
        len(ids),
        for_=for_,
        against=against,
        views=views,
        voters=voters,
        points=points,
        squares=squares,
        prior=prior,
        stars=stars,
    )
    return ids, field


def of_groups(challenge_id: int) -> None:
    tell(
        in_turns(
            {
                "floor: `GROUP BY` idea and group": partial(fetched, BY_GROUP),
                "read votes and views by idea, group and side": partial(measuring.gather, challenge_id),
                "the same, scored by the least without any one group and ordered": partial(least, challenge_id),
            }
        )
    )


def least(challenge_id: int) -> list[int]:
    """The ids of a challenge's ideas, best first by the least support without any one group."""
    votes = measuring.gather(challenge_id)
    parts = groups.parts_of(len(votes.ideas), votes.idea, votes.group, votes.counts["for"], votes.counts["views"])
    score = groups.least(parts, fit_prior(*parts.totals())).score
    return [votes.ideas[n] for n in np.lexsort((np.asarray(votes.ideas), -score))]


def in_the_background(challenge_id: int) -> None:
    """What the run's own job does, once; and each method's intervals apart."""
    votes = measuring.gather(challenge_id)
    db.session.rollback()
    _, field = counted(challenge_id)
    db.session.rollback()
    for name in measuring.methods_of(votes.ballot):
        row(f"intervals and P(top {CHOSEN}) by {name}", partial(uncertainty, name, field, CHOSEN, 1))
    figures = row("everything that is measured, all methods", partial(measuring.compute, votes, CHOSEN))
    what = f"store {len(figures.standings):,} standings"
    row(what, partial(measuring.store, actor=house(Origin.CLOCK), challenge_id=challenge_id, figures=figures))


def row(what: str, act: Callable[[], Any]) -> Any:
    """One act, and in brackets the processor's time of this process alone: it leaves out what else the machine does."""
    begun, worked = time.perf_counter(), time.process_time()
    made = act()
    print(f"| {what} | {time.perf_counter() - begun:.3f} ({time.process_time() - worked:.3f}) | |", flush=True)
    return made


# --- what a person waits for --------------------------------------------------------------------------------------


def casting(world: World, ideas: Mapping[int, list[int]]) -> None:
    """First votes and changed ones, of one person after another, in both challenges by turns."""
    crowd = world.crowd(VOTERS)
    named = {count: db.session.scalar(select(Idea.public_id).where(Idea.id == ids[0])) or "" for count, ids in ideas.items()}
    db.session.rollback()
    for what, value in (("cast", 1), ("change", -1)):
        times: dict[int, list[float]] = {count: [] for count in named}
        statements = {}
        for who, (count, name) in itertools.product(crowd, named.items()):
            with counting() as seen:
                begun = time.perf_counter()
                vote(who, name, value)
                times[count].append(time.perf_counter() - begun)
            statements[count] = len(seen)
        compared(f"{what} a vote", times, statements)


def vote(who: Actor, public_id: str, value: int) -> None:
    """As the door does it: the paper is read under the locks."""
    with transaction():
        paper = queries.ballot_paper(who, public_id)
        assert paper is not None
        service.cast(actor=who, paper=paper, value=value)


def offering(world: World, challenges: Mapping[int, Challenge]) -> None:
    """The first page of the list, in a person's own order, for somebody who has seen nothing yet."""
    service.renew_orders(actor=house(Origin.CLOCK))
    crowd = world.crowd(20)
    times: dict[int, list[float]] = {count: [] for count in challenges}
    statements = {}
    for who, (count, challenge) in itertools.product(crowd, challenges.items()):
        with counting() as seen:
            begun = time.perf_counter()
            page(who, challenge)
            times[count].append(time.perf_counter() - begun)
        statements[count] = len(seen)
        world.anew()
    compared("offer a page of ideas", times, statements)


def page(who: Actor, challenge: Challenge) -> None:
    found = queries.offer(who, challenge, clock.now(), judged=False, cursor=None)
    assert found.page.items


def compared(what: str, times: Mapping[int, list[float]], statements: Mapping[int, int]) -> None:
    """A row per number of ideas: the median, and how many times that of the fewest it is."""
    floor = statistics.median(next(iter(times.values())))
    for count, taken in times.items():
        median = statistics.median(taken)
        print(f"| {what}, {count:,} ideas | {statements[count]} | {median * 1000:.2f} | {median / floor:.2f} |", flush=True)


if __name__ == "__main__":
    main()
