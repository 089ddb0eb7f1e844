"""Deleting a comment, and bringing it back within thirty days."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete as delete_rows
from sqlalchemy import select

from innovation.discussion.events import CommentRestored, CommentTrashed
from innovation.discussion.models import Comment, CommentRevision, Thread
from innovation.discussion.queries import DAYS_IN_TRASH
from innovation.discussion.service.counting import recount
from innovation.discussion.service.threads import scope
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import NotPossible, Refused
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, may, use_case
from innovation.rules.policy import May

_AT_ONCE = 500


@use_case(May.DELETE_COMMENT, on="comment")
def delete(*, actor: Actor, comment: Comment, now: datetime = AT_LOCK) -> None:
    """Take a comment away; answers to it stay where they are.

    Raises:
        NotPossible: it is deleted already, or a moderator removed it.
    """
    if comment.trashed_at or comment.hidden_at:
        raise NotPossible("comment_is_gone")
    comment.trashed_at, comment.trashed_by = now, actor.person_id
    recount(comment.thread)
    fact = CommentTrashed(thread_id=comment.thread_id, comment_id=comment.id, **scope(comment.thread))
    emit(fact, actor=actor, now=now)


@use_case(May.DELETE_COMMENT, on="comment")
def restore(*, actor: Actor, comment: Comment, now: datetime = AT_LOCK) -> None:
    """Bring a deleted comment back. Whoever deleted it does, or the manager.

    Raises:
        Refused: somebody else deleted it, and this person does not manage the place.
        NotPossible: it is not deleted, or was for longer than thirty days.
    """
    if comment.trashed_at is None or comment.trashed_at <= now - timedelta(days=DAYS_IN_TRASH):
        raise NotPossible("comment_cannot_return")
    if comment.trashed_by != actor.person_id and not may(actor, May.LOCK_TALK, comment.thread):
        raise Refused(May.DELETE_COMMENT.value)
    comment.trashed_at = comment.trashed_by = None
    recount(comment.thread)
    fact = CommentRestored(thread_id=comment.thread_id, comment_id=comment.id, **scope(comment.thread))
    emit(fact, actor=actor, now=now)


def forget_talk(*, actor: Actor, thread: Thread, now: datetime) -> None:
    """Forget every word and file of a talk, because what it was about was removed for good; inside a use case.

    The lines stay, empty, so that what is sealed of them still has its rows.
    """
    rows = db.session.scalars(select(Comment).where(Comment.thread_id == thread.id).order_by(Comment.id)).all()
    for row in rows:
        row.text, row.trashed_at = "", row.trashed_at or now
    db.session.execute(delete_rows(CommentRevision).where(CommentRevision.comment_id.in_([row.id for row in rows])))
    thread.file_set_id = None
    recount(thread)
    for row in rows:
        emit(CommentTrashed(thread_id=thread.id, comment_id=row.id, **scope(thread)), actor=actor, now=now)


@use_case(None)
def empty_trash(*, actor: Actor, now: datetime = AT_LOCK) -> int:
    """Forget the words of what was deleted thirty days ago; the line stays, so that answers keep their place.

    Returns:
        how many were emptied.
    """
    over = now - timedelta(days=DAYS_IN_TRASH)
    rows = db.session.scalars(
        select(Comment).where(Comment.trashed_at <= over, Comment.text != "").order_by(Comment.id).limit(_AT_ONCE)
    ).all()
    for row in rows:
        row.text = ""
    emptied = [row.id for row in rows]
    db.session.execute(delete_rows(CommentRevision).where(CommentRevision.comment_id.in_(emptied)))
    return len(emptied)
