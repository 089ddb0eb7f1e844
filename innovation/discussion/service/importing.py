"""Taking over talks from elsewhere, inside an importer's use case. No fact is stated for each comment."""

from __future__ import annotations

from datetime import datetime

from innovation.discussion.models import Comment, Thread
from innovation.kernel import ids
from innovation.kernel.db import db
from innovation.rules.talk import depth_of, path_below


def take_in_comment(
    *,
    thread: Thread,
    parent: Comment | None,
    source: str,
    foreign_id: str,
    person_id: int | None,
    text: str,
    text_format: str,
    language: str,
    made_at: datetime,
    alignment: int | None = None,
    likes: int = 0,
    dislikes: int = 0,
    hidden_at: datetime | None = None,
) -> Comment:
    """One comment as it stood there; parents come before their answers. Whoever calls recounts the thread at the end."""
    name = ids.public_id()
    comment = Comment(
        public_id=name,
        source=source,
        foreign_id=foreign_id,
        thread_id=thread.id,
        parent_id=parent.id if parent else None,
        path=name,
        person_id=person_id,
        text=text,
        text_format=text_format,
        language=language,
        made_at=made_at,
        alignment=alignment,
        likes=likes,
        dislikes=dislikes,
        hidden_at=hidden_at,
    )
    db.session.add(comment)
    db.session.flush()
    comment.path = path_below(parent.path if parent else "", comment.id)
    comment.depth = depth_of(comment.path)
    return comment
