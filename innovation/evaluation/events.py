"""What happens while a panel scores. No fact holds a score."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaSet(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringOpened(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewWritten(Fact):
    review_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewTakenBack(Fact):
    review_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringEnded(Fact):
    pass
