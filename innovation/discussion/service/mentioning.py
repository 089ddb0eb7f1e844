"""Naming people in a comment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from innovation.discussion.events import PersonMentioned
from innovation.discussion.models import Comment, Mention, Thread
from innovation.discussion.queries import by_names, by_public_ids
from innovation.discussion.service.threads import scope
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import emit
from innovation.rules.talk import MENTIONS, named, possible_names, with_tokens


def stored(writer: Actor, text: str, thread: Thread, already: list[int]) -> str:
    """A typed text as it is kept: the names of people who read the thread, and whom its writer may name, are tokens."""
    people = by_names(writer, thread, possible_names(text), already)
    return with_tokens(text, {name: person.public_id for name, person in people.items()})


def mentions_of(comment_id: int) -> list[int]:
    """The people a comment has named so far."""
    return list(db.session.scalars(select(Mention.person_id).where(Mention.comment_id == comment_id)))


def mention(*, actor: Actor, comment: Comment, thread: Thread, now: datetime) -> None:
    """State for each person a comment names that it does: once for each, whatever is edited later.

    A token of somebody who may not read the thread names nobody. The row stays when the name is taken out again, so
    that to write it once more tells nobody twice.
    """
    before = set(mentions_of(comment.id))
    people = by_public_ids(actor, thread, named(comment.text)[:MENTIONS])
    for person in sorted(people.values(), key=lambda each: each.id):
        if person.id not in before:
            db.session.add(Mention(comment_id=comment.id, person_id=person.id))
            db.session.flush()
            fact = PersonMentioned(thread_id=thread.id, comment_id=comment.id, person_id=person.id, **scope(thread))
            emit(fact, actor=actor, now=now)
