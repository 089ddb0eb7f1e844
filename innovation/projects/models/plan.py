"""What a team plans and tells: milestones, tasks, updates, documents, decisions, risks, and the forecast made of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.attachments.models import Attachment
from innovation.kernel.db import Base, Keyed, Public
from innovation.people.models import Person


class Milestone(Public, Base):
    """Something that is to be there by a day.

    ``planned_on`` is the first day that was ever promised: the forecast's ratio of actual to estimate is against it.
    """

    __tablename__ = "milestone"
    __table_args__ = (Index("ix_milestone_project_id", "project_id", "due_on", "id"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    title: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    starts_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    planned_on: Mapped[date | None] = mapped_column(Date)
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    trashed_at: Mapped[datetime | None]
    trashed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    owner: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[owner_id])


class Task(Public, Base):
    """A piece of work; ``position`` orders the tasks of one column of the board."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("status IN ('todo', 'doing', 'done')", name="status"),
        Index("ix_task_project_id", "project_id", "status", "position", "id"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestone.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(10), default="todo")
    position: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    trashed_at: Mapped[datetime | None]
    trashed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    owner: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[owner_id])


class Update(Keyed, Base):
    """A team's three lines on how it is going."""

    __tablename__ = "project_update"
    __table_args__ = (
        CheckConstraint("status IN ('on_track', 'at_risk', 'late')", name="status"),
        Index("ix_project_update_project_id", "project_id", "written_at"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    status: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class Document(Public, Base):
    """A document of the project: an address elsewhere, or a file kept here."""

    __tablename__ = "project_document"
    __table_args__ = (Index("ix_project_document_project_id", "project_id", "id"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    title: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(500), default="")
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    note: Mapped[str] = mapped_column(String(500), default="")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    trashed_at: Mapped[datetime | None]
    trashed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    attachment: Mapped[Attachment | None] = relationship(lazy="raise")


class LogEntry(Keyed, Base):
    """A decision the team took, with its reason. Rows are only added."""

    __tablename__ = "project_log"
    __table_args__ = (Index("ix_project_log_project_id", "project_id", "id"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    title: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_on: Mapped[date] = mapped_column(Date)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class Risk(Keyed, Base):
    """Something that may go wrong: how likely and how bad (1 to 3 each), and what is done about it."""

    __tablename__ = "risk"
    __table_args__ = (
        CheckConstraint("likelihood BETWEEN 1 AND 3", name="likelihood"),
        CheckConstraint("impact BETWEEN 1 AND 3", name="impact"),
        Index("ix_risk_project_id", "project_id", "id"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    title: Mapped[str] = mapped_column(String(300))
    likelihood: Mapped[int]
    impact: Mapped[int]
    response: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    owner: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[owner_id])


class Forecast(Keyed, Base):
    """When a project was thought to finish, as of one moment; scored when it ended."""

    __tablename__ = "forecast"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("basis IN ('own', 'published')", name="basis"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    number: Mapped[int]
    made_at: Mapped[datetime]
    basis: Mapped[str] = mapped_column(String(10))
    """Whose figures it rests on: the house's own milestones, or a published class."""
    samples: Mapped[int]
    """How many of the house's finished milestones stood behind it."""
    promised_on: Mapped[date] = mapped_column(Date)
    likely_on: Mapped[date] = mapped_column(Date)
    safe_on: Mapped[date] = mapped_column(Date)
    chance_micro: Mapped[int]
    """The chance of finishing by ``promised_on``, in millionths."""
    digest: Mapped[str] = mapped_column(String(64))
    """Of what it was computed from: the same plan makes no second forecast."""
    finished_on: Mapped[date | None] = mapped_column(Date)
