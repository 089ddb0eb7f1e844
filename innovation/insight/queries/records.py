"""The record of who asks: how soon the ideas of his earlier challenges were answered, from passages.

A sponsor's record is made of the challenges that name him, and of nothing else: an answer in a challenge that withholds its
sponsor changes nobody's record but the house's. On such a challenge the record of the whole house stands in its place, the
same on each of them, so that it tells of none; and only if enough sponsors have made it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.challenges.queries.deputies import asks_himself
from innovation.ideas.models import Idea
from innovation.insight.queries.times import ANSWERS, HOURS, hours, instant
from innovation.kernel.db import db
from innovation.kernel.lifecycle import Passage
from innovation.people.models import GrantRow
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import WAITS_OR_RUNS
from innovation.rules.predicates import Role
from innovation.rules.record import FEWEST_SPONSORS, Record, record
from innovation.rules.survival import Stay


@dataclass(frozen=True, slots=True)
class SponsorsRecord:
    """What stands on a challenge of who asks.

    Attributes:
        of_house: whether it is the whole house's, since the sponsor is not named.
        record: None while there is none.
        challenges: how many earlier challenges made it.
    """

    of_house: bool
    record: Record | None
    challenges: int


def sponsors_record(challenge: Challenge, now: datetime) -> SponsorsRecord:
    """The record of who asks a challenge: two queries, whatever he asked before."""
    if challenge.sponsor_withheld:
        return _of_house(challenge, now)
    return _of_sponsors(challenge, [each.id for each in challenges.sponsors(challenge.id)], now)


def _of_sponsors(challenge: Challenge, people: Sequence[int], now: datetime) -> SponsorsRecord:
    his = _asked_by().where(GrantRow.person_id.in_(people), Challenge.sponsor_withheld.is_(False))
    return _made(challenge, his, now, of_house=False)


def _of_house(challenge: Challenge, now: datetime) -> SponsorsRecord:
    everybody = (
        select(func.count(GrantRow.person_id.distinct()))
        .join(Challenge, Challenge.id == GrantRow.scope_id)
        .where(GrantRow.role == Role.SPONSOR, GrantRow.scope == "challenge", asks_himself())
        .where(_earlier(challenge), Challenge.state == ChallengeState.DECIDED)
    )
    if (db.session.scalar(everybody) or 0) < FEWEST_SPONSORS:
        return SponsorsRecord(True, None, 0)
    return _made(challenge, select(Challenge.id), now, of_house=True)


def _asked_by() -> Select[int]:
    """Challenges and who asks or asked them, whoever stood in for him left out."""
    on = and_(GrantRow.role == Role.SPONSOR, GrantRow.scope == "challenge", GrantRow.scope_id == Challenge.id)
    return select(Challenge.id).join(GrantRow, on).where(asks_himself())


def _earlier(challenge: Challenge) -> ColumnElement[bool]:
    """Other challenges of this house that ran; those held elsewhere were answered there."""
    ran = Challenge.state.in_([ChallengeState.PUBLISHED, ChallengeState.DECIDED])
    return and_(ran, Challenge.source.is_(None), Challenge.id != challenge.id)


def _made(challenge: Challenge, ids: Select[int], now: datetime, *, of_house: bool) -> SponsorsRecord:
    answered = (
        select(Passage.subject_id.label("idea"), func.min(Passage.entered_at).label("at"))
        .where(Passage.subject_kind == "idea", Passage.stage.in_([str(state) for state in ANSWERS]))
        .where(Passage.challenge_id.in_(ids))
        .group_by(Passage.subject_id)
        .subquery()
    )
    since = case((Challenge.closes_at > Idea.submitted_at, Challenge.closes_at), else_=Idea.submitted_at)
    waited = hours(since, func.coalesce(answered.c.at, instant(now)))
    days = (waited + HOURS - 1) // HOURS  # a begun day counts whole
    left = case((answered.c.at.is_not(None), 1), else_=0)
    waits = and_(Idea.state.in_([str(state) for state in WAITS_OR_RUNS]), Challenge.closes_at <= now)
    rows = db.session.execute(
        select(Idea.challenge_id, days, left, func.count())
        .join(Challenge, Challenge.id == Idea.challenge_id)
        .outerjoin(answered, answered.c.idea == Idea.id)
        .where(Idea.challenge_id.in_(ids), _earlier(challenge), or_(answered.c.at.is_not(None), waits))
        .group_by(Idea.challenge_id, days, left)
    ).all()
    found = record(Stay(max(int(time), 0), bool(gone), count) for _challenge, time, gone, count in rows)
    return SponsorsRecord(of_house, found, len({row[0] for row in rows}))
