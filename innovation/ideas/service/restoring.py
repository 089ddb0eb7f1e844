"""Bringing back what was withdrawn or thrown away, for thirty days; and emptying what nobody brought back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from innovation.ideas.events import IdeaRestored
from innovation.ideas.models import Answer, Author, Idea
from innovation.ideas.queries import why_it_stays_away
from innovation.ideas.service.writing import require_accepted, scope
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import NotNow, NotPossible
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.idea import IDEA, IdeaState
from innovation.rules.policy import May
from innovation.rules.trash import KEPT, Lost

BATCH = 200


@use_case(May.RESTORE_IDEA, on="idea")
def bring_back(*, actor: Actor, idea: Idea, now: datetime = AT_LOCK) -> None:
    """Put a withdrawn idea back where it was; ``voting.restore`` is the verb that also lets its votes count again.

    Raises:
        NotPossible: it was not withdrawn, the thirty days are over, or what it would be judged by went on without it.
        NotNow: its challenge no longer runs.
    """
    require_accepted(idea, actor.person_id)
    if idea.state != IdeaState.WITHDRAWN or idea.withdrawn_at is None or idea.withdrawn_from is None:
        raise NotPossible("not_withdrawn")
    why = why_it_stays_away(idea, now)
    if why is Lost.NOT_RUNNING:
        raise NotNow(why, state=idea.challenge.state)
    if why is not None:
        raise NotPossible(why)
    came_from = idea.withdrawn_from
    lifecycle.move(idea, IDEA, f"restore_{came_from}", IdeaRestored(**scope(idea)), actor=actor, now=now)
    idea.withdrawn_at = idea.withdrawn_from = None


@use_case(None)
def empty_drafts(*, actor: Actor, now: datetime = AT_LOCK) -> int:
    """Empty drafts that were thrown away more than thirty days ago, and let go of their files and authors.

    The row stays as an empty shell under its number, since the facts that it was begun and thrown away are sealed. A sent
    idea is emptied by :mod:`innovation.ideas.service.emptying`, and keeps its authors.

    Returns:
        How many there were, at most two hundred.
    """
    gone = db.session.scalars(
        select(Idea)
        .where(
            Idea.state == IdeaState.WITHDRAWN,
            Idea.submitted_at.is_(None),
            Idea.visibility != "trashed",
            Idea.withdrawn_at <= now - KEPT,
        )
        .order_by(Idea.id)
        .limit(BATCH)
    ).all()
    for idea in gone:
        idea.title = idea.text = ""
        idea.requested_minor = idea.withdrawn_from = None
        idea.provenance = {}
        idea.file_set_id = None  # a set that nobody owns is swept with its files
        idea.visibility, idea.trashed_at = "trashed", now
    db.session.execute(delete(Answer).where(Answer.idea_id.in_([idea.id for idea in gone])))
    db.session.execute(delete(Author).where(Author.idea_id.in_([idea.id for idea in gone])))
    return len(gone)
