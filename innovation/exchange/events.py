"""What happens to long work that people ask for."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAsked(Fact):
    """Somebody asked for long work, or for it to go on after it was cancelled or had failed."""

    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBegun(Fact):
    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(Fact):
    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseExported(Fact):
    """An administrator asked for everything the house holds, or an operator wrote it to a file.

    ``order_id`` is 0 for an operator's file; ``why`` is the reason for opening the sealed ideas, or empty where they stayed
    sealed.
    """

    order_id: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingKept(Fact):
    """Somebody keeps which columns of a file mean what, for the next file."""

    mapping_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingThrownAway(Fact):
    mapping_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEnded(Fact):
    """It is done, or cannot be done; ``state`` says which."""

    order_id: int
    order: str
    """Its public id, for the address in a message."""
    state: str
