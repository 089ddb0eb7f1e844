"""Saying that a step of an award is due or late: once per step, by the clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from innovation.awards import queries
from innovation.awards.events import AwardDue
from innovation.awards.models import Award
from innovation.awards.service.offering import scope
from innovation.kernel import reminders
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.award import due_step

BATCH = 200


@use_case(None)
def remind(*, actor: Actor, after: int = 0, now: datetime = AT_LOCK) -> int | None:
    """State for awards whose next step comes near or is late that it does; once for each step of an award.

    Returns:
        The id after which to go on, or None when no award is left.
    """
    awards = db.session.scalars(
        select(Award)
        .options(joinedload(Award.challenge))
        .where(Award.state.in_(queries.OPEN), Award.id > after)
        .order_by(Award.id)
        .limit(BATCH)
    ).all()
    for award in awards:
        step = due_step(award.state, queries.due_day(award), queries.today(award, now))
        if step is not None and reminders.first_time("award", award.id, step, now=now):
            emit(AwardDue(award_id=award.id, step=step, **scope(award)), actor=actor, now=now)
    return awards[-1].id if len(awards) == BATCH else None
