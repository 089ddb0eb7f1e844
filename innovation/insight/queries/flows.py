"""From which stage to which: what went, how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from innovation.challenges.models import Challenge
from innovation.insight.queries.filters import Filters, on_passages
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.lifecycle import Passage
from innovation.rules.charts.sankey import Flow
from innovation.rules.idea import IdeaState

OUTSIDE = ""
COLUMNS: tuple[tuple[str, ...], ...] = (
    ("checking",),
    ("submitted",),
    ("returned", "shortlisted"),
    ("promoted", "parked", "declined", "merged", "withdrawn"),
    ("project_running",),
    ("project_passed", "project_stopped"),
    ("project_adopted", "project_iterated"),
)
"""How the stages that are states stand in the picture, from left to right."""

_STATES = frozenset(stage for column in COLUMNS for stage in column)


@dataclass(frozen=True, slots=True)
class Flows:
    """All flows, and beside them what came from outside, by the stage it came to: ideas when they were first sent."""

    inside: Sequence[Flow]
    came: Sequence[tuple[str, int]]

    @property
    def from_outside(self) -> int:
        return sum(count for _stage, count in self.came)


def flows(actor: Actor, filters: Filters) -> Flows:
    """Flows between the states of ideas and projects: one query. A project begins where its idea was chosen."""
    statement = (
        select(Passage.from_stage, Passage.stage, func.count())
        .join(Challenge, Challenge.id == Passage.challenge_id)
        .where(Passage.subject_kind.in_(["idea", "project"]), Passage.stage.in_(_STATES), *on_passages(actor, filters))
        .group_by(Passage.from_stage, Passage.stage)
        .order_by(Passage.from_stage, Passage.stage)
    )
    found, came = [], []
    for source, stage, count in db.session.execute(statement):
        if source == OUTSIDE and stage == "project_running":
            found.append(Flow(str(IdeaState.PROMOTED), stage, count))
        elif source == OUTSIDE:
            came.append((stage, count))
        else:
            found.append(Flow(source, stage, count))
    return Flows(found, came)
