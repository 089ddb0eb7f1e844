"""Three figures for the front page."""

from __future__ import annotations

from sqlalchemy import func, select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.lifecycle import StageCount
from innovation.rules.idea import IdeaState


def strip(actor: Actor) -> tuple[int, int, int]:
    """(ideas, projects, proofs passed) over the whole house in what the audience may see: for the front page."""
    rows = db.session.execute(
        select(StageCount.stage, func.sum(StageCount.entered))
        .where(
            StageCount.visibility.in_(["audience", "public"]),
            StageCount.stage.in_([IdeaState.SUBMITTED, "project_running", "project_passed"]),
        )
        .group_by(StageCount.stage)
    )
    found = {stage: int(total) for stage, total in rows}
    return found.get(IdeaState.SUBMITTED, 0), found.get("project_running", 0), found.get("project_passed", 0)
