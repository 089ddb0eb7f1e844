"""Storing, every few minutes, what the order of an open vote's ideas rests on."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from innovation.challenges.models import Challenge
from innovation.kernel import ids
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.challenge import BY_VOTES, ChallengeState
from innovation.voting.models import ListOrder
from innovation.voting.queries.listing import present_rows

EVERY = timedelta(minutes=5)
KEPT = timedelta(days=1)
"""How long an order stays for those who are paging through it."""


@use_case(None)
def renew_orders(*, actor: Actor, now: datetime = AT_LOCK) -> int:
    """Store the present order of every open vote whose last one is older than a few minutes. Returns how many."""
    latest = (
        select(ListOrder.challenge_id, func.max(ListOrder.made_at).label("made_at"))
        .group_by(ListOrder.challenge_id)
        .subquery()
    )
    due = db.session.execute(
        select(Challenge.id, latest.c.made_at)
        .outerjoin(latest, latest.c.challenge_id == Challenge.id)
        .where(
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.who_decides.in_(BY_VOTES),
            Challenge.vote_opens_at <= now,
            Challenge.vote_closes_at > now,
        )
        .order_by(Challenge.id)
    ).all()
    made = 0
    for challenge_id, made_at in due:
        if made_at is None or made_at <= now - EVERY:
            # With it the order of a person cannot be worked out by others, and the votes behind it not from the order.
            challenge = db.session.get_one(Challenge, challenge_id)
            challenge.pseudonym_key = challenge.pseudonym_key or ids.token()
            db.session.add(ListOrder(challenge_id=challenge_id, made_at=now, rows=present_rows(challenge_id)))
            made += 1
    db.session.execute(delete(ListOrder).where(ListOrder.made_at < now - KEPT))
    return made
