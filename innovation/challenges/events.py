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
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeStopped(Fact):
    pass


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
class AnswerDue(Fact):
    """The day by which every author was promised an answer comes near, is there, or is past."""

    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsShown(Fact):
    """A challenge's results may stand on the public page of an organisation (the host's: none is named), or no more."""

    shown: bool
    organisation_id: int | None
