"""Lists of challenges that an actor may see: the page of one kind, and short lists for other pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import joinedload

from innovation.challenges.models import Challenge, Programme, Topic
from innovation.challenges.queries.approving import approves
from innovation.challenges.queries.seeing import manages, visible, works_on
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.rules.challenge import LIVE, ChallengeState

MOST_WORDS = 8
"""How many words of a search are looked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of challenges is narrowed down to; empty is everything.

    ``days``: only those that close within so many days from now. ``search``: words of the title, the summary or
    what an answer must do.
    """

    programme: Programme | None = None
    topic: str = ""
    search: str = ""
    days: int = 0

    @property
    def any(self) -> bool:
        """Whether a person chose any of it; a programme's own page is no choice."""
        return bool(self.topic or self.search or self.days)


def page(
    actor: Actor, kind: str, wanted: Wanted, now: datetime, cursor: str | None, size: int = paging.PAGE
) -> paging.Page[Challenge]:
    """Challenges of one kind: ``open``, ``coming``, ``closed``, ``decided`` or ``mine`` (any state)."""
    statement = select(Challenge).options(joinedload(Challenge.programme)).where(visible(actor))
    live = Challenge.state == ChallengeState.PUBLISHED
    still = or_(Challenge.closes_at > now, Challenge.vote_closes_at > now)
    kinds: dict[str, tuple[ColumnElement[bool], bool]] = {
        "open": (and_(live, still, or_(Challenge.opens_at.is_(None), Challenge.opens_at <= now)), False),
        "coming": (and_(live, Challenge.opens_at > now), False),
        "closed": (and_(live, ~still), True),
        "decided": (Challenge.state.in_([ChallengeState.DECIDED, ChallengeState.STOPPED]), True),
        "preparing": (Challenge.state.in_([ChallengeState.DRAFT, ChallengeState.PROPOSED, ChallengeState.RETURNED]), True),
        "mine": (or_(works_on(actor), Challenge.created_by == actor.person_id), True),
    }
    condition, newest_first = kinds.get(kind, kinds["open"])
    statement = statement.where(condition, *_narrowed(wanted, now))
    order = [paging.Key(Challenge.closes_at, newest_first), paging.Key(Challenge.id, newest_first)]
    return paging.fetch(statement, order, cursor, lambda row: (row[0].closes_at, row[0].id), size)


def _narrowed(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.programme is not None:
        found.append(Challenge.programme_id == wanted.programme.id)
    if wanted.topic:
        found.append(exists().where(Topic.challenge_id == Challenge.id, Topic.topic == wanted.topic))
    for word in wanted.search.split()[:MOST_WORDS]:
        columns = (Challenge.title, Challenge.summary, Challenge.must)
        found.append(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    if wanted.days:
        found += [Challenge.closes_at > now, Challenge.closes_at <= now + timedelta(days=wanted.days)]
    return found


def open_challenges(actor: Actor, now: datetime, limit: int = 12) -> Sequence[Challenge]:
    """Published challenges that still take ideas or votes, the next to close first."""
    last = or_(Challenge.closes_at > now, Challenge.vote_closes_at > now)
    return db.session.scalars(
        select(Challenge)
        .where(Challenge.state == ChallengeState.PUBLISHED, last, visible(actor))
        .order_by(Challenge.closes_at <= now, Challenge.closes_at, Challenge.id)
        .limit(limit)
    ).all()


def closed_challenges(actor: Actor, now: datetime, limit: int = 6) -> Sequence[Challenge]:
    """Challenges whose ideas and votes are in, the newest first."""
    return db.session.scalars(
        select(Challenge)
        .where(Challenge.state.in_(LIVE), Challenge.closes_at <= now, visible(actor))
        .where(or_(Challenge.vote_closes_at.is_(None), Challenge.vote_closes_at <= now))
        .order_by(Challenge.closes_at.desc(), Challenge.id.desc())
        .limit(limit)
    ).all()


def waiting_for_manager(actor: Actor, limit: int = 25) -> Sequence[Challenge]:
    """Challenges this person has to publish or return, the longest waiting first: those of programmes he manages in which
    nobody else is named for it, and those he is named for."""
    nobody_named = exists().where(Programme.id == Challenge.programme_id, Programme.approver_id.is_(None))
    return db.session.scalars(
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.PROPOSED,
            or_(approves(actor), and_(manages(actor, Challenge.programme_id), nobody_named)),
        )
        .order_by(Challenge.id)
        .limit(limit)
    ).all()


def decided_before(actor: Actor, challenge: Challenge, limit: int = 20) -> Sequence[Challenge]:
    """Other challenges of the same programme that are decided and that this person may see, the latest first."""
    return db.session.scalars(
        select(Challenge)
        .where(
            Challenge.programme_id == challenge.programme_id,
            Challenge.id != challenge.id,
            Challenge.state == ChallengeState.DECIDED,
            visible(actor),
        )
        .order_by(Challenge.decided_at.desc(), Challenge.id.desc())
        .limit(limit)
    ).all()
