"""Reading the whole house, table by table, for its export: rows by ascending key, without what is held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, false, func, or_, select

from innovation.attachments.models import Attachment
from innovation.challenges.models import Challenge
from innovation.discussion.models import Thread
from innovation.ideas.models import Idea
from innovation.kernel.db import Base, db
from innovation.projects.models import Project
from innovation.rules.idea import IdeaState
from innovation.voting.models import Comparison, Vote

BY_NAME = {"idea_id": "idea", "project_id": "project", "thread_id": "thread", "comment_id": "comment", "set_id": "file_set"}
"""Columns that lead to an idea, sooner or later, whether or not the schema says so."""
ALSO = {
    "case_id",
    "gate_id",
    "decision_id",
    "milestone_id",
    "hypothesis_id",
    "line_id",
    "award_id",
    "evidence_id",
    "sending_id",
}
"""Further steps on the way to an idea, where the schema says where they lead."""

OWN = (IdeaState.DRAFT, IdeaState.RETURNED, IdeaState.WITHDRAWN)
"""In these states an idea is read by its authors alone."""
APART = frozenset({"challenge", "programme", "round", "run", "organisation"})
"""Tables above ideas: their talks and files are about no single one."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Which ideas keep what back: ``words`` that no administrator reads, people where their ``names`` are hidden.

    ``opened`` are those he may open for a reason: sealed ones, and those that wait to be checked. Nobody but its authors
    reads a draft, one that was sent back, or one that was withdrawn.
    """

    opened: bool = False

    @property
    def words(self) -> ColumnElement[bool]:
        own = or_(Idea.submitted_at.is_(None), Idea.state.in_(OWN))
        return own if self.opened else or_(own, _closed())

    @property
    def names(self) -> ColumnElement[bool]:
        hidden = and_(Challenge.names_hidden.is_(True), Challenge.decided_at.is_(None))
        return Idea.challenge_id.in_(select(Challenge.id).where(hidden))


def tables() -> list[Table]:
    """Every table, in the order of their names."""
    return [Base.metadata.tables[name] for name in sorted(Base.metadata.tables)]


def by_name(name: str) -> Table | None:
    """A table by its name."""
    return Base.metadata.tables.get(name)


def key_of(table: Table) -> Column[Any]:
    """The column by which a table's rows are read in order."""
    return next(iter(table.primary_key.columns))


def leads_to_person(table: Table) -> list[str]:
    """A table's columns that hold a person's number."""
    return [c.name for c in table.columns if any(key.column.table.name == "person" for key in c.foreign_keys)]


def rows(
    table: Table,
    columns: Sequence[str],
    after: int,
    limit: int,
    words: ColumnElement[bool],
    names: ColumnElement[bool],
) -> list[dict[str, Any]]:
    """The next rows of a table, each with ``_key``, ``_words`` and ``_names``: whether those are kept back."""
    key = key_of(table)
    statement = (
        select(*(table.c[name] for name in columns), key.label("_key"), words.label("_words"), names.label("_names"))
        .where(key > after)
        .order_by(key)
        .limit(limit)
    )
    return [dict(row._mapping) for row in db.session.execute(statement)]


def hidden(table: Table, ideas: ColumnElement[bool], seen: frozenset[str] = frozenset()) -> ColumnElement[bool]:
    """Which rows of a table belong to such ideas, by whatever way they lead to one."""
    if table.name == "idea":
        return ideas
    if table.name in seen or table.name in APART:
        return false()
    if table.name == "file_set":
        return _file_set(table, ideas, seen)
    found = []
    for column in table.columns:
        target = BY_NAME.get(column.name) or (_target(column) if column.name in ALSO else None)
        if target is not None and target != table.name:
            other = Base.metadata.tables[target]
            inner = hidden(other, ideas, seen | {table.name})
            if inner is not None and not _never(inner):
                found.append(and_(column.is_not(None), column.in_(select(key_of(other)).where(inner))))
    return or_(*found) if found else false()


def sealed_ideas(after: int, limit: int) -> Sequence[Idea]:
    """Ideas that are closed to administrators unless they give a reason, by ascending number."""
    open_to_all = or_(Idea.submitted_at.is_(None), Idea.state.in_(OWN), ~_closed())
    wanted = select(Idea).where(~open_to_all, Idea.id > after)
    return db.session.scalars(wanted.order_by(Idea.id).limit(limit)).all()


def decided_challenges(after: int, limit: int) -> Sequence[Challenge]:
    """Challenges whose votes are over and were frozen for the decision."""
    wanted = select(Challenge).where(Challenge.frozen_at.is_not(None), Challenge.id > after)
    return db.session.scalars(wanted.order_by(Challenge.id).limit(limit)).all()


def voters(challenge_id: int) -> int:
    """How many people said something that counts in a challenge."""
    votes = (
        select(Vote.person_id).join(Idea, Idea.id == Vote.idea_id).where(Idea.challenge_id == challenge_id, Vote.value != 0)
    )
    pairs = select(Comparison.person_id).where(Comparison.challenge_id == challenge_id)
    return db.session.scalar(select(func.count()).select_from(votes.union(pairs).subquery())) or 0


def votes(challenge_id: int) -> list[tuple[int, int, int, int]]:
    """(person id, idea id, value, weight) of a challenge's votes."""
    found = (
        select(Vote.person_id, Vote.idea_id, Vote.value, Vote.weight)
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Idea.challenge_id == challenge_id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(found)]


def pairs(challenge_id: int) -> list[tuple[int, int, int, int]]:
    """(person id, first idea id, second idea id, preferred) of a challenge's pairs."""
    found = select(Comparison.person_id, Comparison.first_id, Comparison.second_id, Comparison.preferred).where(
        Comparison.challenge_id == challenge_id
    )
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(found)]


def files(kept: Kept, after: int, limit: int) -> Sequence[Attachment]:
    """Files that are not thrown away and belong to nothing kept back, by ascending number."""
    held = Base.metadata.tables["attachment"]
    wanted = select(Attachment).where(Attachment.id > after, Attachment.trashed_at.is_(None))
    return db.session.scalars(wanted.where(~hidden(held, kept.words)).order_by(Attachment.id).limit(limit)).all()


def _closed() -> ColumnElement[bool]:
    return or_(Idea.visibility == "sealed", Idea.unchecked.is_(True))


def _file_set(table: Table, ideas: ColumnElement[bool], seen: frozenset[str]) -> ColumnElement[bool]:
    """A file set leads nowhere: ideas, projects and talks lead to it."""
    found = []
    for owner in (Idea, Project, Thread):
        held = Base.metadata.tables[owner.__tablename__]
        inner = hidden(held, ideas, seen | {table.name})
        if not _never(inner):
            found.append(table.c.id.in_(select(held.c.file_set_id).where(held.c.file_set_id.is_not(None), inner)))
    return or_(*found)


def _target(column: Column[Any]) -> str | None:
    return next((key.column.table.name for key in column.foreign_keys), None)


def _never(condition: ColumnElement[bool]) -> bool:
    return condition is false() or str(condition) == str(false())
