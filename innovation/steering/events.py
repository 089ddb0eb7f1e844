"""What happens to acts that are decided for many, and to the words kept for them."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingDecided(Fact):
    """Somebody decided an act for so many things; nothing of it has happened yet."""

    sending_id: int
    act: str
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingStopped(Fact):
    """Who decided it stopped it before anything of it happened."""

    sending_id: int
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingReleased(Fact):
    """Its ten minutes are over: from here on each line is carried out, and nothing stops it."""

    sending_id: int
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCarriedOut(Fact):
    """The act was done to one thing."""

    sending_id: int
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRefused(Fact):
    """The act could not be done to one thing any more, or was taken out before; ``problem`` says why, as a code."""

    sending_id: int
    act: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReminded(Fact):
    """A manager reminded somebody of what waits for him: ``what`` says of what, ``line_id`` in which words."""

    person_id: int
    what: str
    line_id: int
    gate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonKept(Fact):
    """Words were kept to be said again, or changed."""

    reason_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonThrownAway(Fact):
    """Words are no longer offered."""

    reason_id: int
