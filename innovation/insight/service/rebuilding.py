"""Making the figures anew from what they are figures of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, func, insert, literal, select, union_all

from innovation.awards.models import Award
from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.insight.service.taking_part import read_anew
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.lifecycle import Passage, StageCount
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.models import Gate, Project


@use_case(None)
def rebuild(*, actor: Actor, now: datetime = AT_LOCK) -> None:
    """Throw every counter and participation away and make them again: from passages, and from what people did."""
    db.session.execute(delete(StageCount))
    columns = ["programme_id", "challenge_id", "subject_kind", "stage", "visibility", "entered", "left"]
    counted = union_all(*(_counted(kind, *joined) for kind, joined in _subjects().items())).subquery()
    db.session.execute(insert(StageCount).from_select(columns, select(counted), include_defaults=False))
    read_anew(now)


def _subjects() -> dict[str, tuple[Any, list[Any]]]:
    """Of each kind of subject: its visibility class, and how it is joined to its passages."""
    gate = and_(Passage.subject_kind == "gate", Gate.id == Passage.subject_id)
    return {
        "challenge": (literal("audience"), [(Challenge, Challenge.id == Passage.subject_id)]),
        "idea": (Idea.visibility, [(Idea, Idea.id == Passage.subject_id)]),
        "project": (Project.visibility, [(Project, Project.id == Passage.subject_id)]),
        "award": (Award.visibility, [(Award, Award.id == Passage.subject_id)]),
        "gate": (Project.visibility, [(Gate, gate), (Project, Project.id == Gate.project_id)]),
    }


def _counted(kind: str, visibility: Any, joins: list[Any]) -> Select[Any]:
    shown = visibility.label("visibility")
    statement: Select[Any] = select(
        Passage.programme_id,
        Passage.challenge_id,
        literal(kind).label("subject_kind"),
        Passage.stage,
        shown,
        func.count().label("entered"),
        func.count(Passage.left_at).label("left"),
    )
    for table, condition in joins:
        statement = statement.join(table, condition)
    return statement.where(Passage.subject_kind == kind).group_by(
        Passage.programme_id, Passage.challenge_id, Passage.stage, shown
    )
