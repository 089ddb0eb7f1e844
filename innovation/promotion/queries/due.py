"""Whose time has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, or_, select, true
from sqlalchemy.orm import aliased, selectinload

from innovation.challenges.models import Challenge
from innovation.kernel.db import db
from innovation.promotion.models import Decision, PicksFinished, Round, RoundChallenge, Run, RunChallenge
from innovation.rules.challenge import ChallengeState, WhoDecides
from innovation.rules.run import RunState


def due_alone(now: datetime, limit: int = 50) -> Sequence[Challenge]:
    """Challenges outside any round whose decide phase has begun (and, where a sponsor picks, whose picks are in)."""
    picked = exists().where(PicksFinished.challenge_id == Challenge.id)
    in_round = exists().where(RoundChallenge.challenge_id == Challenge.id, RoundChallenge.purpose == "promotion")
    shortlisted = exists().where(
        RunChallenge.challenge_id == Challenge.id,
        RunChallenge.run_id == Run.id,
        Run.round_id == Round.id,
        Round.purpose == "shortlist",
        Run.state == RunState.ANNOUNCED,
    )
    judged = {
        WhoDecides.VOTES: true(),
        WhoDecides.SPONSOR: picked,
        WhoDecides.PANEL: Challenge.review_closes_at <= now,
        WhoDecides.VOTES_PANEL: and_(Challenge.review_closes_at <= now, shortlisted),
    }
    return db.session.scalars(
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.closes_at <= now,
            or_(Challenge.vote_closes_at.is_(None), Challenge.vote_closes_at <= now),
            or_(*(and_(Challenge.who_decides == who, ready) for who, ready in judged.items())),
            ~in_round,
        )
        .order_by(Challenge.id)
        .limit(limit)
    ).all()


def shortlists_due(now: datetime, limit: int = 50) -> Sequence[Challenge]:
    """Challenges whose participants have voted and whose shortlist for the panel is not drawn up."""
    drawn = exists().where(RoundChallenge.challenge_id == Challenge.id, RoundChallenge.purpose == "shortlist")
    return db.session.scalars(
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.who_decides == WhoDecides.VOTES_PANEL,
            Challenge.closes_at <= now,
            Challenge.vote_closes_at <= now,
            ~drawn,
        )
        .order_by(Challenge.id)
        .limit(limit)
    ).all()


def rounds_due(pass_no: int, now: datetime, limit: int = 50) -> Sequence[Round]:
    """Rounds whose first pass is due and not begun, or whose second pass is due because the first is decided."""
    begun = exists().where(Run.round_id == Round.id, Run.pass_no == pass_no)
    statement = select(Round).options(selectinload(Round.members)).where(~begun)
    if pass_no == 1:
        open_still = exists().where(
            RoundChallenge.round_id == Round.id,
            RoundChallenge.challenge_id == Challenge.id,
            or_(
                Challenge.state != ChallengeState.PUBLISHED,
                Challenge.closes_at > now,
                and_(Challenge.vote_closes_at.is_not(None), Challenge.vote_closes_at > now),
                and_(
                    Round.purpose == "promotion",
                    Challenge.review_closes_at.is_not(None),
                    Challenge.review_closes_at > now,
                ),
            ),
        )
        statement = statement.where(
            ~open_still, exists().where(RoundChallenge.round_id == Round.id, RoundChallenge.challenge_id == Challenge.id)
        )
    else:
        first = aliased(Run)
        statement = statement.where(
            Round.second_rule.is_not(None),
            exists().where(
                first.round_id == Round.id,
                first.pass_no == 1,
                or_(
                    first.state == RunState.ANNOUNCED,
                    # What a person still has to decide changes what is left over.
                    and_(
                        first.state == RunState.DECIDED,
                        ~exists().where(Decision.run_id == first.id, Decision.close).correlate(first),
                    ),
                ),
            ),
        )
    return db.session.scalars(statement.order_by(Round.id).limit(limit)).all()
