"""Measuring a panel's scores once they are in: every idea's mean, how sure it is, and its place."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.evaluation import queries
from innovation.evaluation.models import PanelScore, Review
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import in_transaction
from innovation.rules.panel import HIGHEST, LOWEST, hidden_by_rounding, review_mean
from innovation.rules.ranking import Panel, field_of, fit_spread, uncertainty
from innovation.rules.ranking.field import MICRO
from innovation.rules.ranking.listing import seed_of
from innovation.voting.service import Placed, put_standings

METHOD = "panel"


def measure_panel(*, actor: Actor, challenge_id: int, k: int) -> None:
    """Compute and store the standings by the panel's means of a challenge whose scoring is over.

    Args:
        k: how many are chosen, for the chance of being among them.
    """
    challenge = challenges.by_id(challenge_id)
    ideas, panel = gather(challenge)
    seed = seed_of(challenge.public_id, METHOD, repr((panel.mean.tolist(), panel.reviews.tolist())))
    if not in_transaction():
        db.session.rollback()  # nothing is held open while this computes
    fitted = {"k": k, "panel_variance_micro": panel.variance_micro or 0, "panel_freedom": panel.freedom}
    placed = place(ideas, panel, k, seed)
    put_standings(actor=actor, challenge_id=challenge_id, method=METHOD, placed=placed, fitted=fitted)


def gather(challenge: Challenge) -> tuple[Sequence[int], Panel]:
    """The ideas that have a mean, oldest first, and what the panel said of them: three queries."""
    means = db.session.execute(
        select(PanelScore.idea_id, PanelScore.mean_micro, PanelScore.reviews)
        .join(Idea, Idea.id == PanelScore.idea_id)
        .where(queries.to_score(challenge))
        .order_by(Idea.submitted_at, Idea.id)
    ).all()
    weights = {str(each.id): each.weight for each in queries.criteria(challenge.id)}
    said: dict[int, list[Fraction]] = {row.idea_id: [] for row in means}
    hidden: list[Fraction] = []
    rows = select(Review.idea_id, Review.scores).join(Idea, Idea.id == Review.idea_id)
    for idea_id, scores in db.session.execute(rows.where(queries.to_score(challenge), Review.valid).order_by(Review.id)):
        given = {key: int(value) for key, value in scores.items()}
        if given and idea_id in said:
            said[idea_id].append(review_mean(given, weights))
            hidden.append(hidden_by_rounding(given, weights))
    variance, freedom = fit_spread(list(said.values()), sum(hidden, Fraction(0)) / max(len(hidden), 1))
    mean = np.array([row.mean_micro for row in means], dtype=np.float64) / MICRO
    reviews = np.array([len(said[row.idea_id]) for row in means], dtype=np.float64)
    return [row.idea_id for row in means], Panel(mean, np.maximum(reviews, 1), variance, freedom)


def place(ideas: Sequence[int], panel: Panel, k: int, seed: int) -> list[Placed]:
    """The standings of these ideas, oldest first; equal means stand in that order. No interval leaves the scale."""
    found = uncertainty(METHOD, field_of(len(ideas), panel=panel), k, seed)
    order = np.argsort(-panel.mean, kind="stable")
    rows, sure = found.micro(), panel.variance_micro is not None
    placed = []
    for number, n in enumerate(order.tolist(), start=1):
        score, low, high, top = rows[n]
        ends = (
            {"low": min(score, max(low, LOWEST * MICRO)), "high": max(score, min(high, HIGHEST * MICRO)), "top": top}
            if sure
            else {}
        )
        placed.append(Placed(ideas[n], number, score, figures={"reviews": int(panel.reviews[n])}, **ends))
    return placed
