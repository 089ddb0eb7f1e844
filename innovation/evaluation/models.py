"""A panel member's scores on an idea."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from innovation.kernel.db import Base, BigInt, JsonB, Keyed, Sourced


class Review(Keyed, Sourced, Base):
    """One reviewer's scores. ``scores`` maps a criterion to a whole number on that criterion's scale."""

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("source", "foreign_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    scores: Mapped[dict[str, Any]] = mapped_column(JsonB)
    valid: Mapped[bool]


class PanelScore(Base):
    """An idea's mean over its valid reviews of the mean of their criteria, in millionths of a point."""

    __tablename__ = "panel_score"

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True, autoincrement=False)
    mean_micro: Mapped[int] = mapped_column(BigInt)
    reviews: Mapped[int]
