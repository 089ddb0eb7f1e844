"""A programme's process, how gates were decided, and the hypotheses and evidence that decisions rest on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.challenges.models import in_list
from innovation.kernel.db import Base, JsonB, Keyed, Public
from innovation.people.models import Person
from innovation.rules.project import Finding, Verdict


class Process(Public, Base):
    """One version of a programme's own process. A version never changes; the newest one is what new projects get."""

    __tablename__ = "process"
    __table_args__ = (UniqueConstraint("programme_id", "version"),)

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    version: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    """The ready-made process it was copied from."""
    title: Mapped[str] = mapped_column(String(200))
    days: Mapped[int]
    gates: Mapped[list[Any]] = mapped_column(JsonB)
    """`innovation.rules.processes.Step`, one object per gate, in order."""
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class GateDecision(Keyed, Base):
    """One decision about a gate. Rows are only added; ``reopens`` names the decision that no longer holds."""

    __tablename__ = "gate_decision"
    __table_args__ = (
        UniqueConstraint("gate_id", "number"),
        CheckConstraint(in_list("verdict", Verdict), name="verdict"),
        CheckConstraint("decided_as IN ('keeper', 'deputy', 'manager')", name="decided_as"),
    )

    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"))
    number: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_as: Mapped[str] = mapped_column(String(10))
    decided_at: Mapped[datetime]
    reopens: Mapped[int | None] = mapped_column(ForeignKey("gate_decision.id"))

    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[decided_by])


class Hypothesis(Keyed, Base):
    """What must be true, how it is tested, and what was found."""

    __tablename__ = "hypothesis"
    __table_args__ = (
        UniqueConstraint("project_id", "position"),
        CheckConstraint(in_list("finding", Finding), name="finding"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    test: Mapped[str] = mapped_column(Text, default="")
    holds_when: Mapped[str] = mapped_column(String(300), default="")
    """The measure and its limit, written down before the test."""
    finding: Mapped[str] = mapped_column(String(10), default=Finding.OPEN)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class Evidence(Keyed, Base):
    """Something that was found: words, and where it can be looked at. Rows are only added."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint(in_list("finding", Finding), name="finding"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    number: Mapped[int]
    hypothesis_id: Mapped[int | None] = mapped_column(ForeignKey("hypothesis.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(String(500), default="")
    finding: Mapped[str] = mapped_column(String(10), default=Finding.OPEN)
    """What it says about its hypothesis."""
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]


class Citation(Keyed, Base):
    """That a gate decision rests on a piece of evidence."""

    __tablename__ = "citation"
    __table_args__ = (
        UniqueConstraint("decision_id", "evidence_id"),
        Index("ix_citation_evidence_id", "evidence_id"),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("gate_decision.id"))
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"))
