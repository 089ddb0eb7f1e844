"""What happens to awards."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardOffered(Fact):
    award_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardAccepted(Fact):
    award_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardDeclined(Fact):
    award_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPapersComplete(Fact):
    award_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPaid(Fact):
    award_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardTakenBack(Fact):
    award_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardRemarked(Fact):
    award_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardDivided(Fact):
    """A winner proposed another division, or one left and the rest was divided anew (``declined_by``)."""

    award_id: int
    declined_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardShareAgreed(Fact):
    award_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPaperHandedIn(Fact):
    award_id: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPaperChecked(Fact):
    award_id: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPaperUnchecked(Fact):
    """A check was taken back; of a complete award it makes an incomplete one."""

    award_id: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardDue(Fact):
    """A step comes near its day or is past it; ``step`` is one of :func:`innovation.rules.award.due_step`."""

    award_id: int
    step: str
