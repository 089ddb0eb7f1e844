"""A project with its gates, who works in it and who follows it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.attachments.models import FileSet
from innovation.challenges.models import Challenge, in_list
from innovation.discussion.models import Thread
from innovation.ideas.models import Idea
from innovation.kernel.db import Base, Keyed, Public
from innovation.kernel.lifecycle import Scope
from innovation.people.models import Person
from innovation.rules.project import GATE, PROJECT, GateState, ProjectState


class Project(Public, Base):
    """A proof of concept. ``idea_id`` is unique: an idea becomes a project once.

    ``process_key`` and ``process_version`` name the process it was opened under; its gates are copies of that version,
    so a process changed later changes no running project.
    """

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
    process_key: Mapped[str] = mapped_column(String(40), default="six_weeks")
    process_version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    """When it was said what came of the proof (adopted, iterated or stopped)."""
    lesson: Mapped[str] = mapped_column(Text, default="")
    budget_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"), unique=True)
    file_set_id: Mapped[int | None] = mapped_column(ForeignKey("file_set.id"), unique=True)

    thread: Mapped[Thread | None] = relationship(lazy="raise")
    file_set: Mapped[FileSet | None] = relationship(lazy="raise")
    idea: Mapped[Idea] = relationship(lazy="raise")
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    members: Mapped[list[Member]] = relationship(lazy="raise", order_by="Member.id")
    gates: Mapped[list[Gate]] = relationship(lazy="raise", order_by="Gate.position", back_populates="project")

    def day(self, now: datetime) -> int:
        """The day of the proof, from 1, in whole days since its start: the last one lasts until the hour it is due."""
        return ((self.ended_at or now) - self.started_at) // timedelta(days=1) + 1

    @property
    def days(self) -> int:
        """How many days it was given."""
        return (self.due_at - self.started_at).days

    def passage_kind(self) -> str:
        return "project"

    def passage_stage(self, state: str) -> str | None:
        return f"project_{state}"

    def passage_scope(self) -> Scope:
        return Scope(
            self.programme_id, self.challenge_id, self.visibility, self.idea.circle or "", self.idea.organisation_id
        )


class Gate(Keyed, Base):
    """One gate of a project, copied from its process. At most one is open, waiting or on hold.

    ``title``, ``purpose`` and a check's ``text`` are empty where the words are those of a ready-made process: they are
    then said in the reader's language, by ``key``.
    """

    __tablename__ = "gate"
    __table_args__ = (
        UniqueConstraint("project_id", "position"),
        CheckConstraint(in_list("state", GateState), name="state"),
        CheckConstraint("keeper IN ('sponsor', 'manager')", name="keeper"),
        CheckConstraint("evidence_needed >= 0", name="evidence_needed"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200), default="")
    purpose: Mapped[str] = mapped_column(Text, default="")
    keeper: Mapped[str] = mapped_column(String(10), default="sponsor")
    evidence_needed: Mapped[int] = mapped_column(default=0)
    """How many pieces of evidence a decision to pass has to cite."""
    answer_days: Mapped[int] = mapped_column(default=5)
    """Within how many days of being asked the keeper promises to decide."""
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(10), default=GATE.start)
    due_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    project: Mapped[Project] = relationship(lazy="raise", back_populates="gates")
    checks: Mapped[list[Check]] = relationship(lazy="raise", order_by="Check.position")

    def passage_kind(self) -> str:
        return "gate"

    def passage_stage(self, state: str) -> str | None:
        return f"gate_{self.key}" if state in {GateState.OPEN, GateState.ASKED, GateState.HELD} else None

    def passage_scope(self) -> Scope:
        return self.project.passage_scope()


class Check(Keyed, Base):
    """One line of a gate's checklist."""

    __tablename__ = "gate_check"
    __table_args__ = (UniqueConstraint("gate_id", "position"),)

    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(40), default="")
    text: Mapped[str] = mapped_column(String(300), default="")
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Member(Keyed, Base):
    """That a person works in a project; one who was only asked so far has ``accepted_at`` empty."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("project_id", "person_id"),
        CheckConstraint("role IN ('lead', 'member')", name="role"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(10))
    task: Mapped[str] = mapped_column(String(200), default="")
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])


class Follower(Keyed, Base):
    """That a person wants to hear of a project's gates, updates and lateness."""

    __tablename__ = "project_follower"
    __table_args__ = (UniqueConstraint("project_id", "person_id"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[datetime]
