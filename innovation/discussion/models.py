"""Threads and what is said in them. Whoever has a talk holds a key down to one thread."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.attachments.models import FileSet
from innovation.kernel.db import Base, Keyed, Public, Sourced
from innovation.people.models import Person
from innovation.rules.moderation import CASE, CaseState, ReportReason

_OPEN = text("state IN ('open', 'removed', 'appealed')")


class Thread(Public, Base):
    """One talk. What it belongs to is known above; the ids here are for facts, feeds and figures alone."""

    __tablename__ = "thread"
    __table_args__ = (
        CheckConstraint("kind IN ('challenge', 'panel', 'idea', 'project')", name="kind"),
        Index("ix_thread_challenge_id", "challenge_id"),
    )

    kind: Mapped[str] = mapped_column(String(12))
    programme_id: Mapped[int]
    challenge_id: Mapped[int]
    idea_id: Mapped[int | None]
    project_id: Mapped[int | None]
    file_set_id: Mapped[int | None] = mapped_column(ForeignKey("file_set.id"))
    comments: Mapped[int] = mapped_column(default=0)
    """How many comments stand in it: neither deleted nor removed."""
    made_at: Mapped[datetime]
    last_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    locked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    file_set: Mapped[FileSet | None] = relationship(lazy="raise")


class Comment(Public, Sourced, Base):
    """What one person said. ``path`` is its place in reading order: the parent's path and its own number."""

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("source", "foreign_id"),
        UniqueConstraint("thread_id", "path"),
        CheckConstraint("text_format IN ('markdown', 'html')", name="text_format"),
        CheckConstraint("alignment IN (-1, 0, 1)", name="alignment"),
        CheckConstraint("depth >= 0", name="depth"),
        Index("ix_comment_thread_id", "thread_id", "id"),
        Index("ix_comment_person_id", "person_id", "id"),
    )

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    depth: Mapped[int] = mapped_column(default=0)
    path: Mapped[str] = mapped_column(String(400))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    text_format: Mapped[str] = mapped_column(String(10), default="markdown")
    language: Mapped[str] = mapped_column(String(5), default="en")
    alignment: Mapped[int | None]
    """For (1), neutral (0) or against (-1), where the place it came from asked."""
    likes: Mapped[int] = mapped_column(default=0)
    dislikes: Mapped[int] = mapped_column(default=0)
    """Counts taken over from where it came from; nobody rates comments here."""
    revision_no: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    trashed_at: Mapped[datetime | None]
    trashed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hidden_at: Mapped[datetime | None]
    """Since when a moderator's decision hides it."""

    thread: Mapped[Thread] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[person_id])


class CommentRevision(Keyed, Base):
    """What a comment said at one time."""

    __tablename__ = "comment_revision"
    __table_args__ = (UniqueConstraint("comment_id", "number"),)

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class Mention(Keyed, Base):
    """That a comment names a person who may read it."""

    __tablename__ = "mention"
    __table_args__ = (UniqueConstraint("comment_id", "person_id"), Index("ix_mention_person_id", "person_id", "id"))

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Case(Public, Base):
    """What became of the reports on one comment. At most one is under way."""

    __tablename__ = "moderation_case"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(str(state)) for state in CaseState)})", name="state"),
        Index("uq_moderation_case_open", "comment_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_moderation_case_state", "state", "id"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=CASE.start)
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason_code: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    appealed_at: Mapped[datetime | None]
    appeal: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settlement: Mapped[str] = mapped_column(Text, default="")

    comment: Mapped[Comment] = relationship(lazy="raise")


class Report(Keyed, Base):
    """That a person reported a comment, and why."""

    __tablename__ = "comment_report"
    __table_args__ = (
        UniqueConstraint("case_id", "person_id"),
        CheckConstraint(f"reason IN ({', '.join(repr(str(reason)) for reason in ReportReason)})", name="reason"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
