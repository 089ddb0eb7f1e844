"""Reminding of answers that were promised."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from innovation.challenges.events import AnswerDue
from innovation.challenges.models import Challenge
from innovation.kernel import reminders
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules import promises
from innovation.rules.challenge import ChallengeState

BATCH = 200


@use_case(None)
def remind_of_answers(*, actor: Actor, after: int = 0, now: datetime = AT_LOCK) -> int | None:
    """State for challenges whose answers are due soon, today or late that they are, once per step.

    Returns:
        The id after which to go on, or None when no challenge is left.
    """
    found = db.session.scalars(
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.answer_by <= now + promises.SOON,
            Challenge.source.is_(None),
            Challenge.id > after,
        )
        .order_by(Challenge.id)
        .limit(BATCH)
    ).all()
    for challenge in found:
        assert challenge.answer_by is not None
        due = promises.step(challenge.answer_by, now)
        if due is not None and reminders.first_time("challenge", challenge.id, due[1], now=now):
            fact = AnswerDue(programme_id=challenge.programme_id, challenge_id=challenge.id, step=due[0])
            emit(fact, actor=actor, now=now)
    return found[-1].id if len(found) == BATCH else None
