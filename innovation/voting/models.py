"""One person's judgement of one idea, and the counts that follow from all of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from innovation.kernel.db import Base, BigInt, JsonB, Keyed


class BallotRow(Keyed, Base):
    """Everything one person cast in a challenge. Its row is the lock under which a budget is spent.

    ``circle`` and ``group_key`` say where the person stood at the last vote; ``removed_at`` that a person decided that
    these votes do not count, and no more are taken.
    """

    __tablename__ = "ballot"
    __table_args__ = (UniqueConstraint("challenge_id", "person_id"), Index("ix_ballot_person_id", "person_id"))

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    circle: Mapped[str | None] = mapped_column(String(10))
    group_key: Mapped[str] = mapped_column(String(20), default="")
    first_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Vote(Keyed, Base):
    """A person's present vote on an idea; 0 is one taken back. There is one at most. See `rules.ballot` for values."""

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("person_id", "idea_id"),
        CheckConstraint("value >= -1 AND value <= 1000000", name="value"),
        CheckConstraint("weight > 0", name="weight"),
        # Wide, so that counting by idea and finding what a view led to read the index alone.
        Index("ix_vote_idea_id", "idea_id", "person_id", "value"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    value: Mapped[int]
    weight: Mapped[int] = mapped_column(BigInt, default=1)
    revision_no: Mapped[int]
    circle: Mapped[str | None] = mapped_column(String(10))
    organisation_id: Mapped[int | None]
    group_key: Mapped[str] = mapped_column(String(20), default="")
    cast_at: Mapped[datetime]


class VoteChange(Keyed, Base):
    """What a vote was before it was changed, and why where it was not its owner who did. Rows are only added."""

    __tablename__ = "vote_change"
    __table_args__ = (
        CheckConstraint("cause IN ('person', 'merged', 'removed')", name="cause"),
        Index("ix_vote_change_idea_id", "idea_id", "person_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    before: Mapped[int]
    after: Mapped[int]
    cause: Mapped[str] = mapped_column(String(8), default="person")
    changed_at: Mapped[datetime]


class Comparison(Keyed, Base):
    """Which of two ideas a person prefers: 1 the first, -1 the second, 0 "cannot say". The lower id is the first."""

    __tablename__ = "comparison"
    __table_args__ = (
        UniqueConstraint("person_id", "first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="in_order"),
        CheckConstraint("preferred IN (-1, 0, 1)", name="preferred"),
        Index("ix_comparison_challenge_id", "challenge_id", "id"),
        Index("ix_comparison_first_id", "first_id"),
        Index("ix_comparison_second_id", "second_id"),
    )

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    preferred: Mapped[int]
    circle: Mapped[str | None] = mapped_column(String(10))
    group_key: Mapped[str] = mapped_column(String(20), default="")
    cast_at: Mapped[datetime]


class ComparisonChange(Keyed, Base):
    """What a person preferred before. Rows are only added."""

    __tablename__ = "comparison_change"

    comparison_id: Mapped[int] = mapped_column(ForeignKey("comparison.id"), index=True)
    before: Mapped[int]
    after: Mapped[int]
    changed_at: Mapped[datetime]


class View(Keyed, Base):
    """That a person entitled to vote had an idea before him: two seconds on screen, opened, or voted on. Once each."""

    __tablename__ = "view"
    __table_args__ = (
        UniqueConstraint("person_id", "idea_id"),
        CheckConstraint("how IN ('screen', 'opened', 'voted', 'import')", name="how"),
        Index("ix_view_idea_id", "idea_id", "person_id", "group_key", "circle"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    how: Mapped[str] = mapped_column(String(6))
    circle: Mapped[str | None] = mapped_column(String(10))
    group_key: Mapped[str] = mapped_column(String(20), default="")
    seen_at: Mapped[datetime]


class Tally(Base):
    """The counts of one idea, kept in the vote's own transaction; equal to a recount, always.

    ``for`` counts votes above zero and ``against`` those below; where pairs are judged, wins and losses.
    ``value_sum`` and ``square_sum`` are over weight x value and weight x value². ``seen`` counts views.
    """

    __tablename__ = "tally"

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True, autoincrement=False)
    for_count: Mapped[int] = mapped_column(default=0)
    against_count: Mapped[int] = mapped_column(default=0)
    for_weight: Mapped[int] = mapped_column(BigInt, default=0)
    against_weight: Mapped[int] = mapped_column(BigInt, default=0)
    value_sum: Mapped[int] = mapped_column(BigInt, default=0)
    square_sum: Mapped[int] = mapped_column(BigInt, default=0)
    seen: Mapped[int] = mapped_column(default=0)


class ListOrder(Keyed, Base):
    """The order in which a challenge's ideas were offered from an instant on: ids with what was known of them then.

    Everybody's own order is derived from one of these rows; a page's cursor names the row, so that paging is stable.
    """

    __tablename__ = "list_order"
    __table_args__ = (Index("ix_list_order_challenge_id", "challenge_id", "id"),)

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    made_at: Mapped[datetime]
    rows: Mapped[list[Any]] = mapped_column(JsonB)


class Fit(Keyed, Base):
    """What was fitted to a challenge's votes, rounded: the figures a standing and a decision rest on."""

    __tablename__ = "fit"

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"), unique=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JsonB)
    made_at: Mapped[datetime]


class Measured(Base):
    """What a rule may ask of an idea, as integers, once the votes are in: unverified votes capped, sides apart."""

    __tablename__ = "measured"

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True, autoincrement=False)
    raw: Mapped[dict[str, Any]] = mapped_column(JsonB)


class Standing(Keyed, Base):
    """An idea's place under one method, with its 90 % interval and chance of being among the best, in millionths."""

    __tablename__ = "standing"
    __table_args__ = (
        UniqueConstraint("challenge_id", "method", "idea_id"),
        Index("ix_standing_place", "challenge_id", "method", "place", "idea_id"),
    )

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    method: Mapped[str] = mapped_column(String(20))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    place: Mapped[int]
    score_micro: Mapped[int] = mapped_column(BigInt)
    low_micro: Mapped[int] = mapped_column(BigInt)
    high_micro: Mapped[int] = mapped_column(BigInt)
    top_micro: Mapped[int] = mapped_column(BigInt)
    figures: Mapped[dict[str, Any]] = mapped_column(JsonB)


class Flag(Keyed, Base):
    """Votes that look cast in lockstep, found by the clock, for a person to decide about. It names people, never votes."""

    __tablename__ = "vote_flag"
    __table_args__ = (
        UniqueConstraint("challenge_id", "fingerprint"),
        CheckConstraint("verdict IN ('', 'kept', 'removed')", name="verdict"),
    )

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    people: Mapped[list[Any]] = mapped_column(JsonB)
    figures: Mapped[dict[str, Any]] = mapped_column(JsonB)
    found_at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(String(8), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]


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
