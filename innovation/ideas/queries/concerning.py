"""Whom changes of a challenge concern: told to the challenges below."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from innovation.challenges.queries.concerned import tells_authors
from innovation.ideas.models import Author, Idea
from innovation.kernel.db import db
from innovation.rules.idea import IdeaState


@tells_authors
def sent_by(challenge_id: int) -> dict[int, datetime]:
    """Who has an idea in a challenge that was sent and not taken back, and when his first was."""
    rows = db.session.execute(
        select(Author.person_id, func.min(Idea.submitted_at).label("first"))
        .join(Idea, Idea.id == Author.idea_id)
        .where(
            Idea.challenge_id == challenge_id,
            Idea.submitted_at.is_not(None),
            Idea.state != IdeaState.WITHDRAWN,
            Author.accepted_at.is_not(None),
        )
        .group_by(Author.person_id)
    )
    return {row.person_id: row.first for row in rows}
