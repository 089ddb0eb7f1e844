"""Saying in time that a challenge closes: to those who have something to lose by it, once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select

from innovation.challenges.models import Challenge
from innovation.kernel import reminders
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.notifications.events import ClosingSoon
from innovation.rules.challenge import ChallengeState
from innovation.rules.notices import SOON

BATCH = 200


@use_case(None)
def remind_of_closing(*, actor: Actor, after: int = 0, now: datetime = AT_LOCK) -> int | None:
    """State of challenges that take no more ideas, or no more votes, within two days that they do, once per deadline.

    A deadline that was moved is another one, and is said again.

    Returns:
        The id after which to go on, or None when no challenge is left.
    """
    until = now + SOON
    found = db.session.scalars(
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.frozen_at.is_(None),
            Challenge.source.is_(None),
            Challenge.id > after,
            or_(
                and_(Challenge.closes_at > now, Challenge.closes_at <= until),
                and_(Challenge.vote_closes_at > now, Challenge.vote_closes_at <= until),
            ),
        )
        .order_by(Challenge.id)
        .limit(BATCH)
    ).all()
    for challenge in found:
        for what, instant in (("draft", challenge.closes_at), ("votes", challenge.vote_closes_at)):
            if instant is None or not now < instant <= until:
                continue
            if reminders.first_time("closing", challenge.id, f"{what}_{instant:%Y%m%d%H%M}", now=now):
                scope = {"programme_id": challenge.programme_id, "challenge_id": challenge.id}
                emit(ClosingSoon(what=what, **scope), actor=actor, now=now)
    return found[-1].id if len(found) == BATCH else None
