"""Taking in reviews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from innovation.evaluation.models import Review
from innovation.evaluation.service.means import renew_means
from innovation.kernel.db import db, insert_many


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
