"""A message to a person because of a fact."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from innovation.kernel.db import Base, JsonB, Keyed

_WAITING = text("channel = 'digest' AND sent_at IS NULL")
_SUBJECTS = ("challenge_id", "idea_id", "followed_id", "organisation_id")


class Message(Keyed, Base):
    """One mail, inbox line or line of a digest to come. Unique on (fact, kind, address, channel): twice is once."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("event_id", "kind", "address", "channel"),
        CheckConstraint("channel IN ('inbox', 'mail', 'digest')", name="channel"),
        Index("ix_message_inbox", "person_id", "channel", "id"),
        Index("ix_message_digest", "person_id", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
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


class Watch(Keyed, Base):
    """That a person wants to hear of everything about something, or of nothing but what he must."""

    __tablename__ = "watch"
    __table_args__ = (
        CheckConstraint("level IN ('follow', 'mute')", name="level"),
        CheckConstraint(
            " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in _SUBJECTS) + " = 1", name="one_subject"
        ),
        *(UniqueConstraint("person_id", name) for name in _SUBJECTS),
        *(Index(f"ix_watch_{name}", name) for name in _SUBJECTS),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    level: Mapped[str] = mapped_column(String(6))
    challenge_id: Mapped[int | None] = mapped_column(ForeignKey("challenge.id"))
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"))
    followed_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    since: Mapped[datetime]


class Choice(Keyed, Base):
    """That a person switched a topic on or off for a channel; what is not said here is as the table of topics says."""

    __tablename__ = "notification_choice"
    __table_args__ = (
        UniqueConstraint("person_id", "topic", "channel"),
        CheckConstraint("channel IN ('inbox', 'mail', 'digest')", name="channel"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    topic: Mapped[str] = mapped_column(String(30))
    channel: Mapped[str] = mapped_column(String(10))
    wanted: Mapped[bool]
    chosen_at: Mapped[datetime]


class FeedKey(Keyed, Base):
    """An address only one person knows, under which a reader of feeds or a calendar asks in his name."""

    __tablename__ = "feed_key"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
