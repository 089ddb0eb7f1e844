"""What insight keeps besides the counters of passages: who took part, saved filters, targets and frozen reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.challenges.models import Challenge
from innovation.kernel.db import Base, JsonB, Keyed, Public
from innovation.people.models import Person


class Participation(Keyed, Base):
    """How far a person came into a challenge: could take part, was reached, took part. Kept by the clock, from rows."""

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("challenge_id", "person_id", "stage"),
        CheckConstraint("stage IN ('invited', 'reached', 'took_part')", name="stage"),
        Index("ix_participation_stage", "challenge_id", "stage", "since", "id"),
    )

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stage: Mapped[str] = mapped_column(String(10))
    circle: Mapped[str] = mapped_column(String(10), default="")
    organisation_id: Mapped[int | None]
    since: Mapped[datetime]

    challenge: Mapped[Challenge] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class SavedView(Public, Base):
    """Filters of a page under a name; shared ones are there for everybody who may see the page."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "page", "title"), Index("ix_saved_view_page", "page", "shared", "id"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    page: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(100))
    query: Mapped[str] = mapped_column(String(1000))
    shared: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")


class Target(Keyed, Base):
    """What a programme aims at in a quarter."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("programme_id", "quarter", "measure"),)

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    quarter: Mapped[str] = mapped_column(String(7))
    """As in ``2026-Q4``."""
    measure: Mapped[str] = mapped_column(String(20))
    value: Mapped[int]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]


class Report(Public, Base):
    """A programme's figures of one quarter, frozen: as of a moment and a fact. A later version is another row."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("programme_id", "quarter", "version"),)

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    quarter: Mapped[str] = mapped_column(String(7))
    version: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JsonB)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the figures as canonical JSON."""
    last_fact_id: Mapped[int]
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
