"""What happens in promotion."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaPicked(Fact):
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PicksDone(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RunQueued(Fact):
    run_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFrozen(Fact):
    run_id: int
    snapshot_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDecided(Fact):
    run_id: int
    outcome_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDecidedAgain(Fact):
    """A manager gave the challenge another rule before the announcement: its number, and the new fingerprints."""

    run_id: int
    number: int
    snapshot_hash: str
    outcome_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAnnounced(Fact):
    run_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortlistMade(Fact):
    run_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMade(Fact):
    run_id: int
    promoted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonGiven(Fact):
    run_id: int
