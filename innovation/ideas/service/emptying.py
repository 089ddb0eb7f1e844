"""Removing a withdrawn idea's content for good: by an author at once, else by the clock after thirty days.

What stays is what others rely on: that there was an idea under this reference, its dates and authors, votes and assessments,
the digests of its receipts, and the sealed facts, which hold no text.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from innovation.discussion.models import Thread
from innovation.discussion.service.deleting import forget_talk
from innovation.ideas import queries
from innovation.ideas.events import IdeaEmptied
from innovation.ideas.models import Answer, Idea, IdeaQuestion, Note, Receipt, Revision
from innovation.ideas.service.writing import require_accepted, scope
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people.service.drafts import forget_below
from innovation.rules.idea import IdeaState
from innovation.rules.policy import May
from innovation.rules.trash import KEPT

BATCH = 50


@use_case(May.WITHDRAW_IDEA, on="idea")
def empty(*, actor: Actor, idea: Idea, now: datetime = AT_LOCK) -> None:
    """Remove the content of an idea that was withdrawn, for good and now; it cannot be restored after that. Twice is once.

    Raises:
        NotPossible: it is not withdrawn, or this person was only named as an author.
    """
    require_accepted(idea, actor.person_id)
    if idea.state != IdeaState.WITHDRAWN or idea.submitted_at is None:
        raise NotPossible("withdraw_first")
    _remove(idea, actor, now)


@use_case(None)
def empty_withdrawn(*, actor: Actor, now: datetime = AT_LOCK) -> int:
    """Remove the content of sent ideas that were withdrawn more than thirty days ago; imported ones stay as they came.

    Returns:
        How many there were, at most fifty.
    """
    gone = db.session.scalars(
        select(Idea.id)
        .where(
            Idea.state == IdeaState.WITHDRAWN,
            Idea.submitted_at.is_not(None),
            Idea.emptied_at.is_(None),
            Idea.source.is_(None),
            Idea.withdrawn_at <= now - KEPT,
        )
        .order_by(Idea.id)
        .limit(BATCH)
    ).all()
    for idea in queries.by_ids(gone):
        _remove(idea, actor, now)
    return len(gone)


def _remove(idea: Idea, actor: Actor, now: datetime) -> None:
    if idea.emptied_at is not None:
        return
    idea.title = idea.text = idea.source_url = idea.check_note = ""
    idea.requested_minor = idea.withdrawn_from = None
    idea.provenance = {}
    idea.file_set_id = None  # a set that nobody owns is read by nobody, and swept with its files
    idea.emptied_at = now
    db.session.execute(delete(Answer).where(Answer.idea_id == idea.id))
    db.session.execute(delete(Note).where(Note.idea_id == idea.id))
    db.session.execute(delete(IdeaQuestion).where(IdeaQuestion.idea_id == idea.id))
    blank: dict[str, object] = {"title": "", "text": "", "requested_minor": None, "answers": {}}
    db.session.execute(update(Revision).where(Revision.idea_id == idea.id).values(**blank))
    # A stamp is over the digest alone: it says nothing of the content, and proves it to whoever kept the file.
    db.session.execute(update(Receipt).where(Receipt.idea_id == idea.id).values(document=""))
    forget_below(f"/ideas/{idea.public_id}/")
    if idea.thread_id is not None:
        forget_talk(actor=actor, thread=db.session.get_one(Thread, idea.thread_id), now=now)
    emit(IdeaEmptied(**scope(idea)), actor=actor, now=now)
