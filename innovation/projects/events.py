"""What happens to projects."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectOpened(Fact):
    pass


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
