"""How many comments stand in a thread."""

from __future__ import annotations

from sqlalchemy import func, select

from innovation.discussion.models import Comment, Thread
from innovation.discussion.queries import stands
from innovation.kernel.db import db


def recount(thread: Thread) -> None:
    """Count a thread's comments, under its lock: the counter equals a recount because it is one.

    The lock makes it right: whoever held it before has committed, and nobody writes here before we have.
    """
    db.session.flush()
    standing = select(func.count(), func.max(Comment.made_at)).where(Comment.thread_id == thread.id, stands())
    thread.comments, thread.last_at = db.session.execute(standing).one()
