"""Reading how reviewers' scores stand to what came of the ideas: one's own, or everybody's together."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from sqlalchemy import ColumnElement, and_, select

from innovation.challenges import queries as challenges
from innovation.evaluation.models import Criterion, Review
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.projects.models import Project
from innovation.rules.backtest import ENDED, outcome_of
from innovation.rules.calibration import Calibration, calibrate
from innovation.rules.panel import review_mean

FEWEST_REVIEWERS: Final = 5
"""Among so many reviewers besides the reader nobody's own scores can be told apart; of fewer nothing is said."""
NEWEST: Final = 5_000
"""So many of the newest reviews are looked at."""


@dataclass(frozen=True, slots=True)
class Together:
    """Everybody's reviews in the programmes that a manager manages; no figures where there are too few reviewers."""

    figures: Calibration | None


def own(actor: Actor) -> Calibration:
    """How a person's own complete reviews stand to outcomes; he alone reads it. Two queries."""
    if actor.person_id is None:
        return calibrate([])
    return calibrate([told for _reviewer, told in _reviews(Review.reviewer_id == actor.person_id)])


def together(actor: Actor) -> Together | None:
    """The same over everybody in the programmes this person manages; None for one who manages none.

    A manager who reviews too knows his own scores, so the others have to be enough by themselves. Two queries.
    """
    if not actor.is_house and not any(grant.role == "manager" for grant in actor.grants):
        return None
    rows = _reviews(challenges.manages(actor, Project.programme_id))
    others = {reviewer for reviewer, _told in rows if reviewer != actor.person_id}
    return Together(calibrate([told for _reviewer, told in rows]) if len(others) >= FEWEST_REVIEWERS else None)


def _reviews(which: ColumnElement[bool]) -> list[tuple[int, tuple[Fraction, bool]]]:
    """(reviewer, (mean score, whether it worked)) of complete reviews given here, of ideas whose project has ended."""
    rows = db.session.execute(
        select(Review.reviewer_id, Review.scores, Idea.challenge_id, Project.state, Project.settled_at)
        .join(Idea, Idea.id == Review.idea_id)
        .join(Project, Project.idea_id == Idea.id)
        .where(
            and_(Review.valid, Review.source.is_(None), Review.reviewer_id.is_not(None), Project.state.in_(ENDED)),
            which,
        )
        .order_by(Review.id.desc())
        .limit(NEWEST)
    ).all()
    weights: dict[int, dict[str, int]] = {}
    asked = {challenge_id for _reviewer, _scores, challenge_id, *_state in rows}
    for criterion in db.session.scalars(select(Criterion).where(Criterion.challenge_id.in_(asked))):
        weights.setdefault(criterion.challenge_id, {})[str(criterion.id)] = criterion.weight
    return [
        (
            reviewer,
            (review_mean(scores, weights.get(challenge_id, {})), bool(outcome_of(state, settled=settled_at is not None))),
        )
        for reviewer, scores, challenge_id, state, settled_at in rows
        if reviewer is not None and scores
    ]
