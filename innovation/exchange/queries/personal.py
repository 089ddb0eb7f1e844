"""Reading what is held of a person, and what he must hand over before he goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, and_, exists, select
from sqlalchemy.orm import aliased

from innovation.attachments.models import Attachment
from innovation.challenges.models import Challenge
from innovation.discussion.models import Comment
from innovation.ideas.models import Author, Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import Base, db
from innovation.people.models import EmailAddress, GrantRow, Person, SignIn
from innovation.projects.models import Member, Project
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import IN_THE_RUNNING
from innovation.rules.predicates import Role
from innovation.rules.project import ProjectState
from innovation.voting.models import Comparison

FRESH = timedelta(minutes=15)
"""Who has no password proves himself by a sign-in that is not older."""
RUNNING = (ChallengeState.PROPOSED, ChallengeState.PUBLISHED)

Whose = Callable[["Column[Any]", int], ColumnElement[bool]]

THROUGH: Mapping[str, Whose] = {
    "": lambda column, person: column == person,
    "addresses": lambda column, person: column.in_(select(EmailAddress.id).where(EmailAddress.person_id == person)),
    "address_keys": lambda column, person: column.in_(select(EmailAddress.key).where(EmailAddress.person_id == person)),
    "typed_addresses": lambda column, person: column.in_(select(EmailAddress.typed).where(EmailAddress.person_id == person)),
    "sender": lambda column, person: column == f"p{person}",
    "audience": lambda column, person: and_(column.table.c.kind == "person", column == str(person)),
    "ideas": lambda column, person: column.in_(
        select(Author.idea_id).where(Author.person_id == person, Author.accepted_at.is_not(None))
    ),
    "comments": lambda column, person: column.in_(select(Comment.id).where(Comment.person_id == person)),
    "comparisons": lambda column, person: column.in_(select(Comparison.id).where(Comparison.person_id == person)),
}
"""How a column leads to a person: by his number, or by what else is his."""


def table(name: str) -> Table:
    return Base.metadata.tables[name]


def columns_of(name: str, *, but: str) -> list[str]:
    """A table's columns without those that lead to a person, except one: the numbers of others are not his to have."""
    leading = {c.name for c in table(name).columns if any(key.column.table.name == "person" for key in c.foreign_keys)}
    return [c.name for c in table(name).columns if c.name not in leading - {but}]


def whose(name: str, column: str, through: str, person_id: int) -> ColumnElement[bool]:
    """The rows of a table that lead to a person by a column."""
    return THROUGH[through](table(name).c[column], person_id)


def rows(
    name: str, column: str, through: str, columns: Sequence[str], person_id: int, after: int, limit: int
) -> list[dict[str, Any]]:
    """The next rows of a table that lead to a person, by ascending number, as plain values."""
    held = table(name)
    statement = (
        select(*(held.c[each] for each in columns))
        .where(whose(name, column, through, person_id), held.c.id > after)
        .order_by(held.c.id)
        .limit(limit)
    )
    return [dict(row._mapping) for row in db.session.execute(statement)]


@dataclass(frozen=True, slots=True)
class Duty:
    """Something running that a person alone answers for. ``title`` is empty where it is the whole house."""

    kind: str
    title: str = ""
    public_id: str = ""


def to_hand_over(person_id: int) -> list[Duty]:
    """What a person must hand over before he is erased: nobody else answers for it."""
    return [*_sponsored(person_id), *_led(person_id), *_managed(person_id)]


def _able() -> ColumnElement[bool]:
    return and_(Person.disabled_at.is_(None), Person.erased_at.is_(None))


def _sponsored(person_id: int) -> list[Duty]:
    mine, other = aliased(GrantRow), aliased(GrantRow)

    def answers(row: Any) -> ColumnElement[bool]:
        return and_(row.role == Role.SPONSOR, row.scope == "challenge", row.scope_id == Challenge.id, row.valid_to.is_(None))

    another = exists().where(answers(other), other.person_id != person_id, Person.id == other.person_id, _able())
    found = (
        select(Challenge.title, Challenge.public_id)
        .where(
            Challenge.state.in_(RUNNING),
            exists().where(answers(mine), mine.person_id == person_id),
            ~another,
        )
        .order_by(Challenge.id)
    )
    return [Duty("sponsor", row.title, row.public_id) for row in db.session.execute(found)]


def _led(person_id: int) -> list[Duty]:
    mine, other = aliased(Member), aliased(Member)
    another = exists().where(
        other.project_id == Project.id,
        other.role == "lead",
        other.accepted_at.is_not(None),
        other.person_id != person_id,
        Person.id == other.person_id,
        _able(),
    )
    found = (
        select(Project.title, Project.public_id)
        .where(
            Project.state == ProjectState.RUNNING,
            exists().where(mine.project_id == Project.id, mine.role == "lead", mine.person_id == person_id),
            ~another,
        )
        .order_by(Project.id)
    )
    return [Duty("lead", row.title, row.public_id) for row in db.session.execute(found)]


def _managed(person_id: int) -> list[Duty]:
    """The last administrator of the house, and the last manager of it or of a programme in which something runs."""
    found = []
    if _last(person_id, Role.ADMINISTRATOR, "host", 0):
        found.append(Duty("administrator"))
    running = (
        select(Challenge.programme_id)
        .where(Challenge.state.in_(RUNNING))
        .union(select(Project.programme_id).where(Project.state == ProjectState.RUNNING))
    )
    programmes: set[int] = set(db.session.scalars(running))
    if programmes and not _others(person_id, Role.MANAGER, "host", [0]):
        if _last(person_id, Role.MANAGER, "host", 0):
            return [*found, Duty("manager")]
        mine = _holding(Role.MANAGER, "programme", programmes).where(GrantRow.person_id == person_id)
        held = set(db.session.scalars(mine))
        if any(not _others(person_id, Role.MANAGER, "programme", [each]) for each in sorted(held)):
            found.append(Duty("manager"))
    return found


def _holding(role: Role, scope: str, ids: Any) -> Select[int]:
    return (
        select(GrantRow.scope_id)
        .join(GrantRow.person)
        .where(GrantRow.role == role, GrantRow.scope == scope, GrantRow.scope_id.in_(list(ids)), GrantRow.valid_to.is_(None))
        .where(_able())
    )


def _others(person_id: int, role: Role, scope: str, ids: Sequence[int]) -> bool:
    return db.session.scalar(_holding(role, scope, ids).where(GrantRow.person_id != person_id).limit(1)) is not None


def _last(person_id: int, role: Role, scope: str, scope_id: int) -> bool:
    mine = db.session.scalar(_holding(role, scope, [scope_id]).where(GrantRow.person_id == person_id).limit(1))
    return mine is not None and not _others(person_id, role, scope, [scope_id])


def can_still_withdraw(person_id: int, limit: int = 50) -> Sequence[Idea]:
    """A person's sent ideas that can be withdrawn before he goes, the newest first, with their challenges."""
    statement = (
        select(Idea)
        .join(Author, Author.idea_id == Idea.id)
        .join(Challenge, Challenge.id == Idea.challenge_id)
        .where(
            Author.person_id == person_id,
            Author.accepted_at.is_not(None),
            Idea.state.in_(IN_THE_RUNNING),
            Challenge.frozen_at.is_(None),
            Challenge.state == ChallengeState.PUBLISHED,
        )
        .order_by(Idea.id.desc())
        .limit(limit)
    )
    return db.session.scalars(statement).all()


def proved_lately(actor: Actor, sign_in_id: int | None, now: datetime) -> bool:
    """Whether this device was signed in a moment ago, by whatever proof."""
    since = select(SignIn.created_at).where(SignIn.id == sign_in_id, SignIn.person_id == actor.person_id)
    began = db.session.scalar(since)
    return began is not None and began > now - FRESH


def is_there(person_id: int) -> bool:
    """Whether a person is not erased."""
    return db.session.scalar(select(Person.id).where(Person.id == person_id, Person.erased_at.is_(None))) is not None


def keys_of(attachments: Sequence[int]) -> list[tuple[int, str]]:
    """Where the store keeps some files, as (number, key)."""
    found: list[tuple[int, str]] = []
    for start in range(0, len(attachments), 500):
        wanted = Attachment.id.in_(attachments[start : start + 500])
        found += [(row.id, row.key) for row in db.session.execute(select(Attachment.id, Attachment.key).where(wanted))]
    return found
