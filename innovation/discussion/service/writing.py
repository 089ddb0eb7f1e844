"""Saying something, and saying it better."""

from __future__ import annotations

from datetime import datetime

from innovation.discussion.events import CommentAdded, CommentEdited
from innovation.discussion.models import Comment, CommentRevision, Thread
from innovation.discussion.service.counting import recount
from innovation.discussion.service.mentioning import mention, mentions_of, stored
from innovation.discussion.service.threads import require_open, scope
from innovation.kernel import ids
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.policy import May
from innovation.rules.talk import LONGEST, depth_of, path_below


@use_case(May.TALK, on="thread")
def add(
    *,
    actor: Actor,
    thread: Thread,
    text: str,
    language: str,
    parent: Comment | None = None,
    now: datetime = AT_LOCK,
) -> Comment:
    """Say something in a thread, or answer somebody there.

    Raises:
        NotPossible: the talk is locked, or what is answered is gone.
        Invalid: nothing is said, or too much.
    """
    require_open(thread)
    words = stored(actor, _checked(text), thread, [])
    if parent is not None and (parent.thread_id != thread.id or parent.trashed_at or parent.hidden_at):
        raise NotPossible("comment_is_gone")
    name = ids.public_id()
    comment = Comment(
        public_id=name,
        thread_id=thread.id,
        parent_id=parent.id if parent else None,
        path=name,  # its own number is in the path, and known only once it is written
        person_id=actor.person_id,
        text=words,
        language=language,
        made_at=now,
    )
    comment.thread = thread
    db.session.add(comment)
    db.session.flush()
    comment.path = path_below(parent.path if parent else "", comment.id)
    comment.depth = depth_of(comment.path)
    recount(thread)
    added = CommentAdded(thread_id=thread.id, comment_id=comment.id, parent_id=comment.parent_id, **scope(thread))
    emit(added, actor=actor, now=now)
    mention(actor=actor, comment=comment, thread=thread, now=now)
    return comment


@use_case(May.EDIT_COMMENT, on="comment")
def edit(*, actor: Actor, comment: Comment, text: str, now: datetime = AT_LOCK) -> None:
    """Change one's own comment; what it said before stays in its history.

    Raises:
        NotPossible: the talk is locked, or the comment is deleted or removed.
        Invalid: nothing is said, or too much.
    """
    require_open(comment.thread)
    if comment.trashed_at or comment.hidden_at:
        raise NotPossible("comment_is_gone")
    words = stored(actor, _checked(text), comment.thread, mentions_of(comment.id))
    if words == comment.text:
        return
    before = CommentRevision(
        comment_id=comment.id,
        number=comment.revision_no,
        text=comment.text,
        written_at=comment.edited_at or comment.made_at,
    )
    db.session.add(before)
    comment.text, comment.edited_at = words, now
    comment.revision_no += 1
    db.session.flush()
    thread = comment.thread
    edited = CommentEdited(thread_id=thread.id, comment_id=comment.id, revision=comment.revision_no, **scope(thread))
    emit(edited, actor=actor, now=now)
    mention(actor=actor, comment=comment, thread=thread, now=now)


def _checked(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise Invalid("comment_missing", field="text")
    if len(words) > LONGEST:
        raise Invalid("comment_too_long", field="text")
    return words
