"""What the index does not know yet, or knows as it was before: asked by the clock, by a rebuild and by ``verify``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select

from innovation.challenges.models import Challenge
from innovation.discussion.models import Comment
from innovation.ideas.models import Idea
from innovation.kernel.db import db
from innovation.people.models import Person
from innovation.projects.models import Project
from innovation.search.models import Entry, Word
from innovation.search.queries.seeing import KINDS, findable_comment, findable_idea

TABLES: dict[str, Any] = {
    "challenge": Challenge,
    "idea": Idea,
    "project": Project,
    "comment": Comment,
    "person": Person,
}
_CHANGED: dict[str, ColumnElement[bool]] = {
    # A draft is saved as one types, without a fact each time.
    "idea": Idea.saved_at > Entry.indexed_at,
    "comment": Comment.edited_at > Entry.indexed_at,
}


def findable(kind: str) -> ColumnElement[bool]:
    """Things of a kind that belong into the index, whoever may find them."""
    if kind == "idea":
        return findable_idea()
    if kind == "comment":
        return findable_comment()
    return Person.erased_at.is_(None) if kind == "person" else literal(True)


def _of(kind: str) -> ColumnElement[bool]:
    return and_(Entry.kind == kind, Entry.subject_id == TABLES[kind].id)


def lacking(kind: str, after: int, limit: int) -> Sequence[int]:
    """Ids, ascending, of things that have no entry or changed since it was made."""
    table = TABLES[kind]
    changed = _CHANGED.get(kind)
    missing = Entry.id.is_(None)
    return db.session.scalars(
        select(table.id)
        .outerjoin(Entry, _of(kind))
        .where(table.id > after, findable(kind), missing if changed is None else or_(missing, changed))
        .order_by(table.id)
        .limit(limit)
    ).all()


def left_over(kind: str, limit: int) -> Sequence[int]:
    """Ids of things that are in the index and do not belong there any more."""
    table = TABLES[kind]
    return db.session.scalars(select(Entry.subject_id).join(table, _of(kind)).where(~findable(kind)).limit(limit)).all()


def all_ids(kind: str, after: int, limit: int) -> Sequence[int]:
    """Ids, ascending, of everything of a kind that is in the index or should be."""
    table = TABLES[kind]
    return db.session.scalars(select(table.id).where(table.id > after).order_by(table.id).limit(limit)).all()


def greatest(kind: str) -> int:
    """The greatest id of a kind, 0 where there is none: for telling how far a rebuild is."""
    return db.session.scalar(select(func.max(TABLES[kind].id))) or 0


def waiting() -> int:
    """How many things the index still has to take in or let go."""
    count = 0
    for kind in KINDS:
        table = TABLES[kind]
        missing = or_(Entry.id.is_(None), _CHANGED.get(kind, literal(False)))
        count += _count(select(table.id).outerjoin(Entry, _of(kind)).where(findable(kind), missing))
        count += _count(select(Entry.id).join(table, _of(kind)).where(~findable(kind)))
    return count


def known_words(after: str, limit: int) -> Sequence[str]:
    """Words of the index, in order: for letting go of those that stand nowhere any more."""
    return db.session.scalars(select(Word.word).where(Word.word > after).order_by(Word.word).limit(limit)).all()


def spelt(words: Sequence[str]) -> set[str]:
    """Which of some words the index knows already."""
    found: set[str] = set()
    for start in range(0, len(words), 500):
        found |= set(db.session.scalars(select(Word.word).where(Word.word.in_(words[start : start + 500]))))
    return found


def _count(statement: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
