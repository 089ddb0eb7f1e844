"""Reading hypotheses and evidence."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from innovation.kernel import paging
from innovation.kernel.db import db
from innovation.people.models import Person
from innovation.projects.models import Evidence, Hypothesis, Project


def hypotheses(project: Project) -> Sequence[Hypothesis]:
    """What must be true, in the order it was written."""
    return db.session.scalars(
        select(Hypothesis).where(Hypothesis.project_id == project.id).order_by(Hypothesis.position)
    ).all()


def hypothesis(project: Project, position: int) -> Hypothesis | None:
    """One hypothesis by its place, counted from 1."""
    # A place beyond what a database can count names nothing.
    if not 0 < position < 2**31:
        return None
    return db.session.scalars(
        select(Hypothesis).where(Hypothesis.project_id == project.id, Hypothesis.position == position)
    ).one_or_none()


def page(
    project: Project, cursor: str | None, upto: int | None = None
) -> paging.Page[tuple[Evidence, Hypothesis | None, str | None]]:
    """What was found, the newest first: (evidence, what it is about, who added it).

    Args:
        upto: the number of the piece to begin with.
    """
    statement = (
        select(Evidence, Hypothesis, Person.name)
        .outerjoin(Hypothesis, Hypothesis.id == Evidence.hypothesis_id)
        .outerjoin(Person, (Person.id == Evidence.added_by) & Person.erased_at.is_(None))
        .where(Evidence.project_id == project.id)
    )
    if upto is not None:
        statement = statement.where(Evidence.number <= min(max(upto, 0), 2**31 - 1))
    return paging.fetch(statement, [paging.Key(Evidence.number, True)], cursor, lambda row: (row[0].number,))


def to_cite(project: Project, limit: int = 100) -> Sequence[Evidence]:
    """Evidence that a decision can cite, the newest first."""
    return db.session.scalars(
        select(Evidence).where(Evidence.project_id == project.id).order_by(Evidence.number.desc()).limit(limit)
    ).all()


def is_tested(hypothesis: Hypothesis) -> bool:
    """Whether something was found about a hypothesis."""
    found = select(Evidence.id).where(Evidence.hypothesis_id == hypothesis.id).limit(1)
    return db.session.scalar(found) is not None


def tested(project: Project) -> set[int]:
    """Which hypotheses something was found about, by id."""
    return set(
        db.session.scalars(
            select(Evidence.hypothesis_id)
            .where(Evidence.project_id == project.id, Evidence.hypothesis_id.is_not(None))
            .distinct()
        )
    )


def last_position(project: Project) -> int:
    return db.session.scalar(select(func.max(Hypothesis.position)).where(Hypothesis.project_id == project.id)) or 0
