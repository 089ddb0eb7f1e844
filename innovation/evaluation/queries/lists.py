"""A panel's lists: what a member has to score, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select, true

from innovation.challenges.models import Challenge
from innovation.evaluation.models import PanelScore, Review
from innovation.evaluation.queries.reading import mine, scored, to_score
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.paging import Page
from innovation.rules.challenge import ChallengeState


@dataclass(frozen=True, slots=True)
class MemberRow:
    """An idea to score, this member's own review of it so far, and whether the idea is his own."""

    idea: Idea
    review: Review | None
    own: bool


@dataclass(frozen=True, slots=True)
class ResultRow:
    """An idea the panel scored. ``readable`` is False where this reader may not know what it says."""

    idea: Idea
    score: PanelScore | None
    readable: bool


def member_page(actor: Actor, challenge: Challenge, *, left: bool, cursor: str | None) -> Page[MemberRow]:
    """Ideas a member has to score, as they were begun; ``left`` leaves out his complete reviews and his own ideas."""
    statement = (
        select(Idea, Review, ideas.is_author(actor))
        .join(Idea.challenge)
        .outerjoin(Review, mine(actor))
        .where(to_score(challenge), ideas.visible(actor))
    )
    if left:
        statement = statement.where(or_(Review.id.is_(None), ~Review.valid), ~ideas.is_author(actor))
    found = paging.fetch(statement, [paging.Key(Idea.id)], cursor, lambda row: (row[0].id,))
    return Page([MemberRow(idea, review, bool(own)) for idea, review, own in found.items], found.next, found.first)


def result_page(actor: Actor, challenge: Challenge, cursor: str | None) -> Page[ResultRow]:
    """What the panel's scores came to, the highest mean first, ideas without a review last.

    Before the decision nobody finds an idea of his own here: its place would tell.
    """
    mean = func.coalesce(PanelScore.mean_micro, -1)
    hidden = true() if challenge.state == ChallengeState.DECIDED else ~ideas.is_author(actor)
    statement = (
        select(Idea, PanelScore)
        .join(Idea.challenge)
        .outerjoin(PanelScore, PanelScore.idea_id == Idea.id)
        .where(and_(scored(challenge), hidden))
    )
    order = [paging.Key(mean, True), paging.Key(Idea.id)]
    found = paging.fetch(statement, order, cursor, lambda row: (row[1].mean_micro if row[1] else -1, row[0].id))
    shown = [row[0].id for row in found.items]
    readable = set(db.session.scalars(select(Idea.id).join(Idea.challenge).where(Idea.id.in_(shown), ideas.visible(actor))))
    rows = [ResultRow(idea, score, idea.id in readable) for idea, score in found.items]
    return Page(rows, found.next, found.first)
