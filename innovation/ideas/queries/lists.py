"""Lists of ideas for whoever may read them, and of everything sent for the house's own work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea
from innovation.ideas.queries.seeing import visible
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db

SORTS: dict[str, Sequence[paging.Key]] = {
    "newest": (paging.Key(Idea.submitted_at, True), paging.Key(Idea.id, True)),
    "oldest": (paging.Key(Idea.submitted_at), paging.Key(Idea.id)),
}


def page(
    actor: Actor,
    challenge: Challenge,
    *,
    state: str = "",
    search: str = "",
    sort: str = "newest",
    cursor: str | None = None,
    size: int = paging.PAGE,
) -> paging.Page[Idea]:
    """Ideas of a challenge that this person may read, with authors. Totals are no sort order: they would leak."""
    statement = (
        select(Idea)
        .join(Idea.challenge)
        .options(selectinload(Idea.authors).joinedload(Author.person), joinedload(Idea.thread))
        .where(Idea.challenge_id == challenge.id, Idea.submitted_at.is_not(None), visible(actor))
    )
    if state:
        statement = statement.where(Idea.state == state)
    if search:
        like = f"%{search}%"
        statement = statement.where(or_(Idea.title.ilike(like), Idea.text.ilike(like)))
    order = SORTS.get(sort, SORTS["newest"])
    return paging.fetch(statement, order, cursor, lambda row: (row[0].submitted_at, row[0].id), size)


def open_titles(actor: Actor, public_ids: Iterable[str]) -> dict[str, str]:
    """Titles of the ideas among these that are open and that this person may read; a sealed idea is named by reference."""
    rows = db.session.execute(
        select(Idea.public_id, Idea.title)
        .join(Idea.challenge)
        .where(Idea.public_id.in_(list(public_ids)), Idea.visibility == "audience", visible(actor))
    )
    return {row.public_id: row.title for row in rows}


def for_decision(challenge_ids: Iterable[int]) -> Sequence[Idea]:
    """Everything that was ever submitted to some challenges, for a snapshot."""
    return db.session.scalars(
        select(Idea).where(Idea.challenge_id.in_(list(challenge_ids)), Idea.submitted_at.is_not(None)).order_by(Idea.id)
    ).all()
