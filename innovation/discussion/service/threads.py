"""Opening and locking a talk."""

from __future__ import annotations

from datetime import datetime

from innovation.discussion.events import TalkLocked, TalkUnlocked
from innovation.discussion.models import Thread
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.policy import May


def open_thread(blank: Thread, now: datetime) -> Thread:
    """Store a thread, called under the lock of the thing it belongs to, which keeps the key."""
    blank.made_at = now
    db.session.add(blank)
    db.session.flush()
    return blank


@use_case(May.LOCK_TALK, on="thread")
def lock(*, actor: Actor, thread: Thread, now: datetime = AT_LOCK) -> None:
    """End a talk: everything stays readable, nothing is added or changed."""
    if thread.locked_at is None:
        thread.locked_at, thread.locked_by = now, actor.person_id
        emit(TalkLocked(thread_id=thread.id, **scope(thread)), actor=actor, now=now)


@use_case(May.LOCK_TALK, on="thread")
def unlock(*, actor: Actor, thread: Thread, now: datetime = AT_LOCK) -> None:
    """Open a locked talk again."""
    if thread.locked_at is not None:
        thread.locked_at = thread.locked_by = None
        emit(TalkUnlocked(thread_id=thread.id, **scope(thread)), actor=actor, now=now)


def require_open(thread: Thread) -> None:
    """Refuse what a locked talk does not take.

    Raises:
        NotPossible: the talk is locked.
    """
    if thread.locked_at is not None:
        raise NotPossible("talk_is_locked")


def scope(thread: Thread) -> dict[str, int | None]:
    """Where a thread belongs, for its facts."""
    return {
        "programme_id": thread.programme_id,
        "challenge_id": thread.challenge_id,
        "idea_id": thread.idea_id,
        "project_id": thread.project_id,
    }
