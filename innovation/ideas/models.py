"""An answer to a challenge, its authors and its revisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.attachments.models import FileSet
from innovation.challenges.models import Challenge, in_list
from innovation.discussion.models import Thread
from innovation.kernel.db import Base, JsonB, Keyed, Public, Sourced
from innovation.kernel.lifecycle import Scope
from innovation.people.models import Person
from innovation.rules.idea import IDEA, IdeaState


class Idea(Public, Sourced, Base):
    """An idea as it reads now. What it read before is in its revisions."""

    __tablename__ = "idea"
    __table_args__ = (
        UniqueConstraint("source", "foreign_id"),
        CheckConstraint(in_list("state", IdeaState), name="state"),
        CheckConstraint("visibility IN ('draft', 'sealed', 'audience', 'public', 'trashed')", name="visibility"),
        CheckConstraint("state = 'draft' OR state = 'withdrawn' OR submitted_at IS NOT NULL", name="submitted_has_time"),
        Index("ix_idea_list", "challenge_id", "submitted_at", "id"),
        Index("ix_idea_state", "challenge_id", "state"),
    )

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    title: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(5), default="en")
    requested_minor: Mapped[int | None]
    source_url: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(12), default=IDEA.start)
    visibility: Mapped[str] = mapped_column(String(10), default="draft")
    revision_no: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_from: Mapped[str | None] = mapped_column(String(12))
    """The state it was taken back from, to which it can be restored for thirty days."""
    trashed_at: Mapped[datetime | None]
    trashed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    unchecked: Mapped[bool] = mapped_column(default=False)
    """Sent where ideas are checked first, and accepted by nobody: its authors and who checks read it, nobody else."""
    checked_at: Mapped[datetime | None]
    """When somebody accepted, returned or declined it, in a challenge that shows nothing unchecked."""
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    check_note: Mapped[str] = mapped_column(Text, default="")
    """What the checker asked or gave as his reason, for its authors."""
    resubmit_until: Mapped[datetime | None]
    """Until when a returned idea can be sent again, even past the deadline."""
    offered_from_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"), index=True)
    """The earlier idea that was asked for here, of which this one began as a copy."""
    emptied_at: Mapped[datetime | None]
    """When its content was removed after it was withdrawn; the record's hash stays."""
    provenance: Mapped[dict[str, str]] = mapped_column(JsonB, default=dict)
    """What its author said of whose it is: whether it is his to give, an employer's claim, what he keeps out of it."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"))
    circle: Mapped[str | None] = mapped_column(String(10))
    """Its first author's circle as of the submission; with the organisation, what figures are told apart by."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"), unique=True)
    file_set_id: Mapped[int | None] = mapped_column(ForeignKey("file_set.id"), unique=True)

    challenge: Mapped[Challenge] = relationship(lazy="raise")
    thread: Mapped[Thread | None] = relationship(lazy="raise")
    file_set: Mapped[FileSet | None] = relationship(lazy="raise")
    authors: Mapped[list[Author]] = relationship(
        back_populates="idea", lazy="raise", order_by="Author.position", cascade="all, delete-orphan"
    )

    def passage_kind(self) -> str:
        return "idea"

    def passage_stage(self, state: str) -> str | None:
        # A draft that was thrown away was never in the funnel, so it does not leave it either.
        unsent = self.submitted_at is None and state == IdeaState.WITHDRAWN
        return None if unsent or state == IdeaState.DRAFT else state

    def passage_scope(self) -> Scope:
        return Scope(
            self.challenge.programme_id, self.challenge_id, self.visibility, self.circle or "", self.organisation_id
        )


class Note(Keyed, Base):
    """What an author added below an idea whose text is fixed."""

    __tablename__ = "idea_note"
    __table_args__ = (Index("ix_idea_note_idea_id", "idea_id", "id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class Author(Keyed, Base):
    """That a person is an author of an idea. One who was only named so far has ``accepted_at`` empty."""

    __tablename__ = "author"
    __table_args__ = (UniqueConstraint("idea_id", "person_id"), Index("ix_author_person_id", "person_id", "idea_id"))

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int]
    accepted_at: Mapped[datetime | None]
    share: Mapped[int | None]
    """His share of a prize, in percent, where the authors agreed on shares."""

    idea: Mapped[Idea] = relationship(back_populates="authors", lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class Revision(Keyed, Base):
    """An idea as it read at one time."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("idea_id", "number"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    requested_minor: Mapped[int | None]
    answers: Mapped[dict[str, Any]] = mapped_column(JsonB, default=dict)
    """What the challenge's own questions were answered with, by the question's address."""
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class Answer(Keyed, Base):
    """What an idea answers to one of its challenge's own questions, as it reads now."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("idea_id", "question_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("own_question.id"), index=True)
    value: Mapped[str] = mapped_column(Text)
    """As typed for a text, a decimal with a point for a number, the option chosen, ``yes`` or ``no``, a file's address."""


class AuthorInvitation(Keyed, Base):
    """That somebody without an account was named as a co-author: he becomes one by accepting the invitation."""

    __tablename__ = "author_invitation"
    __table_args__ = (UniqueConstraint("idea_id", "invitation_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), index=True)
    share: Mapped[int | None]
    named_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime]


class Receipt(Public, Base):
    """Proof of what was sent and when: the text itself as canonical JSON, its hash, and where set a time stamp."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("idea_id", "revision_no"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    revision_no: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    document: Mapped[str] = mapped_column(Text)
    """Emptied when the idea's content is removed; the digest stays."""
    digest: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(Text, default="")
    """Ed25519 by this house over the digest and the time, base64."""
    stamp: Mapped[str] = mapped_column(Text, default="")
    """The RFC 3161 token over the digest, base64."""
    stamped_by: Mapped[str] = mapped_column(String(300), default="")


class Opening(Keyed, Base):
    """That somebody else opened an idea: in which role, and in which hour."""

    __tablename__ = "idea_opening"
    __table_args__ = (UniqueConstraint("idea_id", "person_id", "hour"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    hour: Mapped[datetime]


class OfferConsent(Keyed, Base):
    """That an author lets an idea that was not chosen be offered to later challenges, or took that back."""

    __tablename__ = "offer_consent"
    __table_args__ = (UniqueConstraint("idea_id", "person_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    agreed_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]


class Offer(Public, Base):
    """That a later challenge asked for an earlier idea; its authors bring it, as a draft under the new terms, or refuse."""

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("idea_id", "challenge_id"),
        CheckConstraint("state IN ('asked', 'brought', 'refused')", name="state"),
    )

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"), index=True)
    """The challenge that asks."""
    state: Mapped[str] = mapped_column(String(8), default="asked")
    message: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

    idea: Mapped[Idea] = relationship(lazy="raise")
    challenge: Mapped[Challenge] = relationship(lazy="raise")


class IdeaQuestion(Public, Base):
    """What a judge asked the authors of an idea, and what they answered. Names that are hidden stay hidden."""

    __tablename__ = "idea_question"
    __table_args__ = (Index("ix_idea_question_idea_id", "idea_id", "id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

    idea: Mapped[Idea] = relationship(lazy="raise")
