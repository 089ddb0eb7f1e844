"""Reading messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import select

from innovation.awards import queries as awards
from innovation.challenges import queries as challenges
from innovation.ideas import queries as ideas
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.notifications.models import Message
from innovation.projects import queries as projects
from innovation.promotion import queries as promotion


def message(message_id: int) -> Message | None:
    return db.session.get(Message, message_id)


def inbox(actor: Actor, cursor: str | None) -> paging.Page[Message]:
    """A person's inbox, the newest first."""
    statement = select(Message).where(Message.person_id == actor.person_id, Message.channel == "inbox")
    return paging.fetch(statement, [paging.Key(Message.id, True)], cursor, lambda row: (row[0].id,))


def unread(actor: Actor) -> bool:
    """Whether anything in the inbox is new."""
    if actor.person_id is None:
        return False
    return (
        db.session.scalar(
            select(Message.id)
            .where(Message.person_id == actor.person_id, Message.channel == "inbox", Message.read_at.is_(None))
            .limit(1)
        )
        is not None
    )


def things(messages: Iterable[Message]) -> dict[str, dict[int, Any]]:
    """The rows that messages are about, by parameter name and id: one query a kind."""
    wanted: dict[str, set[int]] = {}
    for each in messages:
        for name, value in each.params.items():
            wanted.setdefault(name, set()).add(value)
    readers: dict[str, Callable[[Iterable[int]], Sequence[Any]]] = {
        "idea_id": ideas.by_ids,
        "challenge_id": challenges.by_ids,
        "run_id": promotion.by_ids,
        "project_id": projects.by_ids,
        "award_id": awards.by_ids,
    }
    return {name: {row.id: row for row in read(wanted.get(name, ()))} for name, read in readers.items()}
