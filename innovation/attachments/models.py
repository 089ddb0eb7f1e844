"""Files by their sets. Whoever has files holds a key down to one set; the bytes are in the store, under ``key``."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.kernel.db import Base, Keyed, Public
from innovation.people.models import Person


class FileSet(Public, Base):
    """The files of one thing. What it belongs to is known above; ``challenge_id`` is kept for the quota alone."""

    __tablename__ = "file_set"
    __table_args__ = (
        CheckConstraint("kind IN ('challenge', 'idea', 'project', 'thread')", name="kind"),
        Index("ix_file_set_challenge_id", "challenge_id"),
    )

    kind: Mapped[str] = mapped_column(String(12))
    challenge_id: Mapped[int | None]
    made_at: Mapped[datetime]


class Attachment(Public, Base):
    """One file. ``name`` was made safe, ``media_type`` was sniffed, images were encoded anew without metadata."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size"),
        Index("ix_attachment_set_id", "set_id", "id"),
        Index("ix_attachment_uploaded_by", "uploaded_by"),
        Index("ix_attachment_trashed_at", "trashed_at"),
    )

    set_id: Mapped[int] = mapped_column(ForeignKey("file_set.id"))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    """Bytes, as kept."""
    sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    width: Mapped[int | None]
    height: Mapped[int | None]
    alt: Mapped[str] = mapped_column(String(500), default="")
    """What an image shows, in words; empty for what is no image, or says nothing."""
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    trashed_at: Mapped[datetime | None]
    trashed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    set: Mapped[FileSet] = relationship(lazy="raise")
    uploader: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[uploaded_by])


class Upload(Public, Base):
    """A file on its way: what has arrived of it, so that it goes on where the connection was lost."""

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("received >= 0 AND received <= size", name="received"),
        Index("ix_upload_expires_at", "expires_at"),
    )

    set_id: Mapped[int] = mapped_column(ForeignKey("file_set.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    alt: Mapped[str] = mapped_column(String(500), default="")
    size: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    """What it became, for a client that lost the last answer."""

    set: Mapped[FileSet] = relationship(lazy="raise")


class Doomed(Keyed, Base):
    """Bytes in the store that no row needs any more; swept by the clock."""

    __tablename__ = "doomed_file"

    key: Mapped[str] = mapped_column(String(120), unique=True)
    since: Mapped[datetime]
