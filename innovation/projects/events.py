"""What happens to projects."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectOpened(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDescribed(Fact):
    """What the project is called or wants to show was said anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOpened(Fact):
    gate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GatePassed(Fact):
    gate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateStopped(Fact):
    gate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAsked(Fact):
    """The team asked for a decision."""

    gate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateUnasked(Fact):
    """The team took its request back."""

    gate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAgain(Fact):
    """The team is to try again, or go on after a hold."""

    gate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateExtended(Fact):
    """A gate nobody decided has a later day, in UTC."""

    gate: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateHeld(Fact):
    gate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReopened(Fact):
    """A new decision took back that a gate was passed or stopped."""

    gate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateClosed(Fact):
    """A gate lies ahead once more, because the one before it was reopened."""

    gate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyNamed(Fact):
    """``person_id`` is None where nobody stands in for the keeper any more."""

    gate: str
    person_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectReopened(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisWritten(Fact):
    hypothesis_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceAdded(Fact):
    evidence_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessChanged(Fact):
    """A programme's next projects are run by another process, or by another version of it."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPassed(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStopped(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePosted(Fact):
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneDone(Fact):
    milestone_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Fact):
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAsked(Fact):
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDeclined(Fact):
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(Fact):
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadHandedOver(Fact):
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLineAdded(Fact):
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLineClosed(Fact):
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLineReopened(Fact):
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyEntered(Fact):
    kind: str
    line_id: int
    entry_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyCorrected(Fact):
    entry_id: int
    corrects_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentPaid(Fact):
    entry_id: int
    commitment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueClaimed(Fact):
    kind: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectAdopted(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectIterated(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectShelved(Fact):
    """The proof passed, and yet nothing follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectUnsettled(Fact):
    """What was said to come of the proof no longer holds; ``log_id`` is the entry of the log with the reason."""

    log_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonWritten(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class GateDue(Fact):
    """A gate comes near, is late, stays on hold, or waits for an answer longer than was promised."""

    gate: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneLate(Fact):
    milestone_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestonePlanned(Fact):
    milestone_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneMoved(Fact):
    milestone_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneReopened(Fact):
    milestone_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneDropped(Fact):
    milestone_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneRestored(Fact):
    """A milestone that was taken out is back in the plan, with its tasks."""

    milestone_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLogged(Fact):
    log_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskSeen(Fact):
    risk_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskClosed(Fact):
    risk_id: int
