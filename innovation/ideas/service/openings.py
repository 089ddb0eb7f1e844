"""Noting who opened a sealed idea, for its authors; and the door by which a manager opens one, for a reason they see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from innovation.ideas.events import IdeaOpenedWithReason
from innovation.ideas.models import Idea, Opening
from innovation.ideas.queries import openings
from innovation.ideas.service.writing import scope
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.policy import May

REASONS = ("asked", "complaint", "law", "nobody_left", "fault")
"""Why a manager or an administrator may open a sealed idea: codes, since a fact holds no text."""


@use_case(May.OPEN_SEALED, on="idea")
def open_with_reason(*, actor: Actor, idea: Idea, why: str, now: datetime = AT_LOCK) -> None:
    """Open a sealed idea for half an hour; its authors are told of it, and of the reason.

    Raises:
        Invalid: no reason was given that counts.
    """
    if why not in REASONS:
        raise Invalid("reason_missing", field="why")
    emit(IdeaOpenedWithReason(why=why, **scope(idea)), actor=actor, now=now)


@use_case(May.LOOK)
def note(*, actor: Actor, idea_id: int, role: str, now: datetime = AT_LOCK) -> None:
    """Note that somebody opened an idea; once per person and hour."""
    assert actor.person_id is not None
    row = upsert(Opening).values(idea_id=idea_id, person_id=actor.person_id, role=role, hour=openings.hour_of(now))
    db.session.execute(row.on_conflict_do_nothing(index_elements=["idea_id", "person_id", "hour"]))


@use_case(May.LOOK)
def note_offered(*, actor: Actor, idea_ids: Sequence[int], now: datetime = AT_LOCK) -> None:
    """Note that a later challenge read of sealed ideas on offer; once per person and hour."""
    assert actor.person_id is not None
    hour = openings.hour_of(now)
    rows = [{"idea_id": each, "person_id": actor.person_id, "role": "later", "hour": hour} for each in idea_ids]
    db.session.execute(upsert(Opening).values(rows).on_conflict_do_nothing(index_elements=["idea_id", "person_id", "hour"]))
