"""Reading a sponsor's own choices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import exists, select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.promotion.models import Pick, PicksFinished
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import IN_THE_RUNNING


def picks(challenge_id: int) -> dict[int, Pick]:
    """A challenge's picks by idea id."""
    return {p.idea_id: p for p in db.session.scalars(select(Pick).where(Pick.challenge_id == challenge_id))}


def all_picks(challenge_ids: Iterable[int]) -> dict[int, Pick]:
    """Picks by idea id over several challenges."""
    rows = db.session.scalars(select(Pick).where(Pick.challenge_id.in_(list(challenge_ids))))
    return {pick.idea_id: pick for pick in rows}


def picks_finished(challenge_id: int) -> PicksFinished | None:
    return db.session.scalars(select(PicksFinished).where(PicksFinished.challenge_id == challenge_id)).one_or_none()


def to_pick(actor: Actor, now: datetime, limit: int = 20) -> Sequence[Challenge]:
    """Challenges whose ideas are in and whose sponsor has not finished picking."""
    done = exists().where(PicksFinished.challenge_id == Challenge.id)
    return db.session.scalars(
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.who_decides == "sponsor",
            Challenge.closes_at <= now,
            challenges.works_on(actor),
            ~done,
        )
        .order_by(Challenge.answer_by, Challenge.id)
        .limit(limit)
    ).all()


def to_be_picked_by_others(actor: Actor, now: datetime, limit: int = 20) -> Sequence[Challenge]:
    """Challenges this person manages whose ideas are in and whose sponsor, somebody else, has not finished picking.

    Challenges held elsewhere promise no answer and wait for nobody.
    """
    done = exists().where(PicksFinished.challenge_id == Challenge.id)
    return db.session.scalars(
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.who_decides == "sponsor",
            Challenge.closes_at <= now,
            Challenge.answer_by.is_not(None),
            challenges.manages(actor, Challenge.programme_id),
            ~challenges.works_on(actor),
            ~done,
        )
        .order_by(Challenge.answer_by, Challenge.id)
        .limit(limit)
    ).all()


def ideas_to_pick(challenge: Challenge) -> Sequence[Idea]:
    """The ideas a sponsor decides about, the first submitted first."""
    return db.session.scalars(
        select(Idea)
        .where(Idea.challenge_id == challenge.id, Idea.state.in_(IN_THE_RUNNING))
        .order_by(Idea.submitted_at, Idea.id)
    ).all()
