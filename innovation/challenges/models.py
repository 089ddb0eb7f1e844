"""The question, and everything that was promised with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.attachments.models import FileSet
from innovation.discussion.models import Thread
from innovation.kernel.db import Base, JsonB, Keyed, Public, Sourced
from innovation.kernel.lifecycle import Scope
from innovation.rules.ballot import Ballot
from innovation.rules.challenge import CHALLENGE, ChallengeState, WhoDecides
from innovation.rules.phases import Schedule


def in_list(column: str, values: Any) -> str:
    """The CHECK text for a column that takes only listed values."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class Programme(Public, Sourced, Base):
    """Challenges under one manager, budget and team."""

    __tablename__ = "programme"
    __table_args__ = (UniqueConstraint("source", "foreign_id"),)

    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class Terms(Keyed, Base):
    """One version of the terms under which ideas are given, in one language. A version never changes."""

    __tablename__ = "terms"
    __table_args__ = (UniqueConstraint("key", "version", "language"),)

    key: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    language: Mapped[str] = mapped_column(String(5))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(64))


class Challenge(Public, Sourced, Base):
    """A question to experts: brief, schedule, audience, who decides and by which rule."""

    __tablename__ = "challenge"
    __table_args__ = (
        UniqueConstraint("source", "foreign_id"),
        CheckConstraint(in_list("state", ChallengeState), name="state"),
        CheckConstraint("visibility IN ('open', 'sealed')", name="visibility"),
        CheckConstraint(in_list("who_decides", WhoDecides), name="who_decides"),
        CheckConstraint(in_list("ballot", Ballot), name="ballot"),
        CheckConstraint("totals_shown IN ('closed', 'voted')", name="totals_shown"),
        CheckConstraint("record_for IN ('sponsor', 'participants', 'public')", name="record_for"),
        CheckConstraint("text_format IN ('markdown', 'html')", name="text_format"),
        CheckConstraint("visibility = 'open' OR who_decides IN ('sponsor', 'panel')", name="sealed_has_no_crowd"),
        Index("ix_challenge_state_closes_at", "state", "closes_at", "id"),
        Index("ix_challenge_programme_id", "programme_id", "id"),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    must: Mapped[str] = mapped_column(Text, default="")
    background: Mapped[str] = mapped_column(Text, default="")
    constraints: Mapped[str] = mapped_column(Text, default="")
    text_format: Mapped[str] = mapped_column(String(10), default="markdown")
    language: Mapped[str] = mapped_column(String(5), default="en")
    sponsor_name: Mapped[str] = mapped_column(String(200), default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")

    state: Mapped[str] = mapped_column(String(12), default=CHALLENGE.start)
    visibility: Mapped[str] = mapped_column(String(8), default="open")
    who_decides: Mapped[str] = mapped_column(String(12), default=WhoDecides.VOTES)
    ballot: Mapped[str] = mapped_column(String(10), default=Ballot.APPROVAL)
    ballot_budget: Mapped[int | None]
    totals_shown: Mapped[str] = mapped_column(String(8), default="closed")
    names_hidden: Mapped[bool] = mapped_column(default=False)
    edits_allowed: Mapped[bool] = mapped_column(default=False)
    record_for: Mapped[str] = mapped_column(String(12), default="sponsor")
    rule: Mapped[dict[str, Any]] = mapped_column(JsonB)
    rule_no: Mapped[int] = mapped_column(default=1)
    shortlist_rule: Mapped[dict[str, Any] | None] = mapped_column(JsonB)
    budget_minor: Mapped[int | None]
    prize_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    terms_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"))

    zone: Mapped[str] = mapped_column(String(60), default="Europe/Amsterdam")
    wall_times: Mapped[dict[str, Any]] = mapped_column(JsonB, default=dict)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime]
    vote_opens_at: Mapped[datetime | None]
    vote_closes_at: Mapped[datetime | None]
    review_closes_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    announce_after_hours: Mapped[int | None]

    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    pseudonym_key: Mapped[str | None] = mapped_column(String(64))
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("challenge.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Whose question it is, where it is not the host's."""
    results_public: Mapped[bool] = mapped_column(default=False)
    """Whether its results may stand on the organisation's public page."""
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"), unique=True)
    """Its questions and answers, read by whoever sees the challenge."""
    panel_thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"), unique=True)
    """The private talk of its panel."""
    file_set_id: Mapped[int | None] = mapped_column(ForeignKey("file_set.id"), unique=True)

    thread: Mapped[Thread | None] = relationship(lazy="raise", foreign_keys=[thread_id])
    panel_thread: Mapped[Thread | None] = relationship(lazy="raise", foreign_keys=[panel_thread_id])
    file_set: Mapped[FileSet | None] = relationship(lazy="raise")
    programme: Mapped[Programme] = relationship(lazy="raise")
    terms: Mapped[Terms | None] = relationship(lazy="raise")
    audience: Mapped[list[Audience]] = relationship(lazy="raise", cascade="all, delete-orphan")
    topics: Mapped[list[Topic]] = relationship(lazy="raise", cascade="all, delete-orphan")

    def schedule(self) -> Schedule:
        """The challenge's times; before publication it opens as if now were its creation."""
        return Schedule(
            self.opens_at or self.created_at,
            self.closes_at,
            self.vote_opens_at,
            self.vote_closes_at,
            self.review_closes_at,
        )

    @property
    def changes_until(self) -> datetime:
        """Until when the text of a sent idea can change: people vote on ideas as they read, unless edits are allowed."""
        opens = self.vote_opens_at
        return self.closes_at if self.edits_allowed or opens is None else min(opens, self.closes_at)

    def passage_kind(self) -> str:
        return "challenge"

    def passage_stage(self, state: str) -> str | None:
        return None if state == ChallengeState.DRAFT else state

    def passage_scope(self) -> Scope:
        return Scope(self.programme_id, self.id, "audience")


class RuleChange(Keyed, Base):
    """That a rule was replaced after judging had begun: by whom, why, and what it read before. Rows are only added."""

    __tablename__ = "rule_change"
    __table_args__ = (UniqueConstraint("challenge_id", "number"),)

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    number: Mapped[int]
    before: Mapped[dict[str, Any]] = mapped_column(JsonB)
    after: Mapped[dict[str, Any]] = mapped_column(JsonB)
    entered: Mapped[list[Any]] = mapped_column(JsonB)
    left: Mapped[list[Any]] = mapped_column(JsonB)
    reason: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class Audience(Keyed, Base):
    """One line of who may see and answer a challenge: a circle, an organisation, a department or a person."""

    __tablename__ = "audience"
    __table_args__ = (
        UniqueConstraint("challenge_id", "kind", "value"),
        CheckConstraint("kind IN ('circle', 'organisation', 'department', 'person')", name="kind"),
    )

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    kind: Mapped[str] = mapped_column(String(12))
    value: Mapped[str] = mapped_column(String(40))


class Topic(Keyed, Base):
    """What a challenge is about, in a word or two; figures can be filtered by it."""

    __tablename__ = "challenge_topic"
    __table_args__ = (UniqueConstraint("challenge_id", "topic"), Index("ix_challenge_topic_topic", "topic"))

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    topic: Mapped[str] = mapped_column(String(60))


class TermsAcceptance(Keyed, Base):
    """That a person accepted a version of the terms for a challenge: which text, when."""

    __tablename__ = "terms_acceptance"
    __table_args__ = (UniqueConstraint("person_id", "challenge_id", "terms_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    terms_id: Mapped[int] = mapped_column(ForeignKey("terms.id"))
    text_hash: Mapped[str] = mapped_column(String(64))
    accepted_at: Mapped[datetime]
