"""Reading panel scores."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from innovation.evaluation.models import PanelScore
from innovation.kernel.db import db


def panel_scores(idea_ids: Iterable[int]) -> dict[int, PanelScore]:
    """Mean panel scores by idea id."""
    rows = db.session.scalars(select(PanelScore).where(PanelScore.idea_id.in_(list(idea_ids))))
    return {row.idea_id: row for row in rows}
