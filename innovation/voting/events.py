"""What happens to votes as a whole. A vote alone emits no fact: it would say who voted when."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeasMerged(Fact):
    into_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VotesFlagged(Fact):
    flag_id: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VotesKept(Fact):
    flag_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VotesRemoved(Fact):
    person_id: int
    flag_id: int | None
