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
class OrderEnded(Fact):
    """It is done, or cannot be done; ``state`` says which."""

    order_id: int
    order: str
    """Its public id, for the address in a message."""
    state: str
