"""Reading threads: a page of one in reading order, one comment, and what stands where."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from innovation.discussion.models import Comment, CommentRevision, Thread
from innovation.discussion.queries.places import visible
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import loader_of, locks_of
from innovation.rules.talk import ALPHABET, STEP

PAGE = 50
DAYS_IN_TRASH = 30


@locks_of(Thread)
def _locks(thread: Thread) -> Sequence[Select[Any]]:
    return [select(Thread.id).where(Thread.id == thread.id).with_for_update()]


@locks_of(Comment)
def _comment_locks(comment: Comment) -> Sequence[Select[Any]]:
    return [
        select(Thread.id).where(Thread.id == comment.thread_id).with_for_update(),
        select(Comment.id).where(Comment.id == comment.id).with_for_update(),
    ]


@loader_of(Thread)
def thread_by_id(thread_id: int) -> Thread | None:
    """A thread for the house's own work."""
    return db.session.scalars(select(Thread).where(Thread.id == thread_id)).one_or_none()


def _whole() -> Select[Comment]:
    return select(Comment).join(Comment.thread).options(joinedload(Comment.thread), joinedload(Comment.person))


@loader_of(Comment)
def comment_by_id(comment_id: int) -> Comment | None:
    """A comment for the house's own work, with thread and writer; whoever shows it asks who reads the thread."""
    return db.session.scalars(_whole().where(Comment.id == comment_id)).one_or_none()


def thread(actor: Actor, public_id: str) -> Thread | None:
    """A thread this person may read."""
    return db.session.scalars(select(Thread).where(Thread.public_id == public_id, visible(actor))).one_or_none()


def comment(actor: Actor, public_id: str) -> Comment | None:
    """A comment in a thread this person may read, with thread and writer; deleted and removed ones too."""
    return db.session.scalars(_whole().where(Comment.public_id == public_id, visible(actor))).one_or_none()


def readable(actor: Actor) -> ColumnElement[bool]:
    """Comments whose words this person may read; the thread must be joined. What was deleted or removed nobody reads."""
    return and_(Comment.trashed_at.is_(None), Comment.hidden_at.is_(None), visible(actor))


def stands() -> ColumnElement[bool]:
    """Comments that count: neither deleted nor removed."""
    return and_(Comment.trashed_at.is_(None), Comment.hidden_at.is_(None))


def _shown(actor: Actor, thread_id: int, now: datetime) -> ColumnElement[bool]:
    """Comments that have a line: those that stand, deleted ones above an answer, and what this person can bring back."""
    below = aliased(Comment)
    answered = exists().where(
        below.thread_id == thread_id,
        below.path > Comment.path,
        below.path < Comment.path.concat(ALPHABET[-1] * (STEP + 1)),
        below.trashed_at.is_(None),
    )
    lines = [Comment.trashed_at.is_(None), answered]
    if actor.person_id is not None:
        since = now - timedelta(days=DAYS_IN_TRASH)
        lines.append(and_(Comment.trashed_by == actor.person_id, Comment.trashed_at > since))
    return or_(*lines)


ORDER = [paging.Key(Comment.path)]


def page(actor: Actor, thread_id: int, now: datetime, cursor: str | None) -> paging.Page[Comment]:
    """Fifty comments in reading order, with their writers. Whoever calls has asked whether this person reads the thread."""
    statement = (
        select(Comment)
        .options(joinedload(Comment.person))
        .where(Comment.thread_id == thread_id, _shown(actor, thread_id, now))
    )
    return paging.fetch(statement, ORDER, cursor, lambda row: (row[0].path,), PAGE)


def parents(comments: Iterable[Comment]) -> dict[int, Comment]:
    """What these comments answer, by id, with the writers: one query."""
    wanted = {each.parent_id for each in comments if each.parent_id is not None}
    rows = db.session.scalars(select(Comment).options(joinedload(Comment.person)).where(Comment.id.in_(wanted)))
    return {row.id: row for row in rows}


def page_of(actor: Actor, comment: Comment, now: datetime) -> str | None:
    """The cursor of the page on which a comment stands; None for the first one."""
    ahead = select(Comment.path).where(
        Comment.thread_id == comment.thread_id, Comment.path < comment.path, _shown(actor, comment.thread_id, now)
    )
    place = db.session.scalar(select(func.count()).select_from(ahead.subquery())) or 0
    if place < PAGE:
        return None
    last = ahead.order_by(Comment.path).offset(place // PAGE * PAGE - 1).limit(1)
    return paging.cursor([db.session.scalar(last)])


def has_line(actor: Actor, comment: Comment, now: datetime) -> bool:
    """Whether a comment has a line in its thread for this person."""
    if comment.trashed_at is None:
        return True
    mine = select(Comment.id).where(Comment.id == comment.id, _shown(actor, comment.thread_id, now))
    return db.session.scalar(mine) is not None


def revisions(comment_id: int) -> Sequence[CommentRevision]:
    """What a comment said before, the first text first."""
    return db.session.scalars(
        select(CommentRevision).where(CommentRevision.comment_id == comment_id).order_by(CommentRevision.number)
    ).all()


def version(thread: Thread) -> str:
    """A word that changes whenever anything in a thread changes: one query."""
    kept = select(
        func.count(),
        func.max(Comment.id),
        func.sum(Comment.revision_no),
        func.sum(case((Comment.trashed_at.is_not(None), 1), else_=0)),
        func.max(Comment.trashed_at),
        func.sum(case((Comment.hidden_at.is_not(None), 1), else_=0)),
        func.max(Comment.hidden_at),
    ).where(Comment.thread_id == thread.id)
    found = tuple(db.session.execute(kept).one())
    return hashlib.sha256(repr((thread.id, thread.locked_at is None, [str(each) for each in found])).encode()).hexdigest()[
        :16
    ]


def trashed(actor: Actor, now: datetime, limit: int = 50) -> Sequence[Comment]:
    """What this person deleted in the last thirty days and can bring back, where he still reads the thread."""
    if actor.person_id is None:
        return []
    since = now - timedelta(days=DAYS_IN_TRASH)
    return db.session.scalars(
        _whole()
        .where(Comment.trashed_by == actor.person_id, Comment.trashed_at > since, visible(actor))
        .order_by(Comment.trashed_at.desc(), Comment.id.desc())
        .limit(limit)
    ).all()
