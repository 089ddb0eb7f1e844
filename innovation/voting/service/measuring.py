"""Measuring a vote that is over: what was fitted, every idea's standing under every method, and what a rule may ask.

Reading and computing hold no lock; the figures are stored rounded, in one transaction. Measuring the same votes again
gives the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, and_, case, cast, delete, func, select

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, insert_many, upsert
from innovation.kernel.usecase import AT_LOCK, in_transaction, use_case
from innovation.rules.ballot import KINDS, Ballot
from innovation.rules.idea import IN_THE_RUNNING
from innovation.rules.ranking import (
    METHODS,
    Field,
    Strengths,
    bradley_terry,
    field_of,
    fit_prior,
    fit_stars,
    groups,
    uncertainty,
)
from innovation.rules.ranking.listing import seed_of
from innovation.voting.models import BallotRow, Comparison, Fit, Measured, Standing, View, Vote
from innovation.voting.queries.groups import UNVERIFIED

INSIDE = "staff"
SMALLEST_GROUP = 5
"""A figure about fewer people than this would say how they voted."""

_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Votes:
    """The votes of one challenge, read: its ideas, oldest first, and a row of counts per idea, group and side.

    A row of ``pairs`` is a comparison: its two ideas, what was said, and whether an unverified person said it.
    """

    challenge_id: int
    public_id: str
    ballot: str
    ideas: Sequence[int]
    keys: Sequence[str]
    idea: np.ndarray[Any, Any]
    group: np.ndarray[Any, Any]
    inside: np.ndarray[Any, Any]
    counts: Mapping[str, np.ndarray[Any, Any]]
    pairs: np.ndarray[Any, Any]


def measure(*, actor: Actor, challenge_id: int, k: int) -> None:
    """Compute and store the standings of a challenge whose votes are in.

    Args:
        k: how many are chosen, for the chance of being among them.
    """
    votes = gather(challenge_id)
    if not in_transaction():
        db.session.rollback()  # nothing is held open while this computes
    if votes.ideas:
        store(actor=actor, challenge_id=challenge_id, figures=compute(votes, k))


def gather(challenge_id: int) -> Votes:
    """Read everything that measuring rests on: four queries."""
    public_id, ballot = db.session.execute(
        select(Challenge.public_id, Challenge.ballot).where(Challenge.id == challenge_id)
    ).one()
    ideas = db.session.scalars(
        select(Idea.id)
        .where(Idea.challenge_id == challenge_id, Idea.state.in_(IN_THE_RUNNING))
        .order_by(Idea.submitted_at, Idea.id)
    ).all()
    place = {idea_id: number for number, idea_id in enumerate(ideas)}
    keys, counts = _counted(challenge_id, ballot, place)
    removed = select(BallotRow.id).where(
        BallotRow.challenge_id == challenge_id,
        BallotRow.person_id == Comparison.person_id,
        BallotRow.removed_at.is_not(None),
    )
    pairs = [
        (place[first], place[second], preferred, key == UNVERIFIED)
        for first, second, preferred, key in db.session.execute(
            select(Comparison.first_id, Comparison.second_id, Comparison.preferred, Comparison.group_key).where(
                Comparison.challenge_id == challenge_id, ~removed.exists()
            )
        )
        if first in place and second in place
    ]
    return Votes(
        challenge_id=challenge_id,
        public_id=public_id,
        ballot=ballot,
        ideas=ideas,
        keys=keys,
        idea=counts.pop("idea"),
        group=counts.pop("group"),
        inside=counts.pop("inside").astype(bool),
        counts=counts,
        pairs=np.array(pairs, dtype=np.int64).reshape(-1, 4),
    )


def _counted(challenge_id: int, ballot: str, place: Mapping[int, int]) -> tuple[list[str], dict[str, np.ndarray[Any, Any]]]:
    """Views, and the votes of those who viewed, by idea, group and side: the groups' keys in order, and columns by name."""
    # Not the comparison itself: for who has no circle it is neither true nor false, and that would be a third side.
    side = (View.circle == INSIDE).is_(True)
    plain = KINDS[Ballot(ballot)].most in (0, 1)
    # Where no vote is above one its sums follow from the counts. PostgreSQL sums BIGINTs to a NUMERIC, which would come as a
    # Decimal: slow by the hundred thousand.
    sums = [] if plain else [Vote.value, Vote.value * Vote.value]
    statement = (
        select(
            View.idea_id,
            View.group_key,
            side,
            func.count(),
            func.count(case((Vote.value > 0, 1))),
            func.count(case((Vote.value < 0, 1))),
            *(cast(func.coalesce(func.sum(amount), 0), BigInteger) for amount in sums),
        )
        .join(Idea, Idea.id == View.idea_id)
        # No vote is below -1: SQLite is told so to read the index that holds a vote's value, instead of each vote's row.
        .outerjoin(Vote, and_(Vote.idea_id == View.idea_id, Vote.person_id == View.person_id, Vote.value >= -1))
        .where(Idea.challenge_id == challenge_id, Idea.state.in_(IN_THE_RUNNING))
        .group_by(View.idea_id, View.group_key, side)
    )
    number: dict[str, int] = {}
    parts = [np.empty((6 + len(sums), 0), dtype=np.int64)]
    # Past the session, which would handle each of what may be hundreds of thousands of rows once more; some at a time, or
    # the garbage collector would look at all of them again and again.
    for rows in db.session.connection().execute(statement).partitions(_AT_ONCE):
        ideas, keys, *columns = zip(*rows, strict=True)
        named = [place[idea_id] for idea_id in ideas], [number.setdefault(key, len(number)) for key in keys]
        parts.append(np.array([*named, *columns], dtype=np.int64))
    idea, group, inside, views, for_, against, *rest = np.concatenate(parts, axis=1)
    points, squares = rest or (for_ - against, for_ + against)
    order = np.argsort(list(number))
    counts = {"idea": idea, "group": np.argsort(order)[group], "inside": inside, "views": views, "for": for_}
    counts |= {"against": against, "points": points, "squares": squares, "voters": for_ + against}
    return sorted(number), counts


@dataclass(frozen=True, slots=True)
class Figures:
    """What is stored: the challenge's fitted parameters, and per idea its raw measures and its rows of standings."""

    fitted: dict[str, Any]
    raw: dict[int, dict[str, int]]
    standings: list[dict[str, Any]]


def compute(votes: Votes, k: int) -> Figures:
    """Every figure of a vote, from counts alone; nothing is read or written."""
    counts = _capped(votes)
    size = len(votes.ideas)
    sums = {name: _per_idea(votes, column) for name, column in counts.items()}
    inner = {name: _per_idea(votes, column * votes.inside) for name, column in counts.items()}
    prior = fit_prior(sums["for"], sums["views"])
    stars = fit_stars(sums["points"], sums["squares"], sums["voters"])
    parts = groups.parts_of(size, votes.idea, votes.group, counts["for"], counts["views"])
    least = groups.least(parts, prior)
    pairs = _pairs(votes) if votes.ballot == Ballot.PAIRS else None
    strengths = None if pairs is None else pairs.strengths
    field = field_of(
        size,
        for_=sums["for"],
        against=sums["against"],
        views=sums["views"],
        voters=sums["voters"],
        points=sums["points"],
        squares=sums["squares"],
        least_for=least.for_,
        least_views=least.views,
        prior=prior,
        stars=stars,
        strengths=strengths,
    )
    raw = _raw(votes, sums, inner, least.score, pairs)
    fitted = {
        "prior_for_micro": prior.a_micro,
        "prior_against_micro": prior.b_micro,
        "stars_mean_micro": stars.mean_micro,
        "stars_weight_micro": stars.weight_micro,
    }
    seed = seed_of(votes.public_id, repr(sorted(raw.items())))
    return Figures(fitted | {"k": k}, raw, _standings(votes, field, parts, inner, sums, k, seed))


def _capped(votes: Votes) -> dict[str, np.ndarray[Any, Any]]:
    """The counts with those of unverified people cut, idea by idea, as `groups.capped` cuts their votes and views."""
    if UNVERIFIED not in votes.keys:
        return dict(votes.counts)
    unverified = votes.keys.index(UNVERIFIED)
    theirs = votes.group == unverified
    if theirs.all():
        return dict(votes.counts)
    verified = _per_idea(votes, votes.counts["views"] * ~theirs)[votes.idea]
    most = np.minimum(votes.counts["views"], verified * groups.CAP_PERCENT // 100)
    seen = np.maximum(votes.counts["views"], 1)
    return {name: np.where(theirs, column * most // seen, column) for name, column in votes.counts.items()}


def _per_idea(votes: Votes, column: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    total = np.zeros(len(votes.ideas), dtype=np.int64)
    np.add.at(total, votes.idea, column)
    return total


@dataclass(frozen=True, slots=True)
class _Pairs:
    """What follows from the comparisons, those of unverified people cut as `groups.capped_pairs` cuts them."""

    strengths: Strengths
    records: bradley_terry.Records


def _pairs(votes: Votes) -> _Pairs:
    first, second, preferred, unverified = votes.pairs.T
    size, weight = len(votes.ideas), groups.capped_pairs(len(votes.ideas), first, second, unverified.astype(bool))
    return _Pairs(
        bradley_terry.fit(size, first, second, preferred, weight),
        bradley_terry.records(size, first, second, preferred, weight),
    )


def _raw(votes: Votes, sums: Any, inner: Any, least: Any, pairs: _Pairs | None) -> dict[int, dict[str, int]]:
    found = {}
    for n, idea_id in enumerate(votes.ideas):
        raw = {name: int(sums[name][n]) for name in ("for", "against", "voters", "views", "points")}
        if pairs is not None:
            won, lost, times = (int(column[n]) for column in (pairs.records.won, pairs.records.lost, pairs.records.times))
            raw |= {"for": won, "against": lost, "voters": times}
            raw["pairs_micro"] = round(float(pairs.strengths.theta[n]) * 1_000_000)
        for name in ("for", "views", "voters"):
            raw |= {f"{name}_internal": int(inner[name][n]), f"{name}_external": int(sums[name][n] - inner[name][n])}
        found[idea_id] = raw | {"support_least_micro": round(float(least[n]) * 1_000_000)}
    return found


def methods_of(ballot: str) -> list[str]:
    """The methods that make sense of a ballot, its own first."""
    return [name for name, method in METHODS.items() if Ballot(ballot) in method.ballots]


def _standings(
    votes: Votes, field: Field, parts: groups.Parts, inner: Any, sums: Any, k: int, seed: int
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for method in methods_of(votes.ballot):
        found = uncertainty(method, field, k, seed)
        figures = _extra(votes, field, parts, inner, sums) if method == "support" else [{}] * len(votes.ideas)
        order = np.lexsort((np.arange(len(votes.ideas)), -field.views, -np.round(found.score, 6)))
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(1, len(order) + 1)
        for n, (score, low, high, top) in enumerate(found.micro()):
            rows.append(
                {
                    "challenge_id": votes.challenge_id,
                    "method": method,
                    "idea_id": votes.ideas[n],
                    "place": int(place[n]),
                    "score_micro": score,
                    "low_micro": low,
                    "high_micro": high,
                    "top_micro": top,
                    "figures": figures[n],
                }
            )
    return rows


def _extra(votes: Votes, field: Field, parts: groups.Parts, inner: Any, sums: Any) -> list[dict[str, Any]]:
    """Both sides, and the group that carries an idea; nothing about fewer people than `SMALLEST_GROUP`."""
    outer = {name: sums[name] - inner[name] for name in ("for", "views")}
    sides = groups.both_sides(inner["for"], inner["views"], outer["for"], outer["views"], field.prior)
    carried = groups.carried_by(parts, field.prior)
    theirs = parts.group == carried.group[parts.idea]
    carriers = np.zeros(len(votes.ideas), dtype=np.int64)
    carriers[parts.idea[theirs]] = parts.views[theirs]
    rows: list[dict[str, Any]] = []
    for n in range(len(votes.ideas)):
        row: dict[str, Any] = {}
        if min(inner["views"][n], outer["views"][n]) >= SMALLEST_GROUP:
            row |= {
                "internal_micro": round(float(sides.internal[n]) * 1_000_000),
                "external_micro": round(float(sides.external[n]) * 1_000_000),
                "both": bool(sides.both[n]),
            }
        group = int(carried.group[n])
        if carriers[n] >= SMALLEST_GROUP:
            row |= {"carried_by": votes.keys[group], "without_place": int(carried.without[n])}
        rows.append(row)
    return rows


@use_case(None)
def store(*, actor: Actor, challenge_id: int, figures: Figures, now: datetime = AT_LOCK) -> None:
    """Put the figures of a challenge in the place of earlier ones."""
    fit = upsert(Fit).values(challenge_id=challenge_id, figures=figures.fitted, made_at=now)
    values = {"figures": figures.fitted, "made_at": now}
    db.session.execute(fit.on_conflict_do_update(index_elements=["challenge_id"], set_=values))
    db.session.execute(delete(Standing).where(Standing.challenge_id == challenge_id))
    db.session.execute(
        delete(Measured).where(Measured.idea_id.in_(select(Idea.id).where(Idea.challenge_id == challenge_id)))
    )
    insert_many(Standing, figures.standings)
    insert_many(Measured, [{"idea_id": idea_id, "raw": raw} for idea_id, raw in figures.raw.items()])
