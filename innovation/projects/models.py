"""A project, its gates in order, its milestones, its team and its weekly updates."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.challenges.models import Challenge, in_list
from innovation.ideas.models import Idea
from innovation.kernel.db import Base, Keyed, Public
from innovation.people.models import Person
from innovation.rules.project import GATE, PROJECT, GateState, ProjectState


class Project(Public, Base):
    """A proof of concept. ``idea_id`` is unique: an idea becomes a project once."""

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint(in_list("state", ProjectState), name="state"),
        Index("ix_project_challenge_id", "challenge_id", "id"),
        Index("ix_project_state_started_at", "state", "started_at", "id"),
    )

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), unique=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    goal: Mapped[str] = mapped_column(Text, default="")
    work_url: Mapped[str] = mapped_column(String(500), default="")
    language: Mapped[str] = mapped_column(String(5), default="en")
    visibility: Mapped[str] = mapped_column(String(10), default="audience")
    state: Mapped[str] = mapped_column(String(10), default=PROJECT.start)
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    lesson: Mapped[str] = mapped_column(Text, default="")
    budget_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3), default="EUR")

    idea: Mapped[Idea] = relationship(lazy="raise")
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    members: Mapped[list[Member]] = relationship(lazy="raise", order_by="Member.id")
    gates: Mapped[list[Gate]] = relationship(lazy="raise", order_by="Gate.position", back_populates="project")

    def passage_kind(self) -> str:
        return "project"

    def passage_stage(self, state: str) -> str | None:
        return f"project_{state}"

    def passage_scope(self) -> tuple[int, int, str]:
        return self.programme_id, self.challenge_id, self.visibility


class Member(Keyed, Base):
    """That a person works in a project."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("project_id", "person_id"),
        CheckConstraint("role IN ('lead', 'member')", name="role"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(10))
    task: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = relationship(lazy="raise")


class Gate(Keyed, Base):
    """One gate of a project. At most one is open."""

    __tablename__ = "gate"
    __table_args__ = (
        UniqueConstraint("project_id", "position"),
        CheckConstraint(in_list("state", GateState), name="state"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default=GATE.start)
    due_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    project: Mapped[Project] = relationship(lazy="raise", back_populates="gates")

    def passage_kind(self) -> str:
        return "gate"

    def passage_stage(self, state: str) -> str | None:
        return f"gate_{self.key}" if state == GateState.OPEN else None

    def passage_scope(self) -> tuple[int, int, str]:
        return self.project.passage_scope()


class Milestone(Keyed, Base):
    """Something that is to be there by a day."""

    __tablename__ = "milestone"
    __table_args__ = (Index("ix_milestone_project_id", "project_id", "due_on", "id"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    title: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date] = mapped_column(Date)
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

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
