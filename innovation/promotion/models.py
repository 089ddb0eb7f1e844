"""One application of one rule to one frozen snapshot, and what it decided for every idea."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.challenges.models import Challenge, in_list
from innovation.ideas.models import Idea
from innovation.kernel.db import Base, BigInt, JsonB, Keyed, Public, Sourced
from innovation.kernel.lifecycle import Scope
from innovation.rules.run import RUN, RunState


class Round(Public, Sourced, Base):
    """Challenges decided together. Most rounds have one; a fund has many, and a second pass over what they leave.

    Its purpose is promotion, or the shortlist that a crowd draws up for a panel.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("source", "foreign_id"),
        CheckConstraint("purpose IN ('promotion', 'shortlist')", name="purpose"),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    rule: Mapped[dict[str, Any] | None] = mapped_column(JsonB)
    second_rule: Mapped[dict[str, Any] | None] = mapped_column(JsonB)
    announce: Mapped[str] = mapped_column(String(10), default="person")
    purpose: Mapped[str] = mapped_column(String(10), default="promotion")
    created_at: Mapped[datetime]

    members: Mapped[list[RoundChallenge]] = relationship(lazy="raise", order_by="RoundChallenge.challenge_id")


class RoundChallenge(Keyed, Base):
    """That a challenge is decided in a round, and whether the second pass names it."""

    __tablename__ = "round_challenge"
    __table_args__ = (UniqueConstraint("challenge_id", "purpose"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    purpose: Mapped[str] = mapped_column(String(10), default="promotion")
    in_second_pass: Mapped[bool] = mapped_column(default=False)

    challenge: Mapped[Challenge] = relationship(lazy="raise")


class Run(Public, Base):
    """One pass of one round. The snapshot is stored before anything is computed, so a run can always go on."""

    __tablename__ = "run"
    __table_args__ = (
        UniqueConstraint("round_id", "pass_no"),
        CheckConstraint(in_list("state", RunState), name="state"),
        CheckConstraint("state = 'queued' OR snapshot IS NOT NULL", name="frozen_has_snapshot"),
        Index("ix_run_state", "state", "id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    pass_no: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=RUN.start)
    origin: Mapped[str] = mapped_column(String(10))
    snapshot: Mapped[str | None] = mapped_column(Text)
    snapshot_hash: Mapped[str | None] = mapped_column(String(64))
    ballots: Mapped[bytes | None] = mapped_column(LargeBinary)
    shares: Mapped[list[Any] | None] = mapped_column(JsonB)
    outcome_hash: Mapped[str | None] = mapped_column(String(64))
    sealed_no: Mapped[int | None] = mapped_column(BigInt)
    sealed_hash: Mapped[str | None] = mapped_column(String(64))
    code_version: Mapped[str] = mapped_column(String(20), default="")
    queued_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    announced_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    round: Mapped[Round] = relationship(lazy="raise")
    challenges: Mapped[list[RunChallenge]] = relationship(lazy="raise", order_by="RunChallenge.challenge_id")

    def passage_kind(self) -> str:
        return "run"

    def passage_stage(self, state: str) -> str | None:
        return None

    def passage_scope(self) -> Scope:
        return Scope(self.programme_id, 0, "audience")


class RunChallenge(Keyed, Base):
    """That a run decides a challenge in a pass. The unique key is what makes promotion happen once."""

    __tablename__ = "run_challenge"
    __table_args__ = (UniqueConstraint("challenge_id", "round_id", "pass_no"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    pass_no: Mapped[int]
    available_minor: Mapped[int | None]
    spent_minor: Mapped[int | None]
    left_minor: Mapped[int | None]
    promoted: Mapped[int | None]

    challenge: Mapped[Challenge] = relationship(lazy="raise")


class Decision(Keyed, Base):
    """What a run decided for an idea, and why: a code with parameters, and a person's words where there are any."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("run_id", "idea_id"), Index("ix_decision_idea_id", "idea_id"))

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    promoted: Mapped[bool]
    place: Mapped[int | None]
    because: Mapped[str] = mapped_column(String(30))
    params: Mapped[dict[str, Any]] = mapped_column(JsonB)
    close: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(Text, default="")
    words_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words_as: Mapped[str] = mapped_column(String(10), default="")

    idea: Mapped[Idea] = relationship(lazy="raise")
    run: Mapped[Run] = relationship(lazy="raise")


class Judgement(Keyed, Base):
    """That a named person decided about an idea where the figures were too close to call; it lapses with the decision."""

    __tablename__ = "judgement"
    __table_args__ = (UniqueConstraint("run_id", "idea_id"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    promoted: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    judged_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    judged_at: Mapped[datetime]


class Pick(Keyed, Base):
    """A sponsor's own choice about an idea, with the reason its authors will read."""

    __tablename__ = "pick"

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), unique=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"), index=True)
    chosen: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    picked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    picked_at: Mapped[datetime]


class PicksFinished(Keyed, Base):
    """That the sponsor's choices of a challenge are complete, so that the run may begin."""

    __tablename__ = "picks_finished"

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"), unique=True)
    finished_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    finished_at: Mapped[datetime]
