"""One person's judgement of one idea, and the counts that follow from all of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from innovation.kernel.db import Base, BigInt, Keyed


class Vote(Keyed, Base):
    """A person's present vote on an idea: 1 for, -1 against, 0 taken back. There is one at most."""

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("person_id", "idea_id"),
        CheckConstraint("value IN (-1, 0, 1)", name="value"),
        CheckConstraint("weight > 0", name="weight"),
        Index("ix_vote_idea_id", "idea_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    value: Mapped[int]
    weight: Mapped[int] = mapped_column(BigInt, default=1)
    revision_no: Mapped[int]
    circle: Mapped[str | None] = mapped_column(String(10))
    organisation_id: Mapped[int | None]
    cast_at: Mapped[datetime]


class VoteChange(Keyed, Base):
    """What a vote was before it was changed. Rows are only added."""

    __tablename__ = "vote_change"
    __table_args__ = (Index("ix_vote_change_idea_id", "idea_id", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    before: Mapped[int]
    after: Mapped[int]
    changed_at: Mapped[datetime]


class Tally(Base):
    """The counts of one idea, kept in the vote's own transaction; equal to a recount, always."""

    __tablename__ = "tally"

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True, autoincrement=False)
    for_count: Mapped[int] = mapped_column(default=0)
    against_count: Mapped[int] = mapped_column(default=0)
    for_weight: Mapped[int] = mapped_column(BigInt, default=0)
    against_weight: Mapped[int] = mapped_column(BigInt, default=0)


class Poll(Keyed, Base):
    """A poll held elsewhere whose totals a challenge uses instead of votes cast here."""

    __tablename__ = "poll"

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"), unique=True)
    source: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(80))
    electorate: Mapped[int | None] = mapped_column(BigInt)


class ImportedTally(Base):
    """The totals of one idea in a poll held elsewhere."""

    __tablename__ = "imported_tally"

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True, autoincrement=False)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), index=True)
    for_weight: Mapped[int] = mapped_column(BigInt)
    against_weight: Mapped[int] = mapped_column(BigInt)
    voters: Mapped[int | None]
