"""Reading what a leaver owns of programmes and challenges, and where his successor may not take over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from innovation.challenges.models import Challenge, Deputy, Programme
from innovation.ideas.models import Author, Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.people.models import GrantRow
from innovation.people.queries.leaving import MOST_SHOWN, Duty
from innovation.rules.idea import IdeaState


def written_in(person_id: int, challenge_ids: Iterable[int]) -> set[int]:
    """In which of some challenges a person is an author: of a draft too, and where he has not answered being named."""
    rows = (
        select(Idea.challenge_id)
        .join(Author, Author.idea_id == Idea.id)
        .where(
            Author.person_id == person_id,
            Idea.challenge_id.in_(list(challenge_ids)),
            Idea.state != IdeaState.WITHDRAWN,
            Idea.trashed_at.is_(None),
        )
    )
    return set(db.session.scalars(rows))


def owned(reader: Actor, person_id: int, successor_id: int | None) -> Sequence[Duty]:
    """Roles in programmes and challenges, approving, standing in: five queries, however much it is."""
    programmes = db.session.execute(
        select(GrantRow.role, Programme.title, Programme.public_id)
        .join(Programme, Programme.id == GrantRow.scope_id)
        .where(GrantRow.person_id == person_id, GrantRow.scope == "programme", GrantRow.valid_to.is_(None))
        .order_by(Programme.id)
        .limit(MOST_SHOWN)
    ).all()
    found = [Duty(f"programme_{role}", title, "pages.programme", public_id) for role, title, public_id in programmes]
    approved = select(Programme.title, Programme.public_id).where(Programme.approver_id == person_id).order_by(Programme.id)
    rows = db.session.execute(approved.limit(MOST_SHOWN)).all()
    found += [Duty("approver", title, "pages.programme", public_id) for title, public_id in rows]
    return [*found, *_in_challenges(person_id, successor_id)]


def _in_challenges(person_id: int, successor_id: int | None) -> list[Duty]:
    held = db.session.execute(
        select(GrantRow.role, Challenge.id, Challenge.title, Challenge.public_id)
        .join(Challenge, Challenge.id == GrantRow.scope_id)
        .where(GrantRow.person_id == person_id, GrantRow.scope == "challenge", GrantRow.valid_to.is_(None))
        .order_by(Challenge.id, GrantRow.role)
        .limit(MOST_SHOWN)
    ).all()
    stood_in = db.session.execute(
        select(Challenge.id, Challenge.title, Challenge.public_id)
        .join(Deputy, Deputy.challenge_id == Challenge.id)
        .where(Deputy.deputy_id == person_id)
        .order_by(Challenge.id)
        .limit(MOST_SHOWN)
    ).all()
    every: list[tuple[str, int, str, str]] = [
        *((f"challenge_{role}", number, title, public_id) for role, number, title, public_id in held),
        *(("deputy", number, title, public_id) for number, title, public_id in stood_in),
    ]
    own = written_in(successor_id, [row[1] for row in every]) if successor_id is not None and every else set()
    return [
        Duty(what, title, "pages.challenge", public_id, "author" if challenge_id in own else "")
        for what, challenge_id, title, public_id in every
    ]
