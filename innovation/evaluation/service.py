"""Taking in reviews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from innovation.evaluation.models import PanelScore, Review
from innovation.kernel.db import db, insert_many, upsert
from innovation.rules.measures import mean_micro


def record_reviews(source: str, rows: Iterable[tuple[str, int, int | None, Mapping[str, int], bool]]) -> int:
    """Keep reviews of an import, inside the importer's use case, and renew the means of their ideas.

    Args:
        rows: (foreign id, idea id, reviewer's person id or None, scores by criterion, valid).

    Returns:
        How many were new.
    """
    known = set(db.session.scalars(select(Review.foreign_id).where(Review.source == source)))
    fresh = [row for row in rows if row[0] not in known]
    insert_many(
        Review,
        [
            {
                "source": source,
                "foreign_id": foreign_id,
                "idea_id": idea_id,
                "reviewer_id": reviewer_id,
                "scores": dict(scores),
                "valid": valid,
            }
            for foreign_id, idea_id, reviewer_id, scores, valid in fresh
        ],
    )
    renew_means(sorted({row[1] for row in fresh}))
    return len(fresh)


def renew_means(idea_ids: Sequence[int]) -> None:
    """Compute the panel means of some ideas from their valid reviews."""
    scores: dict[int, list[list[int]]] = {idea_id: [] for idea_id in idea_ids}
    for start in range(0, len(idea_ids), 500):
        batch = idea_ids[start : start + 500]
        for idea_id, given in db.session.execute(
            select(Review.idea_id, Review.scores).where(Review.idea_id.in_(batch), Review.valid)
        ):
            scores[idea_id].append([int(value) for value in given.values()])
    for idea_id, reviews in scores.items():
        mean = mean_micro(reviews)
        if mean is None:
            continue
        row = upsert(PanelScore).values(idea_id=idea_id, mean_micro=mean, reviews=len(reviews))
        db.session.execute(
            row.on_conflict_do_update(index_elements=["idea_id"], set_={"mean_micro": mean, "reviews": len(reviews)})
        )
