"""Reading a person's own ideas: sent ones, drafts, and what was withdrawn and can still be restored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea
from innovation.ideas.queries.seeing import is_author
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import IdeaState
from innovation.rules.trash import KEPT, Lost, why_an_idea_stays_away

OWN_SORTS: dict[str, Sequence[paging.Key]] = {
    "saved": (paging.Key(Idea.saved_at, True), paging.Key(Idea.id, True)),
    "begun": (paging.Key(Idea.created_at, True), paging.Key(Idea.id, True)),
}


def mine(
    actor: Actor,
    cursor: str | None,
    *,
    state: str = "",
    search: str = "",
    sort: str = "saved",
    size: int = paging.PAGE,
) -> paging.Page[Idea]:
    """A person's own ideas with their challenges, the latest saved first; without drafts that were thrown away."""
    statement = (
        select(Idea)
        .options(joinedload(Idea.challenge), selectinload(Idea.authors).joinedload(Author.person))
        .where(is_author(actor), or_(Idea.state != IdeaState.WITHDRAWN, Idea.submitted_at.is_not(None)))
    )
    if state:
        statement = statement.where(Idea.state == state)
    for word in search.split()[: challenges.MOST_WORDS]:
        statement = statement.where(or_(*(column.icontains(word, autoescape=True) for column in (Idea.title, Idea.text))))
    order = OWN_SORTS.get(sort, OWN_SORTS["saved"])
    by = order[0].column.key
    return paging.fetch(statement, order, cursor, lambda row: (getattr(row[0], by), row[0].id), size)


def in_challenge(actor: Actor, challenge: Challenge, limit: int = 5) -> Sequence[Idea]:
    """A person's own ideas in one challenge, drafts too."""
    return db.session.scalars(
        select(Idea)
        .where(Idea.challenge_id == challenge.id, is_author(actor), Idea.state != IdeaState.WITHDRAWN)
        .order_by(Idea.id.desc())
        .limit(limit)
    ).all()


def drafts(actor: Actor, limit: int = 5) -> Sequence[Idea]:
    """A person's drafts, and what was sent back to him, in challenges that are still running, the next to close first."""
    return db.session.scalars(
        select(Idea)
        .join(Idea.challenge)
        .options(joinedload(Idea.challenge))
        .where(is_author(actor), Challenge.state == "published")
        .where(or_(Idea.state == IdeaState.DRAFT, and_(Idea.state == IdeaState.RETURNED, Challenge.frozen_at.is_(None))))
        .order_by(Challenge.closes_at, Idea.id)
        .limit(limit)
    ).all()


def withdrawn(actor: Actor, now: datetime, limit: int = 100) -> Sequence[Idea]:
    """A person's own ideas that were withdrawn or thrown away within thirty days, the latest first, with challenges."""
    return db.session.scalars(
        select(Idea)
        .options(joinedload(Idea.challenge), selectinload(Idea.authors))
        .where(is_author(actor), Idea.state == IdeaState.WITHDRAWN, Idea.withdrawn_at > now - KEPT)
        .where(Idea.withdrawn_from.is_not(None))
        .order_by(Idea.withdrawn_at.desc(), Idea.id.desc())
        .limit(limit)
    ).all()


def why_it_stays_away(idea: Idea, now: datetime) -> Lost | None:
    """Why a withdrawn idea, read with its challenge, cannot be restored any more; None while it can."""
    challenge = idea.challenge
    assert idea.withdrawn_at is not None
    return why_an_idea_stays_away(
        withdrawn_at=idea.withdrawn_at,
        sent=idea.submitted_at is not None,
        running=challenge.state == ChallengeState.PUBLISHED,
        frozen=challenge.frozen_at is not None,
        votes_are_in=challenge.schedule().votes_are_in(),
        now=now,
    )
