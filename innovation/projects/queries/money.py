"""Reading a project's money: the sums of its lines, and every entry that made them. Amounts are minor units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Cast, case, cast, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from innovation.challenges.models import Challenge
from innovation.kernel import paging
from innovation.kernel.db import db
from innovation.projects.models import BudgetLine, MoneyEntry, Project
from innovation.rules.project import EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What is planned, committed (and not paid yet) and spent, in minor units of one currency."""

    currency: str
    planned: int
    committed: int
    spent: int

    @property
    def left(self) -> int:
        """What is still free; below zero when more is committed and spent than was planned."""
        return self.planned - self.committed - self.spent


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Sums):
    """A budget line with its sums; ``position`` is its place in the project."""

    position: int
    title: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Entered:
    """An entry as its history shows it. ``number`` counts the project's entries from 1, in the order of entering.

    ``corrected``: another entry takes it back.
    """

    entry: MoneyEntry
    number: int
    title: str
    currency: str
    corrected: bool


def lines(project: Project) -> list[Line]:
    """A project's budget lines with their sums, in order: one query."""
    rows = db.session.execute(
        select(
            BudgetLine.position,
            BudgetLine.title,
            BudgetLine.currency,
            BudgetLine.closed_at,
            *(_sum_of(kind).label(kind) for kind in EntryKind),
        )
        .outerjoin(MoneyEntry, MoneyEntry.line_id == BudgetLine.id)
        .where(BudgetLine.project_id == project.id)
        .group_by(BudgetLine.id, BudgetLine.position, BudgetLine.title, BudgetLine.currency, BudgetLine.closed_at)
        .order_by(BudgetLine.position)
    )
    return [
        Line(
            position=row.position,
            title=row.title,
            currency=row.currency,
            closed_at=row.closed_at,
            planned=row.plan,
            committed=row.commit,
            spent=row.spend,
        )
        for row in rows
    ]


def totals(found: Sequence[Line]) -> list[Sums]:
    """The sums of a project's lines, each currency by itself, in the order of its first line."""
    return [
        Sums(
            currency=currency,
            planned=sum(line.planned for line in found if line.currency == currency),
            committed=sum(line.committed for line in found if line.currency == currency),
            spent=sum(line.spent for line in found if line.currency == currency),
        )
        for currency in dict.fromkeys(line.currency for line in found)
    ]


def planned_in(challenge: Challenge) -> int:
    """What all projects of a challenge plan together in the challenge's own currency."""
    total = db.session.scalar(
        select(_sum_of(EntryKind.PLAN))
        .select_from(MoneyEntry)
        .join(BudgetLine, BudgetLine.id == MoneyEntry.line_id)
        .join(Project, Project.id == BudgetLine.project_id)
        .where(Project.challenge_id == challenge.id, BudgetLine.currency == challenge.currency)
    )
    return total or 0


def history(project: Project, cursor: str | None) -> paging.Page[Entered]:
    """Every entry of a project, the latest first, with who entered it."""
    number = func.row_number().over(order_by=MoneyEntry.id).label("number")
    numbered = (
        select(MoneyEntry.id, number, BudgetLine.title, BudgetLine.currency)
        .join(BudgetLine, BudgetLine.id == MoneyEntry.line_id)
        .where(BudgetLine.project_id == project.id)
        .subquery()
    )
    later = aliased(MoneyEntry)
    statement = (
        select(
            MoneyEntry,
            numbered.c.number,
            numbered.c.title,
            numbered.c.currency,
            exists().where(later.corrects_id == MoneyEntry.id),
        )
        .join(numbered, numbered.c.id == MoneyEntry.id)
        .options(joinedload(MoneyEntry.person))
    )
    found = paging.fetch(statement, [paging.Key(MoneyEntry.id, True)], cursor, lambda row: (row[0].id,))
    return paging.Page([Entered(*row) for row in found.items], found.next, found.first)


def entry(project: Project, number: int) -> Entered | None:
    """One entry of a project by its number."""
    if not 1 <= number <= 2**31:
        return None
    row = db.session.execute(
        select(
            MoneyEntry,
            BudgetLine.title,
            BudgetLine.currency,
            exists().where(aliased(MoneyEntry).corrects_id == MoneyEntry.id),
        )
        .join(BudgetLine, BudgetLine.id == MoneyEntry.line_id)
        .where(BudgetLine.project_id == project.id)
        .order_by(MoneyEntry.id)
        .offset(number - 1)
        .limit(1)
    ).one_or_none()
    return None if row is None else Entered(row[0], number, row[1], row[2], row[3])


def _sum_of(kind: EntryKind) -> Cast[int]:
    """A sum as a whole number on both databases (PostgreSQL adds 64-bit integers up to a NUMERIC)."""
    amount = case((MoneyEntry.kind == kind, MoneyEntry.amount_minor), else_=0)
    return cast(func.coalesce(func.sum(amount), 0), BigInteger)
