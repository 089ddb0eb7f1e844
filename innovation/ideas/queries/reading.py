"""Reading one idea or some by their ids, with revisions and notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea, Note, Revision
from innovation.ideas.queries.seeing import is_author, visible
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import loader_of, remember_roles
from innovation.rules.predicates import Role


def get(actor: Actor, public_id: str) -> Idea | None:
    """An idea this person may read, with challenge, authors and what he is to it: three queries."""
    row = db.session.execute(
        select(Idea, is_author(actor), challenges.in_audience(actor))
        .join(Idea.challenge)
        .options(
            joinedload(Idea.challenge).joinedload(Challenge.programme),
            joinedload(Idea.challenge).joinedload(Challenge.terms),
            joinedload(Idea.thread),
            selectinload(Idea.authors).joinedload(Author.person),
        )
        .where(Idea.public_id == public_id, visible(actor))
    ).one_or_none()
    if row is None:
        return None
    idea, mine, inside = row
    roles = challenges.role_set(actor, idea.challenge, in_audience=bool(inside))
    remember_roles(actor, idea.challenge, roles)
    remember_roles(actor, idea, roles | {Role.AUTHOR} if mine else roles)
    return idea


def by_ids(ids: Iterable[int]) -> Sequence[Idea]:
    """Ideas for the house's own work, with challenge and authors."""
    return db.session.scalars(
        select(Idea)
        .options(joinedload(Idea.challenge), selectinload(Idea.authors).joinedload(Author.person))
        .where(Idea.id.in_(list(ids)))
        .order_by(Idea.id)
    ).all()


@loader_of(Idea)
def by_id(idea_id: int) -> Idea | None:
    """One idea for the house's own work, with challenge and authors."""
    return next(iter(by_ids([idea_id])), None)


def revisions(idea: Idea) -> Sequence[Revision]:
    """An idea's revisions, the first one first."""
    return db.session.scalars(select(Revision).where(Revision.idea_id == idea.id).order_by(Revision.number)).all()


def revision(idea: Idea, number: int) -> Revision | None:
    """One version of an idea."""
    return db.session.scalars(select(Revision).where(Revision.idea_id == idea.id, Revision.number == number)).one_or_none()


def notes(idea_id: int) -> Sequence[Note]:
    """What was added below an idea, the first one first."""
    return db.session.scalars(select(Note).where(Note.idea_id == idea_id).order_by(Note.id)).all()
