"""Reading the funnel. Figures come from counters that ``lifecycle`` keeps; lists from the passages behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Programme
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.lifecycle import Passage, StageCount
from innovation.projects import queries as projects
from innovation.projects.models import Gate, Project
from innovation.rules.idea import IdeaState
from innovation.rules.project import SIX_WEEKS

IDEA_STAGES = tuple(str(state) for state in IdeaState if state != IdeaState.DRAFT)
MAIN_STAGES: tuple[tuple[str, str], ...] = (
    ("idea", IdeaState.SUBMITTED),
    ("idea", IdeaState.PROMOTED),
    *(("gate", f"gate_{key}") for key, _day in SIX_WEEKS),
    ("project", "project_passed"),
)
"""The way from an idea to a proof, in order: what the funnel draws."""

SIDE_STAGES: tuple[tuple[str, str], ...] = (
    ("idea", IdeaState.RETURNED),
    ("idea", IdeaState.SHORTLISTED),
    ("idea", IdeaState.DECLINED),
    ("idea", IdeaState.PARKED),
    ("idea", IdeaState.WITHDRAWN),
    ("idea", IdeaState.MERGED),
    ("project", "project_running"),
    ("project", "project_stopped"),
)
"""Where ideas and projects also are."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage's figures; ``entered == inside + left`` by the way they are kept."""

    kind: str
    key: str
    entered: int
    left: int

    @property
    def inside(self) -> int:
        return self.entered - self.left


@dataclass(frozen=True, slots=True)
class Funnel:
    """Figures of a programme, a challenge, or everything."""

    main: Sequence[Stage]
    side: Sequence[Stage]

    def stage(self, key: str) -> Stage:
        return next(each for each in (*self.main, *self.side) if each.key == key)


def funnel(actor: Actor, programme: Programme | None = None, challenge: Challenge | None = None) -> Funnel:
    """The funnel over challenges this person manages or sponsors: one query whatever their number."""
    statement = (
        select(StageCount.subject_kind, StageCount.stage, func.sum(StageCount.entered), func.sum(StageCount.left))
        .join(Challenge, Challenge.id == StageCount.challenge_id)
        .where(challenges.manages(actor, Challenge.programme_id) | challenges.works_on(actor))
        .group_by(StageCount.subject_kind, StageCount.stage)
    )
    if programme is not None:
        statement = statement.where(StageCount.programme_id == programme.id)
    if challenge is not None:
        statement = statement.where(StageCount.challenge_id == challenge.id)
    found = {(kind, stage): (int(entered), int(left)) for kind, stage, entered, left in db.session.execute(statement)}

    def stages(wanted: Sequence[tuple[str, str]]) -> list[Stage]:
        return [Stage(kind, str(key), *found.get((kind, str(key)), (0, 0))) for kind, key in wanted]

    return Funnel(stages(MAIN_STAGES), stages(SIDE_STAGES))


def members(
    actor: Actor,
    kind: str,
    stage: str,
    part: str,
    programme: Programme | None,
    challenge: Challenge | None,
    cursor: str | None,
) -> paging.Page[Any]:
    """The list that makes a figure: (passage, idea, project or None), the latest entered first.

    Args:
        part: ``entered``, ``inside`` or ``left``.
    """
    statement = _passages(kind).where(
        Passage.stage == stage, challenges.manages(actor, Passage.programme_id) | challenges.works_on(actor)
    )
    if part == "inside":
        statement = statement.where(Passage.left_at.is_(None))
    elif part == "left":
        statement = statement.where(Passage.left_at.is_not(None))
    if programme is not None:
        statement = statement.where(Passage.programme_id == programme.id)
    if challenge is not None:
        statement = statement.where(Passage.challenge_id == challenge.id)
    order = [paging.Key(Passage.entered_at, True), paging.Key(Passage.id, True)]
    return paging.fetch(statement, order, cursor, lambda row: (row[0].entered_at, row[0].id))


def _passages(kind: str) -> Select[Passage, Idea, Project]:
    of_kind = Passage.subject_kind == kind
    if kind == "idea":
        statement = select(Passage, Idea, Project).join(Idea, and_(of_kind, Idea.id == Passage.subject_id))
        statement = statement.outerjoin(Project, Project.idea_id == Idea.id)
    elif kind == "gate":
        statement = select(Passage, Idea, Project).join(Gate, and_(of_kind, Gate.id == Passage.subject_id))
        statement = statement.join(Project, Project.id == Gate.project_id).join(Idea, Idea.id == Project.idea_id)
    else:
        statement = select(Passage, Idea, Project).join(Project, and_(of_kind, Project.id == Passage.subject_id))
        statement = statement.join(Idea, Idea.id == Project.idea_id)
    return statement.join(Challenge, Challenge.id == Idea.challenge_id).options(joinedload(Idea.challenge))


def readable(actor: Actor, idea_ids: Sequence[int]) -> set[int]:
    """Which of some ideas this person may read by title; a sealed one is a row without a title to others."""
    if not idea_ids:
        return set()
    return set(
        db.session.scalars(select(Idea.id).join(Idea.challenge).where(Idea.id.in_(list(idea_ids)), ideas.visible(actor)))
    )


def shown_projects(actor: Actor, project_ids: Sequence[int]) -> set[int]:
    """Which of some projects this person sees by name, as in the list of projects."""
    if not project_ids:
        return set()
    return set(
        db.session.scalars(
            select(Project.id).join(Project.challenge).where(Project.id.in_(list(project_ids)), projects.visible(actor))
        )
    )


def mismatches() -> list[tuple[int, str, str]]:
    """Counters that differ from the passages they count: (challenge id, stage, what is wrong). Empty when all is well."""
    counted = {
        (row[0], row[1], row[2]): (int(row[3]), int(row[4]))
        for row in db.session.execute(
            select(
                Passage.challenge_id,
                Passage.subject_kind,
                Passage.stage,
                func.count(),
                func.count(Passage.left_at),
            ).group_by(Passage.challenge_id, Passage.subject_kind, Passage.stage)
        )
    }
    kept: dict[tuple[int, str, str], tuple[int, int]] = {}
    for row in db.session.scalars(select(StageCount)):
        key = (row.challenge_id, row.subject_kind, row.stage)
        entered, left = kept.get(key, (0, 0))
        kept[key] = (entered + row.entered, left + row.left)
    return [
        (key[0], key[2], f"kept {kept.get(key)}, counted {counted.get(key)}")
        for key in sorted(kept.keys() | counted.keys())
        if kept.get(key) != counted.get(key)
    ]


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
