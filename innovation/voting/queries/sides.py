"""Pairs: which two ideas to put before a person, and what he said of those he was put."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.rules.idea import IN_THE_RUNNING
from innovation.rules.ranking.listing import seed_of
from innovation.voting.models import Comparison, Tally, View


def next_pair(actor: Actor, challenge: Challenge) -> tuple[Idea, Idea] | None:
    """Two ideas this person has not compared yet, those least seen first; None when every pair is judged.

    The choice depends on nothing that was said of the ideas: more judgements near the line would be worth more, and
    would show a person where the line is.
    """
    judged = [
        (first, second)
        for first, second in db.session.execute(
            select(Comparison.first_id, Comparison.second_id).where(
                Comparison.challenge_id == challenge.id, Comparison.person_id == actor.person_id
            )
        )
    ]
    offered = [
        (int(seen or 0), seed_of(str(actor.person_id), str(idea_id)), idea_id)
        for idea_id, seen in db.session.execute(
            select(Idea.id, Tally.seen)
            .join(Idea.challenge)
            .outerjoin(Tally, Tally.idea_id == Idea.id)
            .where(*_comparable(actor, challenge.id))
        )
    ]
    found = _first_new([idea_id for *_, idea_id in sorted(offered)], judged)
    return _read(found) if found else None


def _comparable(actor: Actor, challenge_id: int) -> Sequence[ColumnElement[bool]]:
    """Ideas this person may compare: in the running, readable for him, and not his own; the challenge must be joined."""
    return (
        Idea.challenge_id == challenge_id,
        Idea.state.in_(IN_THE_RUNNING),
        ideas.visible(actor),
        ~ideas.is_author(actor),
    )


def _first_new(order: Sequence[int], judged: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The first two of an order that were not put together before, those judged least often ahead."""
    times = dict.fromkeys(order, 0)
    for pair in judged:
        for idea_id in pair:
            times[idea_id] = times.get(idea_id, 0) + 1
    done = {frozenset(pair) for pair in judged}
    ahead = sorted(order, key=lambda idea_id: times[idea_id])
    for place, first in enumerate(ahead):
        for second in ahead[place + 1 :]:
            if frozenset((first, second)) not in done:
                return first, second
    return None


def _read(pair: tuple[int, int]) -> tuple[Idea, Idea]:
    found = _by_id(pair)
    return found[pair[0]], found[pair[1]]


def _by_id(idea_ids: Iterable[int]) -> dict[int, Idea]:
    return {idea.id: idea for idea in db.session.scalars(select(Idea).where(Idea.id.in_(list(idea_ids))))}


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of two ideas that he may still compare: ``preferred`` is 1 for the first, -1 for the second."""

    pair: tuple[Idea, Idea]
    preferred: int
    said_at: datetime


def pairs_said(actor: Actor, challenge: Challenge, cursor: str | None, size: int = paging.PAGE) -> paging.Page[Said]:
    """One page of the pairs this person has judged and may judge again, the last one first."""
    order = [paging.Key(Comparison.cast_at, descending=True), paging.Key(Comparison.id, descending=True)]
    statement = _still_comparable(actor, challenge.id)
    page = paging.fetch(statement, order, cursor, lambda row: (row[0].cast_at, row[0].id), size=size)
    found = _by_id({idea_id for each in page.items for idea_id in (each.first_id, each.second_id)})
    said = [Said((found[each.first_id], found[each.second_id]), each.preferred, each.cast_at) for each in page.items]
    return paging.Page(said, page.next, page.first)


def said_of(actor: Actor, idea: Idea, other: str) -> Said | None:
    """What this person said of an idea and another one (its public id); None where he may not say it again."""
    second = select(Idea.id).where(Idea.public_id == other).scalar_subquery()
    of_both = or_(
        and_(Comparison.first_id == idea.id, Comparison.second_id == second),
        and_(Comparison.first_id == second, Comparison.second_id == idea.id),
    )
    said = db.session.scalars(_still_comparable(actor, idea.challenge_id).where(of_both)).one_or_none()
    return Said(_read((said.first_id, said.second_id)), said.preferred, said.cast_at) if said is not None else None


def _still_comparable(actor: Actor, challenge_id: int) -> Select[Comparison]:
    """This person's comparisons of ideas both of which he may still compare."""
    open_ = select(Idea.id).join(Idea.challenge).where(*_comparable(actor, challenge_id))
    return select(Comparison).where(
        Comparison.challenge_id == challenge_id,
        Comparison.person_id == actor.person_id,
        Comparison.first_id.in_(open_),
        Comparison.second_id.in_(open_),
    )


def mergeable(actor: Actor, idea: Idea, limit: int = 200) -> Sequence[Idea]:
    """Other ideas of the same challenge, in the running and visible to this person, by title."""
    return db.session.scalars(
        select(Idea)
        .join(Idea.challenge)
        .where(
            Idea.challenge_id == idea.challenge_id,
            Idea.id != idea.id,
            Idea.state.in_(IN_THE_RUNNING),
            ideas.visible(actor),
        )
        .order_by(Idea.title, Idea.id)
        .limit(limit)
    ).all()


def pair_of(actor: Actor, challenge_id: int, one: int, other: int) -> Comparison | None:
    """What this person has said of two ideas."""
    first, second = sorted((one, other))
    return db.session.scalars(
        select(Comparison).where(
            Comparison.person_id == actor.person_id,
            Comparison.challenge_id == challenge_id,
            Comparison.first_id == first,
            Comparison.second_id == second,
        )
    ).one_or_none()


def pairs_judged(actor: Actor, challenge: Challenge) -> int:
    """How many pairs this person has judged in a challenge."""
    mine = and_(Comparison.challenge_id == challenge.id, Comparison.person_id == actor.person_id)
    return db.session.scalar(select(func.count()).select_from(Comparison).where(mine)) or 0


def seen_ideas(actor: Actor, idea_ids: Sequence[int]) -> set[int]:
    """Which of some ideas this person has had before him."""
    mine = and_(View.person_id == actor.person_id, or_(View.idea_id.in_(idea_ids)))
    return set(db.session.scalars(select(View.idea_id).where(mine)))
