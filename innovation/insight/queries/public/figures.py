"""Counts, value and thanks of some challenges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, union

from innovation.ideas.models import Author, Idea
from innovation.insight.queries.public.columns import CLASSES, named, open_ideas, open_projects
from innovation.insight.queries.public.shapes import KEPT, Chosen, Counts, Thanks, Worth
from innovation.kernel.db import db
from innovation.kernel.lifecycle import StageCount
from innovation.people.models import Person
from innovation.projects.models import Member, Project, ValueClaim
from innovation.rules.idea import IdeaState
from innovation.rules.project import ValueKind

NAMES = 12
"""So many people are thanked by name for one challenge."""


def worth_of(ideas: Iterable[Chosen]) -> dict[int | None, list[Worth]]:
    """What the projects of some chosen ideas are worth, by project id."""
    ids = [idea.project_id for idea in ideas if idea.project_id is not None]
    return worth_by(Project.id, Project.id.in_(ids))


def thanked(took_part: int, names: Sequence[str], named: int) -> Thanks:
    return Thanks(names, max(took_part, named) - len(names))


def counts_of(ids: Sequence[int]) -> dict[int, Counts]:
    rows = db.session.execute(
        select(
            StageCount.challenge_id,
            StageCount.subject_kind,
            StageCount.stage,
            func.sum(StageCount.entered),
            func.sum(StageCount.left),
        )
        .where(StageCount.challenge_id.in_(ids), StageCount.visibility.in_(CLASSES))
        .group_by(StageCount.challenge_id, StageCount.subject_kind, StageCount.stage)
    )
    found: dict[int, list[tuple[Any, ...]]] = {}
    for challenge_id, *figures in rows:
        found.setdefault(challenge_id, []).append(tuple(figures))
    return {challenge_id: counts_from(each) for challenge_id, each in found.items()}


def counts_from(rows: Iterable[tuple[Any, ...]]) -> Counts:
    """Counts from (kind, stage, entered, left). What went through a stage that is no state is nowhere inside."""
    ideas: dict[str, int] = {}
    projects: dict[str, int] = {}
    took_part = 0
    for kind, stage, entered, left in rows:
        inside = int(entered) - int(left)
        if kind == "idea" and inside:
            ideas[stage] = inside
        elif kind == "project" and inside:
            projects[stage.removeprefix("project_")] = inside
        elif (kind, stage) == ("person", "took_part"):
            took_part = int(entered)
    return Counts(ideas, projects, took_part)


def worth_by(by: Any, which: ColumnElement[bool]) -> dict[int | None, list[Worth]]:
    """Values by a column (None: all together): of each project the newest actual one, or else the newest validated."""
    sure = case((ValueClaim.kind == ValueKind.ACTUAL, 0), else_=1)
    newest = func.row_number().over(partition_by=ValueClaim.project_id, order_by=[sure, ValueClaim.number.desc()])
    said = (
        select(ValueClaim.id, newest.label("place"))
        .join(Project, Project.id == ValueClaim.project_id)
        .where(
            which,
            open_projects(),
            Project.state.in_(KEPT),
            ValueClaim.kind.in_([ValueKind.ACTUAL, ValueKind.VALIDATED]),
        )
        .subquery()
    )
    what = (ValueClaim.kind, ValueClaim.per, ValueClaim.currency)
    groups = what if by is None else (by, *what)
    rows = db.session.execute(
        select(*groups, func.sum(ValueClaim.amount_minor))
        .join(said, and_(said.c.id == ValueClaim.id, said.c.place == 1))
        .join(Project, Project.id == ValueClaim.project_id)
        .group_by(*groups)
        .order_by(*what)
    )
    found: dict[int | None, list[Worth]] = {}
    for *key, kind, per, currency, minor in rows:
        found.setdefault(key[0] if key else None, []).append(Worth(kind, per, currency, int(minor)))
    return found


def names_of(ids: Sequence[int]) -> dict[int, tuple[list[str], int]]:
    """(the first names, how many there are) of authors and project members who agreed to be named, by challenge."""
    sent = Idea.state.not_in([IdeaState.DRAFT, IdeaState.RETURNED, IdeaState.WITHDRAWN])
    wrote = (
        select(Idea.challenge_id, Person.id.label("person_id"), Person.name)
        .select_from(Idea)
        .join(Author, Author.idea_id == Idea.id)
        .join(Person, Person.id == Author.person_id)
        .where(Idea.challenge_id.in_(ids), open_ideas(), sent, Author.accepted_at.is_not(None), named())
    )
    works = (
        select(Project.challenge_id, Person.id.label("person_id"), Person.name)
        .select_from(Project)
        .join(Member, Member.project_id == Project.id)
        .join(Person, Person.id == Member.person_id)
        .where(Project.challenge_id.in_(ids), open_projects(), Member.accepted_at.is_not(None), named())
    )
    both = union(wrote, works).subquery()
    here = both.c.challenge_id
    ranked = select(
        here,
        both.c.name,
        func.row_number().over(partition_by=here, order_by=[both.c.name, both.c.person_id]).label("place"),
        func.count().over(partition_by=here).label("all"),
    ).subquery()
    found: dict[int, tuple[list[str], int]] = {}
    rows = db.session.execute(select(ranked).where(ranked.c.place <= NAMES).order_by(ranked.c.challenge_id, ranked.c.place))
    for challenge_id, name, _place, count in rows:
        found.setdefault(challenge_id, ([], count))[0].append(name)
    return found
