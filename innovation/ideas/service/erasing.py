"""What becomes of a person's unsent ideas when he is erased. What was sent stays, as its terms say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import aliased

from innovation.ideas import queries
from innovation.ideas.events import AuthorLeft, IdeaWithdrawn
from innovation.ideas.models import Answer, Author, AuthorInvitation, Idea, Note, Revision
from innovation.ideas.service.writing import scope
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, lock_subject, use_case
from innovation.rules.idea import IDEA, IdeaState

BATCH = 20


@use_case(None)
def empty_unsent(*, actor: Actor, person_id: int, now: datetime = AT_LOCK) -> Sequence[int]:
    """Empty the next unsent ideas that nobody else has accepted to be an author of; returns which.

    The row stays as a shell under its number, since the facts that it was begun and thrown away are sealed.
    """
    other = aliased(Author)
    found = db.session.scalars(
        select(Idea.id)
        .join(Author, Author.idea_id == Idea.id)
        .where(
            Author.person_id == person_id,
            Author.accepted_at.is_not(None),
            Idea.submitted_at.is_(None),
            ~exists().where(other.idea_id == Idea.id, other.person_id != person_id, other.accepted_at.is_not(None)),
        )
        .order_by(Idea.id)
        .limit(BATCH)
    ).all()
    for idea_id in found:
        _empty(actor, idea_id, now)
    return found


@use_case(None)
def leave_unsent(*, actor: Actor, person_id: int, now: datetime = AT_LOCK) -> int:
    """Take a person off ideas that others have not sent yet, and off those he never accepted; returns how many."""
    rows = db.session.execute(
        select(Author.idea_id)
        .join(Idea, Idea.id == Author.idea_id)
        .where(Author.person_id == person_id, Author.accepted_at.is_(None) | Idea.submitted_at.is_(None))
        .order_by(Author.idea_id)
        .limit(BATCH)
    )
    ids = [row.idea_id for row in rows]
    for idea_id in ids:
        idea = queries.by_id(idea_id)
        assert idea is not None
        lock_subject(db.session(), idea)
        db.session.execute(
            delete(Author).where(Author.idea_id == idea_id, Author.person_id == person_id),
            execution_options={"synchronize_session": False},
        )
        emit(AuthorLeft(person_id=person_id, **scope(idea)), actor=actor, now=now)
    db.session.expire_all()
    return len(ids)


def _empty(actor: Actor, idea_id: int, now: datetime) -> None:
    idea = queries.by_id(idea_id)
    assert idea is not None
    lock_subject(db.session(), idea)
    if idea.state == IdeaState.DRAFT:
        idea.withdrawn_at = now
        lifecycle.move(idea, IDEA, "withdraw", IdeaWithdrawn(**scope(idea)), actor=actor, now=now)
    idea.title = idea.text = idea.source_url = ""
    idea.requested_minor = idea.withdrawn_from = None
    idea.provenance = {}
    idea.file_set_id = None  # a set that nobody owns is swept with its files
    idea.visibility, idea.trashed_at, idea.emptied_at = "trashed", now, now
    db.session.flush()
    for table in (Answer, AuthorInvitation, Note, Revision, Author):
        db.session.execute(delete(table).where(table.idea_id == idea_id), execution_options={"synchronize_session": False})
    db.session.expire(idea)
