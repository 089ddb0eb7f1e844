"""What a project may cost, what it cost, and what it is worth. Amounts are minor units; rows are only added."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.challenges.models import in_list
from innovation.kernel.db import Base, Keyed
from innovation.people.models import Person
from innovation.rules.project import EntryKind, ValueKind


class BudgetLine(Keyed, Base):
    """What money is for, in one currency. Its amounts are the sums of its entries."""

    __tablename__ = "budget_line"
    __table_args__ = (UniqueConstraint("project_id", "position"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    currency: Mapped[str] = mapped_column(String(3))
    closed_at: Mapped[datetime | None]


class MoneyEntry(Keyed, Base):
    """An amount planned, committed or spent on a line; what was wrong is taken back by an entry of the opposite sign."""

    __tablename__ = "money_entry"
    __table_args__ = (
        CheckConstraint(in_list("kind", EntryKind), name="kind"),
        CheckConstraint("amount_minor <> 0", name="amount_minor"),
        Index("ix_money_entry_line_id", "line_id", "id"),
        Index("uq_money_entry_corrects_id", "corrects_id", unique=True),
    )

    line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"))
    kind: Mapped[str] = mapped_column(String(10))
    amount_minor: Mapped[int]
    happened_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(300), default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("money_entry.id"))
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]

    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[entered_by])


class ValueClaim(Keyed, Base):
    """What a project is worth, as one person said it at one time: expected, validated or actual. The newest counts."""

    __tablename__ = "value_claim"
    __table_args__ = (
        UniqueConstraint("project_id", "kind", "number"),
        CheckConstraint(in_list("kind", ValueKind), name="kind"),
        CheckConstraint("per IN ('once', 'year')", name="per"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[int]
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    per: Mapped[str] = mapped_column(String(5), default="once")
    basis: Mapped[str] = mapped_column(Text)
    """How it was worked out."""
    said_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    said_as: Mapped[str] = mapped_column(String(20))
    said_at: Mapped[datetime]

    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[said_by])
