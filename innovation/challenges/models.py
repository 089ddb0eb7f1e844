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
from innovation.rules.answers import AnswerKind
from innovation.rules.ballot import Ballot
from innovation.rules.challenge import CHALLENGE, AmendmentKind, ChallengeState, WhoDecides
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
    staff_without_approval: Mapped[bool] = mapped_column(default=False)
    """Whether a sponsor may publish to staff alone without asking the manager."""
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Who approves its challenges, by name; empty: any of its managers."""


class Terms(Keyed, Base):
    """One version of the terms under which ideas are given, in one language. A version never changes."""

    __tablename__ = "terms"
    __table_args__ = (UniqueConstraint("key", "version", "language"),)

    key: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    language: Mapped[str] = mapped_column(String(5))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    """Five plain lines."""
    full: Mapped[str] = mapped_column(Text, default="")
    """The full text below them."""
    text_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the five lines and the full text."""
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]


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
        CheckConstraint("full_access IN ('none', 'terms', 'approval')", name="full_access"),
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

    template: Mapped[str] = mapped_column(String(20), default="")
    """The ready template it began with."""
    sponsor_withheld: Mapped[bool] = mapped_column(default=False)
    """Whether readers are not told whose question it is."""
    full_access: Mapped[str] = mapped_column(String(10), default="none")
    """How the full part of the brief opens: there is none, by accepting its confidentiality terms, or by approval."""
    full_text: Mapped[str] = mapped_column(Text, default="")
    full_terms: Mapped[str] = mapped_column(Text, default="")
    """The confidentiality terms of the full part."""

    checked_first: Mapped[bool] = mapped_column(default=False)
    """Whether a sent idea is shown only after a checker accepted it."""

    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None]
    """When it was handed in last; it is answered within two days of that."""
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


class OwnQuestion(Public, Base):
    """A question of the sponsor's own that every idea answers. Frozen once the first idea is sent."""

    __tablename__ = "own_question"
    __table_args__ = (
        UniqueConstraint("challenge_id", "position"),
        CheckConstraint(in_list("kind", AnswerKind), name="kind"),
    )

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    label: Mapped[str] = mapped_column(String(300))
    help: Mapped[str] = mapped_column(String(500), default="")
    required: Mapped[bool] = mapped_column(default=False)
    most: Mapped[int | None]
    """At most so many characters, for a text."""
    unit: Mapped[str] = mapped_column(String(40), default="")
    """What a number counts."""
    options: Mapped[list[str]] = mapped_column(JsonB, default=list)
    """What can be chosen."""
    criterion: Mapped[int | None]
    """The position of the panel's criterion that it bears on."""


class FullOpening(Keyed, Base):
    """That a person asked for the full part of a brief, and whether he may read it."""

    __tablename__ = "full_opening"
    __table_args__ = (
        UniqueConstraint("challenge_id", "person_id"),
        CheckConstraint("state IN ('asked', 'open', 'refused')", name="state"),
    )

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why he asks, or why it was refused."""
    terms_hash: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the confidentiality terms he accepted."""
    asked_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]


class Amendment(Keyed, Base):
    """What was changed after publication, dated and listed. Rows are only added."""

    __tablename__ = "amendment"
    __table_args__ = (
        UniqueConstraint("challenge_id", "number"),
        CheckConstraint(in_list("kind", AmendmentKind), name="kind"),
    )

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    before: Mapped[dict[str, Any]] = mapped_column(JsonB)
    after: Mapped[dict[str, Any]] = mapped_column(JsonB)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class AmendmentAnswer(Keyed, Base):
    """Whether an author accepts changed terms or a changed audience for his ideas."""

    __tablename__ = "amendment_answer"
    __table_args__ = (UniqueConstraint("amendment_id", "person_id"),)

    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    accepted: Mapped[bool]
    answered_at: Mapped[datetime]


class Deputy(Keyed, Base):
    """Who acts in somebody's place: for one challenge as sponsor, announcer or checker, for a programme as approver."""

    __tablename__ = "deputy"
    __table_args__ = (
        CheckConstraint("role IN ('sponsor', 'approver', 'checker')", name="role"),
        CheckConstraint("person_id <> deputy_id", name="somebody_else"),
        CheckConstraint("(challenge_id IS NULL) <> (programme_id IS NULL)", name="one_place"),
        UniqueConstraint("challenge_id", "person_id", "role"),
        UniqueConstraint("programme_id", "person_id", "role"),
    )

    challenge_id: Mapped[int | None] = mapped_column(ForeignKey("challenge.id"))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    role: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    named_at: Mapped[datetime]


class Inquiry(Public, Base):
    """What somebody asked the sponsor: answered to him alone, or published in edited words for all."""

    __tablename__ = "inquiry"
    __table_args__ = (
        Index("ix_inquiry_challenge_id", "challenge_id", "id"),
        Index("ix_inquiry_asked_by", "asked_by", "id"),
        CheckConstraint("published_at IS NULL OR answered_at IS NOT NULL", name="answered_first"),
    )

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    text: Mapped[str] = mapped_column(Text)
    private: Mapped[bool]
    """Whether the asker wants it kept between him and the sponsor."""
    language: Mapped[str] = mapped_column(String(5))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    shown_text: Mapped[str] = mapped_column(Text, default="")
    """The question as it is published, in the sponsor's edited words."""
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]

    challenge: Mapped[Challenge] = relationship(lazy="raise")
