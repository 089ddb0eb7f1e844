"""Reading criteria, where scoring stands, one's own reviews and, once it is over, what the panel said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from innovation.challenges.models import Challenge
from innovation.evaluation.models import Criterion, PanelScore, Review
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.people.models import Person
from innovation.rules.challenge import BY_PANEL, ChallengeState, WhoDecides
from innovation.rules.panel import DECIDED, SCORED
from innovation.rules.phases import Phase
from innovation.rules.predicates import Role


def panel_scores(idea_ids: Iterable[int]) -> dict[int, PanelScore]:
    """Mean panel scores by idea id."""
    rows = db.session.scalars(select(PanelScore).where(PanelScore.idea_id.in_(list(idea_ids))))
    return {row.idea_id: row for row in rows}


# --- criteria ------------------------------------------------------------------------------------------------------


def criteria(challenge_id: int) -> Sequence[Criterion]:
    """What a challenge's panel judges by, in its order; empty before anybody asked for it."""
    return db.session.scalars(
        select(Criterion).where(Criterion.challenge_id == challenge_id).order_by(Criterion.position)
    ).all()


def criteria_fixed(challenge: Challenge, now: datetime) -> bool:
    """Whether the criteria stay as they are: scoring has begun, or the challenge has ended."""
    ended = challenge.state in {ChallengeState.DECIDED, ChallengeState.STOPPED} or challenge.frozen_at is not None
    return ended or (challenge.state == ChallengeState.PUBLISHED and now >= challenge.schedule().votes_are_in())


# --- when, and what ------------------------------------------------------------------------------------------------


def stage(challenge: Challenge, now: datetime) -> str:
    """Where scoring stands, for pages: ``ahead``, ``open`` or ``over``. A verb asks under its lock."""
    if challenge.state in {ChallengeState.DECIDED, ChallengeState.STOPPED} or challenge.frozen_at is not None:
        return "over"
    schedule = challenge.schedule()
    if challenge.state != ChallengeState.PUBLISHED or now < schedule.votes_are_in():
        return "ahead"
    return "open" if Phase.REVIEW in schedule.phases(now) else "over"


def is_scored(idea: Idea) -> bool:
    """Whether a panel scores this idea, as things stand; its challenge must be loaded."""
    by = WhoDecides(idea.challenge.who_decides)
    return by in SCORED and idea.state in SCORED[by]


def to_score(challenge: Challenge) -> ColumnElement[bool]:
    """The ideas of a challenge that its panel scores."""
    states = SCORED.get(WhoDecides(challenge.who_decides), frozenset())
    return and_(Idea.challenge_id == challenge.id, Idea.state.in_(states))


def scored(challenge: Challenge) -> ColumnElement[bool]:
    """The ideas of a challenge that its panel scores or has scored, also after their decision."""
    states = SCORED.get(WhoDecides(challenge.who_decides), frozenset())
    has_score = exists().where(PanelScore.idea_id == Idea.id).correlate(Idea)
    was = Idea.state.in_(DECIDED)
    decided = was if challenge.who_decides == WhoDecides.PANEL else and_(was, has_score)
    return and_(Idea.challenge_id == challenge.id, or_(Idea.state.in_(states), decided))


def may_open(challenge: Challenge, now: datetime) -> bool:
    """Whether a panel can begin: it is time, and there is something to score."""
    if challenge.who_decides not in BY_PANEL or stage(challenge, now) != "open":
        return False
    return db.session.scalar(select(Idea.id).where(to_score(challenge)).limit(1)) is not None


def was_opened(challenge_id: int) -> bool:
    """Whether it was stated that this challenge's panel can begin."""
    stated = select(Event.id).where(Event.challenge_id == challenge_id, Event.name == "ScoringOpened")
    return db.session.scalar(stated.limit(1)) is not None


def to_open(now: datetime, limit: int = 100) -> Sequence[int]:
    """Challenges whose scoring has begun by their dates and was not stated yet, by id."""
    stated = exists().where(Event.challenge_id == Challenge.id, Event.name == "ScoringOpened")
    return db.session.scalars(
        select(Challenge.id)
        .where(
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.who_decides.in_(BY_PANEL),
            Challenge.frozen_at.is_(None),
            Challenge.closes_at <= now,
            or_(Challenge.vote_closes_at.is_(None), Challenge.vote_closes_at <= now),
            Challenge.review_closes_at > now,
            ~stated,
        )
        .order_by(Challenge.review_closes_at, Challenge.id)
        .limit(limit)
    ).all()


# --- one's own -----------------------------------------------------------------------------------------------------


def my_review(actor: Actor, idea_id: int) -> Review | None:
    """What this person has said of an idea so far."""
    return db.session.scalars(
        select(Review)
        .where(Review.idea_id == idea_id, Review.reviewer_id == actor.person_id, Review.source.is_(None))
        .execution_options(populate_existing=True)
    ).one_or_none()


def mine(actor: Actor) -> ColumnElement[bool]:
    """A review of an idea as one's own, to join it."""
    return and_(Review.idea_id == Idea.id, Review.reviewer_id == actor.person_id, Review.source.is_(None))


def to_review(actor: Actor, now: datetime, limit: int = 5) -> list[tuple[Challenge, int]]:
    """Open scorings in which this member has something left: (challenge, ideas without his complete review)."""
    seats = actor.scopes(Role.PANEL, "challenge")
    if not seats:
        return []
    by_kind = [and_(Challenge.who_decides == kind, Idea.state.in_(states)) for kind, states in SCORED.items()]
    rows = db.session.execute(
        select(Challenge, func.count(Idea.id))
        .join(Idea, Idea.challenge_id == Challenge.id)
        .outerjoin(Review, and_(mine(actor), Review.valid))
        .where(
            Challenge.id.in_(seats),
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.frozen_at.is_(None),
            Challenge.closes_at <= now,
            or_(Challenge.vote_closes_at.is_(None), Challenge.vote_closes_at <= now),
            Challenge.review_closes_at > now,
            or_(*by_kind),
            Review.id.is_(None),
            ~ideas.is_author(actor),
        )
        .group_by(Challenge.id)
        .order_by(Challenge.review_closes_at, Challenge.id)
        .limit(limit)
    ).all()
    return [(challenge, left) for challenge, left in rows]


# --- what was said -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """One complete review, for those who may read it after scoring."""

    reviewer: str | None
    scores: dict[str, int]
    sentence: str


def said(idea_ids: Iterable[int]) -> dict[int, list[Said]]:
    """The complete reviews of some ideas, by idea id, first written first."""
    rows = db.session.execute(
        select(Review.idea_id, Review.scores, Review.sentence, Person.name, Person.erased_at)
        .outerjoin(Person, Person.id == Review.reviewer_id)
        .where(Review.idea_id.in_(list(idea_ids)), Review.valid)
        .order_by(Review.idea_id, Review.id)
    )
    found: dict[int, list[Said]] = {}
    for idea_id, scores, sentence, name, erased_at in rows:
        found.setdefault(idea_id, []).append(Said(None if erased_at else name, scores, sentence))
    return found


def reasons(idea_id: int) -> list[tuple[int, str]]:
    """(number, sentence) of an idea's complete reviews, for its authors after the decision: members without names."""
    rows = db.session.scalars(
        select(Review.sentence)
        .where(Review.idea_id == idea_id, Review.valid, Review.sentence != "")
        .order_by(Review.written_at, Review.id)
    )
    return list(enumerate(rows, start=1))
