"""Keeping the panel's means equal to the reviews they come from."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from innovation.evaluation.models import Criterion, PanelScore, Review
from innovation.ideas.models import Idea
from innovation.kernel.db import db, upsert
from innovation.rules.panel import weighted_mean_micro


def renew_means(idea_ids: Sequence[int]) -> None:
    """Compute the panel means of some ideas anew from their complete reviews; an idea without one has none."""
    for start in range(0, len(idea_ids), 500):
        _renew(idea_ids[start : start + 500])


def _renew(idea_ids: Sequence[int]) -> None:
    weights: dict[int, dict[str, int]] = {idea_id: {} for idea_id in idea_ids}
    for idea_id, criterion_id, weight in db.session.execute(
        select(Idea.id, Criterion.id, Criterion.weight)
        .join(Criterion, Criterion.challenge_id == Idea.challenge_id)
        .where(Idea.id.in_(idea_ids))
    ):
        weights[idea_id][str(criterion_id)] = weight
    scores: dict[int, list[dict[str, int]]] = {idea_id: [] for idea_id in idea_ids}
    for idea_id, given in db.session.execute(
        select(Review.idea_id, Review.scores).where(Review.idea_id.in_(idea_ids), Review.valid)
    ):
        scores[idea_id].append({key: int(value) for key, value in given.items()})
    for idea_id, reviews in scores.items():
        _write(idea_id, weighted_mean_micro(reviews, weights[idea_id]), len(reviews))


def _write(idea_id: int, mean: int | None, reviews: int) -> None:
    if mean is None:
        db.session.execute(delete(PanelScore).where(PanelScore.idea_id == idea_id))
        return
    values = {"mean_micro": mean, "reviews": reviews}
    row = upsert(PanelScore).values(idea_id=idea_id, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["idea_id"], set_=values))
