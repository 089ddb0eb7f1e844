"""Reading what waits to be checked before others see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea
from innovation.ideas.queries.seeing import is_author
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import IdeaState
from innovation.rules.predicates import Role
from innovation.rules.promises import CHECK

ORDER = [paging.Key(Idea.submitted_at), paging.Key(Idea.id)]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The ideas of a challenge that wait to be checked: how many, and since when the first of them."""

    programme_id: int
    challenge_id: int
    since: datetime
    waiting: int


@dataclass(frozen=True, slots=True)
class ToCheck:
    """The ideas of a challenge that wait for one person: how many, and by when the first of them was promised an answer."""

    challenge: Challenge
    waiting: int
    due_at: datetime


def to_check(actor: Actor, *, after: int = 0, limit: int = paging.PAGE) -> Sequence[Idea]:
    """Ideas that wait to be checked by this person, whatever their challenge, the longest waiting first; with challenges.

    Args:
        after: the id of the last idea that was read; 0 to begin.
    """
    statement = _to_check(actor).order_by(Idea.submitted_at, Idea.id).limit(limit)
    if after:
        last = aliased(Idea)
        sent = select(last.submitted_at).where(last.id == after).scalar_subquery()
        statement = statement.where(or_(Idea.submitted_at > sent, and_(Idea.submitted_at == sent, Idea.id > after)))
    return db.session.scalars(statement).all()


def page(actor: Actor, challenge: Challenge, cursor: str | None, size: int = paging.PAGE) -> paging.Page[Idea]:
    """The same of one challenge, page by page."""
    statement = _to_check(actor).where(Idea.challenge_id == challenge.id)
    return paging.fetch(statement, ORDER, cursor, lambda row: (row[0].submitted_at, row[0].id), size)


def to_check_count(actor: Actor) -> int:
    """How many ideas wait to be checked by this person."""
    statement = select(func.count()).select_from(Idea).join(Idea.challenge).where(_waits(actor))
    return db.session.scalar(statement) or 0


def by_challenge(actor: Actor, limit: int = 20) -> Sequence[ToCheck]:
    """What waits to be checked by this person, challenge by challenge, the longest waiting first; nothing for most people
    costs no query."""
    if not actor.scopes(Role.CHECKER, "challenge") and not actor.scopes(Role.SPONSOR, "challenge"):
        return []
    since = func.min(Idea.submitted_at)
    rows = db.session.execute(
        select(Challenge, func.count(), since.label("since"))
        .join(Idea, Idea.challenge_id == Challenge.id)
        .where(_waits(actor))
        .group_by(Challenge.id)
        .order_by(since, Challenge.id)
        .limit(limit)
    )
    return [ToCheck(challenge, waiting, sent + CHECK) for challenge, waiting, sent in rows if sent is not None]


def sent_back(challenge: Challenge) -> int:
    """How many ideas of a challenge were sent back and have not come again."""
    here = Idea.challenge_id == challenge.id, Idea.state == IdeaState.RETURNED
    return db.session.scalar(select(func.count()).select_from(Idea).where(*here)) or 0


def waits_in(challenge_id: int) -> bool:
    """Whether any idea of a challenge still waits to be checked."""
    waits = select(Idea.id).join(Idea.challenge).where(Idea.challenge_id == challenge_id, *_open_to_checking()).limit(1)
    return db.session.scalar(waits) is not None


def waiting_since(before: datetime, *, after: int = 0, limit: int) -> Sequence[Waiting]:
    """Challenges whose first idea to be checked was sent before a time, by id; for the house's own work."""
    rows = db.session.execute(
        select(
            Challenge.programme_id, Challenge.id, func.min(Idea.submitted_at).label("since"), func.count().label("waiting")
        )
        .join(Challenge, Challenge.id == Idea.challenge_id)
        .where(*_open_to_checking(), Challenge.id > after)
        .group_by(Challenge.programme_id, Challenge.id)
        .having(func.min(Idea.submitted_at) <= before)
        .order_by(Challenge.id)
        .limit(limit)
    )
    return [Waiting(row.programme_id, row.id, row.since, row.waiting) for row in rows]


def _open_to_checking() -> tuple[ColumnElement[bool], ...]:
    running = Challenge.state == ChallengeState.PUBLISHED, Challenge.frozen_at.is_(None)
    return Idea.state == IdeaState.CHECKING, *running


def _waits(actor: Actor) -> ColumnElement[bool]:
    return and_(*_open_to_checking(), challenges.checks(actor), ~is_author(actor))


def _to_check(actor: Actor) -> Select[Any]:
    return (
        select(Idea)
        .join(Idea.challenge)
        .options(joinedload(Idea.challenge), selectinload(Idea.authors).joinedload(Author.person))
        .where(_waits(actor))
    )
