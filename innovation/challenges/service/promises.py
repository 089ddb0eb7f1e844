"""Reminding of what was promised: an answer to every author, and one to every sponsor who handed in a brief."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from innovation.challenges.events import AnswerDue, ApprovalDue
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
    by = Challenge.answer_by, now + promises.SOON
    return _remind(AnswerDue, promises.step, ChallengeState.PUBLISHED, *by, actor=actor, after=after, now=now)


@use_case(None)
def remind_of_approvals(*, actor: Actor, after: int = 0, now: datetime = AT_LOCK) -> int | None:
    """State for challenges that wait for approval that a day has passed, or the promised two, once per step.

    Returns:
        The id after which to go on, or None when no challenge is left.
    """
    by = Challenge.proposed_at, now - promises.APPROVAL_REMINDER
    return _remind(ApprovalDue, promises.approval_step, ChallengeState.PROPOSED, *by, actor=actor, after=after, now=now)


def _remind(
    fact: type[AnswerDue] | type[ApprovalDue],
    step: Callable[[datetime, datetime], promises.Due | None],
    state: ChallengeState,
    column: InstrumentedAttribute[datetime | None],
    until: datetime,
    *,
    actor: Actor,
    after: int,
    now: datetime,
) -> int | None:
    """State a fact for the next challenges in a state whose time in a column has come; imported ones promised nothing."""
    found = db.session.scalars(
        select(Challenge)
        .where(Challenge.state == state, column <= until, Challenge.source.is_(None), Challenge.id > after)
        .order_by(Challenge.id)
        .limit(BATCH)
    ).all()
    for challenge in found:
        due = step(getattr(challenge, column.key), now)
        if due is not None and reminders.first_time("challenge", challenge.id, due[1], now=now):
            said = fact(programme_id=challenge.programme_id, challenge_id=challenge.id, step=due[0])
            emit(said, actor=actor, now=now)
    return found[-1].id if len(found) == BATCH else None
