"""A message to a person because of a fact."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from innovation.kernel.db import Base, JsonB, Keyed


class Message(Keyed, Base):
    """One mail or inbox line. Unique on (fact, kind, address, channel): twice is once."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("event_id", "kind", "address", "channel"),
        CheckConstraint("channel IN ('inbox', 'mail')", name="channel"),
        Index("ix_message_inbox", "person_id", "channel", "id"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(5))
    params: Mapped[dict[str, Any]] = mapped_column(JsonB)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
