"""An award, how its people share it, the papers it needs and the talk that clears it up."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.challenges.models import Challenge, in_list
from innovation.ideas.models import Idea
from innovation.kernel.db import Base, Keyed, Public
from innovation.kernel.lifecycle import Scope
from innovation.people.models import Person
from innovation.rules.award import AWARD, AwardState


class Award(Public, Base):
    """An amount offered to the authors of an idea. It may exist without a project. The dates are when each step is due."""

    __tablename__ = "award"
    __table_args__ = (
        CheckConstraint(in_list("state", AwardState), name="state"),
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        Index("ix_award_challenge_id", "challenge_id", "id"),
        Index("ix_award_idea_id", "idea_id"),
        Index("ix_award_state", "state", "id"),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    title: Mapped[str] = mapped_column(String(200))
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(10), default=AWARD.start)
    visibility: Mapped[str] = mapped_column(String(10), default="audience")
    accept_by: Mapped[date] = mapped_column(Date)
    papers_by: Mapped[date | None] = mapped_column(Date)
    pay_by: Mapped[date | None] = mapped_column(Date)
    offered_at: Mapped[datetime]
    offered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    paid_on: Mapped[date | None] = mapped_column(Date)
    reference: Mapped[str] = mapped_column(String(100), default="")
    """Finance's own number of the payment."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was declined or taken back."""

    challenge: Mapped[Challenge] = relationship(lazy="raise")
    idea: Mapped[Idea] = relationship(lazy="raise")
    shares: Mapped[list[Share]] = relationship(lazy="raise", order_by="Share.id", cascade="all, delete-orphan")
    papers: Mapped[list[Paper]] = relationship(lazy="raise", order_by="Paper.position", cascade="all, delete-orphan")

    def passage_kind(self) -> str:
        return "award"

    def passage_stage(self, state: str) -> str | None:
        return f"award_{state}"

    def passage_scope(self) -> Scope:
        return Scope(
            self.programme_id, self.challenge_id, self.visibility, self.idea.circle or "", self.idea.organisation_id
        )


class Share(Keyed, Base):
    """What one author gets of an award, and since when he agrees to how it is shared."""

    __tablename__ = "award_share"
    __table_args__ = (
        UniqueConstraint("award_id", "person_id"),
        CheckConstraint("amount_minor >= 0", name="amount_minor"),
    )

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    amount_minor: Mapped[int]
    agreed_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])


class Paper(Keyed, Base):
    """A paper that is needed before an award is paid (an invoice, a tax form), and whether it is there."""

    __tablename__ = "award_paper"
    __table_args__ = (UniqueConstraint("award_id", "position"),)

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(500), default="")
    handed_in_at: Mapped[datetime | None]
    handed_in_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Remark(Keyed, Base):
    """A question or an answer between the winners and who offers the award. Rows are only added."""

    __tablename__ = "award_remark"
    __table_args__ = (Index("ix_award_remark_award_id", "award_id", "id"),)

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]

    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[written_by])
