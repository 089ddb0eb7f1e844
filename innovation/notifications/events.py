"""What happens to what people are told."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingSoon(Fact):
    """In two days a challenge takes no more ideas (``draft``) or no more votes (``votes``)."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskWaits(Fact):
    """On a working day's morning so many things waited on a manager's desk."""

    person_id: int
    things: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMade(Fact):
    """What waited for a person's morning was put into one mail."""

    person_id: int
    lines: int
