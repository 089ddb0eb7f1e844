"""Reading who wrote which ideas; to be named by somebody else makes nobody an author."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import exists, select

from innovation.ideas.models import Author, Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db


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
