"""What happens to challenges."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeStarted(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeStarted(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeEdited(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeProposed(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeReturned(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengePublished(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeExtended(Fact):
    """The closing date moved later; ``number`` is that of the amendment which says why."""

    field: str
    before: str
    after: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeStopped(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeAmended(Fact):
    """What was promised changed after publication: the amendment's number and kind."""

    number: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentAnswered(Fact):
    """An author said whether he accepts an amendment for his ideas."""

    number: int
    person_id: int
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentInForce(Fact):
    """Every author whom an amendment waited for has accepted it."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInNamed(Fact):
    """A sponsor, or a checker, has somebody who acts in his place in a challenge."""

    person_id: int
    deputy_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInEnded(Fact):
    person_id: int
    deputy_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalArranged(Fact):
    """Who approves a programme's challenges, who stands in for him, and whether staff may be asked without approval."""

    approver_id: int | None
    deputy_id: int | None
    staff_without_approval: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalDue(Fact):
    """A challenge that was handed in waits for its two-day answer, or waits longer than that."""

    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChanged(Fact):
    """A rule was replaced after judging had begun: its number, and how many ideas come in and go out by it."""

    number: int
    entered: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeDecided(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsAccepted(Fact):
    person_id: int
    terms_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsApproved(Fact):
    """A version of the ready terms was approved."""

    key: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDue(Fact):
    """The day by which every author was promised an answer comes near, is there, or is past."""

    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsShown(Fact):
    """A challenge's results may stand on the public page of an organisation (the host's: none is named), or no more."""

    shown: bool
    organisation_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorWithheld(Fact):
    """Readers of a challenge are not told whose question it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorNamed(Fact):
    """Readers of a challenge are told whose question it is, after they were not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FullPartChanged(Fact):
    """The full part of a brief was written: how it opens, and the hash of its terms."""

    access: str
    terms_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FullTermsAccepted(Fact):
    """Somebody accepted the confidentiality terms of a full part: which text, by its hash."""

    person_id: int
    terms_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FullPartAsked(Fact):
    """Somebody asks a sponsor for the full part."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FullPartAnswered(Fact):
    """A full part was opened to somebody, or refused or taken back."""

    person_id: int
    opened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FullBriefOpened(Fact):
    """The text of a full part was handed out once: to whom, under which terms (empty: none were needed)."""

    person_id: int
    terms_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantAdmitted(Fact):
    """Somebody was named in a challenge's audience, because he was invited to it."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryAsked(Fact):
    """Somebody asked a challenge's sponsor something. Who that was stays between him and those who answer."""

    inquiry_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryAnswered(Fact):
    """A question was answered: to who asked alone, or in edited words to everybody."""

    inquiry_id: int
    published: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryDue(Fact):
    """A question waits for its answer: most of the promised five days have passed, or all of them."""

    inquiry_id: int
    step: str
