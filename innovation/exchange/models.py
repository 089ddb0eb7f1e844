"""Long work that a person asked for: its state and progress, so that it can be left, seen again and cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.challenges.models import Challenge, in_list
from innovation.kernel.db import Base, JsonB, Public
from innovation.rules.order import ORDER, OrderState


class Order(Public, Base):
    """An import or an export. It commits every few hundred rows with its place (``cursor``), so a restart goes on."""

    __tablename__ = "work_order"
    __table_args__ = (
        CheckConstraint("kind IN ('import', 'export')", name="kind"),
        CheckConstraint(in_list("state", OrderState), name="state"),
        Index("ix_work_order_asked_by", "asked_by", "id"),
    )

    kind: Mapped[str] = mapped_column(String(10))
    what: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(JsonB)
    challenge_id: Mapped[int | None] = mapped_column(ForeignKey("challenge.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=ORDER.start)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    cursor: Mapped[str] = mapped_column(String(200), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    file_key: Mapped[str] = mapped_column(String(120), default="")
    """Where the store keeps what came in, or what goes out."""
    file_name: Mapped[str] = mapped_column(String(200), default="")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    challenge: Mapped[Challenge | None] = relationship(lazy="raise")


class ImportMapping(Public, Base):
    """Which column of a file means what, kept under a name for the next file of the same kind."""

    __tablename__ = "import_mapping"
    __table_args__ = (
        CheckConstraint("kind IN ('people', 'challenges', 'ideas', 'comments', 'votes')", name="kind"),
        Index("ix_import_mapping_made_by", "made_by", "id"),
    )

    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    columns: Mapped[dict[str, Any]] = mapped_column(JsonB)
    """Which column of the file, by its name, fills which field; and what stands for a value everywhere."""
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
