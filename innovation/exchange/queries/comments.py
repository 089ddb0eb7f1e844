"""What was said about ideas, for an export: as the person who asked for it may read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from innovation.discussion import queries as discussion
from innovation.discussion.models import Comment, Thread
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db

COLUMNS = ("idea", "comment", "answers", "writer", "written_on", "text")


def of_ideas(actor: Actor, idea_names: Sequence[str]) -> list[Sequence[Any]]:
    """The comments below some ideas (public ids), each talk in reading order: five queries."""
    ids = {row.thread_id: row.public_id for row in _threads(idea_names)}
    found = db.session.scalars(
        select(Comment)
        .join(Comment.thread)
        .options(joinedload(Comment.thread), joinedload(Comment.person))
        .where(Thread.id.in_(ids), discussion.readable(actor))
        .order_by(Comment.thread_id, Comment.path)
    ).all()
    names = {each.id: each.public_id for each in found}
    writers, texts = discussion.writers(actor, found), discussion.plain_texts(actor, found)
    return [
        [
            ids[each.thread_id],
            each.public_id,
            names.get(each.parent_id or 0),
            (writers[each.id].kind, writers[each.id].name),
            each.made_at,
            texts[each.id],
        ]
        for each in found
    ]


def _threads(idea_names: Sequence[str]) -> Sequence[Any]:
    return db.session.execute(
        select(Idea.thread_id, Idea.public_id).where(
            Idea.public_id.in_(list(idea_names)),
            Idea.thread_id.is_not(None),
            Idea.visibility != "sealed",  # a file names what is sealed by its reference alone
        )
    ).all()
