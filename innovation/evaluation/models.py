"""What a panel is asked, and each member's answer about each idea."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.ideas.models import Idea
from innovation.kernel.db import Base, BigInt, JsonB, Keyed, Sourced
from innovation.people.models import Person

_HELD_HERE = text("source IS NULL")


class Criterion(Keyed, Base):
    """One thing a panel judges ideas of a challenge by, from 1 to 5. Fixed once scoring has opened."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("challenge_id", "position"), CheckConstraint("weight > 0", name="weight"))

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    help: Mapped[str] = mapped_column(String(500), default="")
    weight: Mapped[int] = mapped_column(default=1)


class Review(Keyed, Sourced, Base):
    """One reviewer's scores and sentence. ``scores`` maps a criterion to a whole number on that criterion's scale.

    Only a complete review is ``valid``: one that scores every criterion. A member writes at most one about an idea.
    """

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("source", "foreign_id"),
        Index(
            "uq_review_member",
            "idea_id",
            "reviewer_id",
            unique=True,
            sqlite_where=_HELD_HERE,
            postgresql_where=_HELD_HERE,
        ),
    )

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    scores: Mapped[dict[str, Any]] = mapped_column(JsonB)
    sentence: Mapped[str] = mapped_column(Text, default="")
    valid: Mapped[bool]
    written_at: Mapped[datetime | None]

    idea: Mapped[Idea] = relationship(lazy="raise")
    reviewer: Mapped[Person | None] = relationship(lazy="raise")


class ScoringFinished(Keyed, Base):
    """That a panel's scoring was ended before its closing date, because everything was in."""

    __tablename__ = "scoring_finished"

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"), unique=True)
    finished_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    finished_at: Mapped[datetime]


class PanelScore(Base):
    """An idea's weighted mean over its complete reviews, in millionths of a point."""

    __tablename__ = "panel_score"

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True, autoincrement=False)
    mean_micro: Mapped[int] = mapped_column(BigInt)
    reviews: Mapped[int]
