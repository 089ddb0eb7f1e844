"""The counts of ideas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from innovation.ideas.models import Idea
from innovation.kernel.db import db
from innovation.voting.models import BallotRow, Comparison, ImportedTally, Measured, Poll, Tally, View, Vote


@dataclass(frozen=True, slots=True)
class Totals:
    """An idea's counts. ``voters`` and ``seen`` are None where a poll held elsewhere did not say."""

    for_weight: int
    against_weight: int
    voters: int | None
    unit: str | None = None
    points: int | None = None
    seen: int | None = None


def totals(idea_ids: Iterable[int]) -> dict[int, Totals]:
    """Counts by idea id: those of a poll held elsewhere where there was one, else of the votes cast here."""
    wanted = list(idea_ids)
    if not wanted:
        return {}
    found = {
        t.idea_id: Totals(
            t.for_weight,
            t.against_weight,
            t.for_count + t.against_count,
            points=t.value_sum,
            seen=max(t.seen, t.for_count + t.against_count),
        )
        for t in db.session.scalars(select(Tally).where(Tally.idea_id.in_(wanted)))
    }
    missing = [idea_id for idea_id in wanted if idea_id not in found]
    if not missing:
        return found
    rows = db.session.execute(
        select(ImportedTally, Poll.unit)
        .join(Poll, Poll.id == ImportedTally.poll_id)
        .where(ImportedTally.idea_id.in_(missing))
    )
    for tally, unit in rows:
        found[tally.idea_id] = Totals(tally.for_weight, tally.against_weight, tally.voters, unit)
    return found


def compared(idea_ids: Iterable[int]) -> dict[int, int]:
    """How often each of some ideas was compared with another one, "cannot say" included, in a vote that was measured.

    Meant for a page of ideas that few people voted on: it reads every comparison of theirs.
    """
    wanted = list(idea_ids)
    found = dict.fromkeys(wanted, 0)
    removed = select(BallotRow.id).where(
        BallotRow.challenge_id == Comparison.challenge_id,
        BallotRow.person_id == Comparison.person_id,
        BallotRow.removed_at.is_not(None),
    )
    counted = select(Measured.idea_id)
    for column, other in ((Comparison.first_id, Comparison.second_id), (Comparison.second_id, Comparison.first_id)):
        of_these = select(column, func.count()).where(column.in_(wanted), other.in_(counted), ~removed.exists())
        for idea_id, times in db.session.execute(of_these.group_by(column)):
            found[idea_id] += int(times)
    return found


def polls(challenge_ids: Iterable[int]) -> dict[int, Poll]:
    """Polls held elsewhere, by challenge id."""
    rows = db.session.scalars(select(Poll).where(Poll.challenge_id.in_(list(challenge_ids))))
    return {poll.challenge_id: poll for poll in rows}


def turnout(challenge_id: int) -> int:
    """How many people have a ballot in a challenge, those whose votes were removed aside."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(BallotRow)
            .where(BallotRow.challenge_id == challenge_id, BallotRow.removed_at.is_(None))
        )
        or 0
    )


def kept(challenge_id: int) -> dict[int, tuple[int, ...]]:
    """The tallies as they are kept, in the form of :func:`recount`."""
    rows = db.session.scalars(select(Tally).join(Idea, Idea.id == Tally.idea_id).where(Idea.challenge_id == challenge_id))
    return {row.idea_id: tuple(getattr(row, name) for name in _COUNTS) for row in rows}


_COUNTS = ("for_count", "against_count", "for_weight", "against_weight", "value_sum", "square_sum", "seen")


def wrong_tallies() -> list[str]:
    """The public ids of ideas whose tally is not what a recount gives, challenge by challenge; empty when all is well."""
    wrong: list[int] = []
    for challenge_id in db.session.scalars(select(Idea.challenge_id).distinct().order_by(Idea.challenge_id)).all():
        counted, held, nothing = recount(challenge_id), kept(challenge_id), (0,) * len(_COUNTS)
        wrong += [
            idea_id for idea_id in sorted({*counted, *held}) if counted.get(idea_id, nothing) != held.get(idea_id, nothing)
        ]
    names = {row.id: row.public_id for row in db.session.execute(select(Idea.id, Idea.public_id).where(Idea.id.in_(wrong)))}
    return [names[idea_id] for idea_id in wrong]


def recount(challenge_id: int) -> dict[int, tuple[int, ...]]:
    """What the tallies must be, counted from votes, comparisons and views.

    Returns:
        idea id → (for, against, weight for, weight against, value sum, square sum, seen).
    """

    def total(condition: ColumnElement[bool], amount: Any) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, amount), else_=0)), 0)

    found: dict[int, list[int]] = {}
    votes = (
        select(
            Vote.idea_id,
            total(Vote.value > 0, 1),
            total(Vote.value < 0, 1),
            total(Vote.value > 0, Vote.weight),
            total(Vote.value < 0, Vote.weight),
            func.sum(Vote.weight * Vote.value),
            func.sum(Vote.weight * Vote.value * Vote.value),
        )
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Idea.challenge_id == challenge_id)
        .group_by(Vote.idea_id)
    )
    for row in db.session.execute(votes):
        found[row[0]] = [*(int(value) for value in row[1:]), 0]
    for each in db.session.scalars(select(Comparison).where(Comparison.challenge_id == challenge_id)):
        for idea_id, won in ((each.first_id, each.preferred == 1), (each.second_id, each.preferred == -1)):
            counts = found.setdefault(idea_id, [0] * 7)
            for place in (0, 2) if won else (1, 3) if each.preferred else ():
                counts[place] += 1
    seen = (
        select(View.idea_id, func.count())
        .join(Idea, Idea.id == View.idea_id)
        .where(Idea.challenge_id == challenge_id)
        .group_by(View.idea_id)
    )
    for idea_id, views in db.session.execute(seen):
        found.setdefault(idea_id, [0] * 7)[6] = int(views)
    return {idea_id: tuple(counts) for idea_id, counts in found.items()}
