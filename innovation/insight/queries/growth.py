"""What came over time: by day for the burn-up, and by the month in which ideas were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, union_all

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.insight.queries.filters import Filters, on_ideas, on_passages, within
from innovation.insight.queries.stages import Stage
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.lifecycle import Passage
from innovation.projects.models import Project
from innovation.rules.idea import IdeaState

COHORT_STAGES: tuple[tuple[str, str], ...] = (
    ("idea", IdeaState.SUBMITTED),
    ("idea", IdeaState.PROMOTED),
    ("project", "project_passed"),
    ("project", "project_adopted"),
)
COHORTS = 24


def _written(column: Any, as_in: str) -> ColumnElement[str]:
    """An instant's day (``%Y-%m-%d``) or month (``%Y-%m``) in UTC, as text."""
    if db.session.get_bind().dialect.name == "postgresql":
        pattern = as_in.replace("%Y", "YYYY").replace("%m", "MM").replace("%d", "DD")
        return func.to_char(func.timezone("UTC", column), pattern)
    return func.strftime(as_in, column)


@dataclass(frozen=True, slots=True)
class Growth:
    """How many ideas had been sent, and how many proofs had passed, by the end of each day on which there was one."""

    ideas: Sequence[tuple[date, int]]
    proofs: Sequence[tuple[date, int]]


def growth(actor: Actor, filters: Filters) -> Growth:
    """Ideas and proofs over time: one query."""
    day = _written(Passage.entered_at, "%Y-%m-%d").label("day")
    statement = (
        select(Passage.subject_kind, day, func.count())
        .join(Challenge, Challenge.id == Passage.challenge_id)
        .where(*on_passages(actor, filters))
        .where(Passage.subject_kind.in_(["idea", "project"]), Passage.stage.in_(["submitted", "project_passed"]))
        .group_by(Passage.subject_kind, day)
        .order_by(day)
    )
    found: dict[str, list[tuple[date, int]]] = {"idea": [], "project": []}
    for kind, on, count in db.session.execute(statement):
        found[kind].append((date.fromisoformat(on), int(count)))
    return Growth(*(_summed(found[kind]) for kind in ("idea", "project")))


def _summed(rows: Sequence[tuple[date, int]]) -> Sequence[tuple[date, int]]:
    return list(zip((on for on, _count in rows), accumulate(count for _on, count in rows), strict=True))


@dataclass(frozen=True, slots=True)
class Cohort:
    """The ideas sent in one month, and how far they came since."""

    month: str
    stages: Sequence[Stage]

    @property
    def first(self) -> datetime:
        return datetime.strptime(self.month, "%Y-%m").replace(tzinfo=UTC)


def cohorts(actor: Actor, filters: Filters) -> Sequence[Cohort]:
    """The last 24 months in which an idea was sent, the latest first: one query."""
    month = _written(Idea.submitted_at, "%Y-%m").label("month")
    figures = (month, Passage.subject_kind, Passage.stage, func.count(), func.count(Passage.left_at))
    asked = (Idea.submitted_at.is_not(None), *on_ideas(actor, filters), *within(Passage.entered_at, filters))
    groups = (month, Passage.subject_kind, Passage.stage)
    of_ideas = (
        select(*figures)
        .join(Idea, and_(Passage.subject_kind == "idea", Idea.id == Passage.subject_id))
        .join(Challenge, Challenge.id == Idea.challenge_id)
        .where(Passage.stage.in_([IdeaState.SUBMITTED, IdeaState.PROMOTED]), *asked)
        .group_by(*groups)
    )
    of_projects = (
        select(*figures)
        .join(Project, and_(Passage.subject_kind == "project", Project.id == Passage.subject_id))
        .join(Idea, Idea.id == Project.idea_id)
        .join(Challenge, Challenge.id == Idea.challenge_id)
        .where(Passage.stage.in_(["project_passed", "project_adopted"]), *asked)
        .group_by(*groups)
    )
    found: dict[str, dict[tuple[str, str], tuple[int, int]]] = {}
    for on, kind, stage, entered, left in db.session.execute(union_all(of_ideas, of_projects)):
        found.setdefault(on, {})[kind, stage] = int(entered), int(left)
    months = sorted(found, reverse=True)[:COHORTS]
    return [
        Cohort(on, [Stage(kind, str(key), *found[on].get((kind, str(key)), (0, 0))) for kind, key in COHORT_STAGES])
        for on in months
    ]
