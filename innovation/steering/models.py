"""Saved reasons, and answers to many that wait ten minutes before they leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.challenges.models import Challenge, Inquiry, in_list
from innovation.ideas.models import Idea
from innovation.kernel.db import Base, JsonB, Keyed, Public
from innovation.people.models import Person
from innovation.projects.models import Gate
from innovation.rules.sending import LineState, SendingAct, SendingState


class SavedReason(Public, Base):
    """Words that are said often, kept to be chosen: of one programme, or of the whole house."""

    __tablename__ = "saved_reason"
    __table_args__ = (
        CheckConstraint(in_list("act", SendingAct), name="act"),
        Index("ix_saved_reason_act", "act", "programme_id", "id"),
    )

    act: Mapped[str] = mapped_column(String(16))
    """For which act the words are meant."""
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    trashed_at: Mapped[datetime | None]
    trashed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Sending(Public, Base):
    """One act on one or many things, decided by a person and done ten minutes later unless he stops it."""

    __tablename__ = "sending"
    __table_args__ = (
        CheckConstraint(in_list("act", SendingAct), name="act"),
        CheckConstraint(in_list("state", SendingState), name="state"),
        Index("ix_sending_state", "state", "goes_at", "id"),
        Index("ix_sending_decided_by", "decided_by", "id"),
    )

    act: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("saved_reason.id"))
    """The saved reason it began with; what is said stands in its lines."""
    params: Mapped[dict[str, Any]] = mapped_column(JsonB, default=dict)
    """What goes for all of its lines, such as the day until which a returned idea can come back; and which versions of the
    ideas stood there when it was decided."""
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    goes_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    lines: Mapped[list[SendingLine]] = relationship(
        back_populates="sending", lazy="raise", order_by="SendingLine.id", cascade="all, delete-orphan"
    )


class SendingLine(Keyed, Base):
    """The act on one thing, with the very words for it."""

    __tablename__ = "sending_line"
    __table_args__ = (
        CheckConstraint(in_list("state", LineState), name="state"),
        Index("ix_sending_line_sending_id", "sending_id", "id"),
    )

    sending_id: Mapped[int] = mapped_column(ForeignKey("sending.id"))
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"), index=True)
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"), index=True)
    inquiry_id: Mapped[int | None] = mapped_column(ForeignKey("inquiry.id"), index=True)
    gate_id: Mapped[int | None] = mapped_column(ForeignKey("gate.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Who is reminded, for a reminder."""
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    problem: Mapped[str] = mapped_column(String(60), default="")
    """Why it was not done after all, as a code."""

    sending: Mapped[Sending] = relationship(back_populates="lines", lazy="raise")
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    idea: Mapped[Idea | None] = relationship(lazy="raise")
    inquiry: Mapped[Inquiry | None] = relationship(lazy="raise")
    gate: Mapped[Gate | None] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")
