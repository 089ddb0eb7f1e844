"""Reading who wrote which ideas; to be named by somebody else makes nobody an author."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import exists, select

from innovation.ideas.models import Author, AuthorInvitation, Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.people.models import Invitation


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody without an account who was named as a co-author: ``id`` is the row's, ``public_id`` the invitation's."""

    id: int
    public_id: str
    email: str
    email_key: str
    share: int | None


def asked(idea_id: int) -> list[Asked]:
    """Who was asked to be an author of an idea and has not taken part yet, the first one first."""
    rows = db.session.execute(
        select(
            AuthorInvitation.id,
            Invitation.public_id,
            Invitation.email_typed,
            Invitation.email_key,
            AuthorInvitation.share,
        )
        .join(Invitation, Invitation.id == AuthorInvitation.invitation_id)
        .where(AuthorInvitation.idea_id == idea_id)
        .order_by(AuthorInvitation.id)
    )
    return [Asked(*row) for row in rows]


def asked_rows(idea_id: int) -> dict[str, AuthorInvitation]:
    """The same as rows, by the invitation's public id, for the verb that changes them."""
    rows = db.session.execute(
        select(Invitation.public_id, AuthorInvitation)
        .join(Invitation, Invitation.id == AuthorInvitation.invitation_id)
        .where(AuthorInvitation.idea_id == idea_id)
    )
    return {row[0]: row[1] for row in rows}


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
