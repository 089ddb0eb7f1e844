"""Reading ideas: what an actor may see is one SQL predicate, :func:`visible`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea, Note, Revision
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import loader_of, locks_of, roles_of
from innovation.rules.idea import IdeaState
from innovation.rules.predicates import Role


def is_author(actor: Actor) -> ColumnElement[bool]:
    """Ideas this person is an author of, or was named as one."""
    if actor.person_id is None:
        return false()
    return exists().where(Author.idea_id == Idea.id, Author.person_id == actor.person_id)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Ideas this person may read; the challenge must be joined. Drafts are their authors' alone."""
    if actor.is_house:
        return true()
    return or_(
        is_author(actor),
        and_(Idea.visibility == "audience", challenges.visible(actor), Idea.state != IdeaState.WITHDRAWN),
        and_(Idea.visibility == "sealed", challenges.works_on(actor), Idea.state != IdeaState.WITHDRAWN),
    )


@roles_of(Idea)
def roles_on_idea(actor: Actor, idea: Idea) -> frozenset[Role]:
    known = idea.__dict__.get("_roles")
    if known is not None and known[0] == actor:
        return known[1]  # type: ignore[no-any-return]
    roles = challenges.roles_on_challenge(actor, idea.challenge)
    mine = select(Author.id).where(Author.idea_id == idea.id, Author.person_id == actor.person_id)
    if actor.person_id is not None and db.session.scalar(mine) is not None:
        roles = roles | {Role.AUTHOR}
    return challenges.remember_roles(actor, idea, roles)


@locks_of(Idea)
def _locks(idea: Idea) -> Sequence[Select[Any]]:
    return [challenges.share_lock(idea.challenge_id), select(Idea.id).where(Idea.id == idea.id).with_for_update()]


def get(actor: Actor, public_id: str) -> Idea | None:
    """An idea this person may read, with challenge, authors and what he is to it: three queries."""
    row = db.session.execute(
        select(Idea, is_author(actor), challenges.in_audience(actor))
        .join(Idea.challenge)
        .options(
            joinedload(Idea.challenge).joinedload(Challenge.programme),
            joinedload(Idea.challenge).joinedload(Challenge.terms),
            selectinload(Idea.authors).joinedload(Author.person),
        )
        .where(Idea.public_id == public_id, visible(actor))
    ).one_or_none()
    if row is None:
        return None
    idea, mine, inside = row
    roles = challenges.role_set(actor, idea.challenge, in_audience=bool(inside))
    challenges.remember_roles(actor, idea.challenge, roles)
    challenges.remember_roles(actor, idea, roles | {Role.AUTHOR} if mine else roles)
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


SORTS: dict[str, Sequence[paging.Key]] = {
    "newest": (paging.Key(Idea.submitted_at, True), paging.Key(Idea.id, True)),
    "oldest": (paging.Key(Idea.submitted_at), paging.Key(Idea.id)),
}


def page(
    actor: Actor, challenge: Challenge, *, state: str = "", search: str = "", sort: str = "newest", cursor: str | None = None
) -> paging.Page[Idea]:
    """Ideas of a challenge that this person may read, with authors. Totals are no sort order: they would leak."""
    statement = (
        select(Idea)
        .join(Idea.challenge)
        .options(selectinload(Idea.authors).joinedload(Author.person))
        .where(Idea.challenge_id == challenge.id, Idea.submitted_at.is_not(None), visible(actor))
    )
    if state:
        statement = statement.where(Idea.state == state)
    if search:
        like = f"%{search}%"
        statement = statement.where(or_(Idea.title.ilike(like), Idea.text.ilike(like)))
    return paging.fetch(statement, SORTS.get(sort, SORTS["newest"]), cursor, lambda row: (row[0].submitted_at, row[0].id))


def mine(actor: Actor, cursor: str | None) -> paging.Page[Idea]:
    """A person's own ideas, the latest saved first, with their challenges; without drafts that were thrown away."""
    statement = (
        select(Idea)
        .options(joinedload(Idea.challenge), selectinload(Idea.authors).joinedload(Author.person))
        .where(is_author(actor), or_(Idea.state != IdeaState.WITHDRAWN, Idea.submitted_at.is_not(None)))
    )
    order = [paging.Key(Idea.saved_at, True), paging.Key(Idea.id, True)]
    return paging.fetch(statement, order, cursor, lambda row: (row[0].saved_at, row[0].id))


def drafts(actor: Actor, limit: int = 5) -> Sequence[Idea]:
    """A person's drafts in challenges that are still running, the next to close first."""
    return db.session.scalars(
        select(Idea)
        .join(Idea.challenge)
        .options(joinedload(Idea.challenge))
        .where(is_author(actor), Idea.state == IdeaState.DRAFT, Challenge.state == "published")
        .order_by(Challenge.closes_at, Idea.id)
        .limit(limit)
    ).all()


def in_challenge(actor: Actor, challenge: Challenge, limit: int = 5) -> Sequence[Idea]:
    """A person's own ideas in one challenge, drafts too."""
    return db.session.scalars(
        select(Idea)
        .where(Idea.challenge_id == challenge.id, is_author(actor), Idea.state != IdeaState.WITHDRAWN)
        .order_by(Idea.id.desc())
        .limit(limit)
    ).all()


def revisions(idea: Idea) -> Sequence[Revision]:
    """An idea's revisions, the first one first."""
    return db.session.scalars(select(Revision).where(Revision.idea_id == idea.id).order_by(Revision.number)).all()


def notes(idea_id: int) -> Sequence[Note]:
    """What was added below an idea, the first one first."""
    return db.session.scalars(select(Note).where(Note.idea_id == idea_id).order_by(Note.id)).all()


def for_decision(challenge_ids: Iterable[int]) -> Sequence[Idea]:
    """Everything that was ever submitted to some challenges, for a snapshot."""
    return db.session.scalars(
        select(Idea).where(Idea.challenge_id.in_(list(challenge_ids)), Idea.submitted_at.is_not(None)).order_by(Idea.id)
    ).all()


def author_ids(idea_ids: Iterable[int]) -> dict[int, list[int]]:
    """The accepted authors of some ideas, in order."""
    rows = db.session.execute(
        select(Author.idea_id, Author.person_id)
        .where(Author.idea_id.in_(list(idea_ids)), Author.accepted_at.is_not(None))
        .order_by(Author.idea_id, Author.position)
    )
    found: dict[int, list[int]] = {}
    for idea_id, person_id in rows:
        found.setdefault(idea_id, []).append(person_id)
    return found


def authored(actor: Actor, idea_ids: Iterable[int]) -> set[int]:
    """Which of some ideas a person is an author of. To be named by somebody else makes nobody one."""
    mine = select(Author.idea_id).where(Author.person_id == actor.person_id, Author.idea_id.in_(list(idea_ids)))
    return set(db.session.scalars(mine.where(Author.accepted_at.is_not(None))))


def authored_in(actor: Actor, challenge_ids: Iterable[int]) -> bool:
    """Whether a person is an author of any idea in some challenges. To be named by somebody else makes nobody one."""
    if actor.person_id is None:
        return False
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Idea.challenge_id.in_(list(challenge_ids)),
                    Author.idea_id == Idea.id,
                    Author.person_id == actor.person_id,
                    Author.accepted_at.is_not(None),
                )
            )
        )
    )


def open_titles(actor: Actor, public_ids: Iterable[str]) -> dict[str, str]:
    """Titles of the ideas among these that are open and that this person may read; a sealed idea is named by reference."""
    rows = db.session.execute(
        select(Idea.public_id, Idea.title)
        .join(Idea.challenge)
        .where(Idea.public_id.in_(list(public_ids)), Idea.visibility == "audience", visible(actor))
    )
    return {row.public_id: row.title for row in rows}
