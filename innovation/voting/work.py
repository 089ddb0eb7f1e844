"""Doors of time for voting."""

from __future__ import annotations

from innovation.kernel import queue
from innovation.kernel.actor import Origin, house
from innovation.voting import service


@queue.every(name="voting.renew_orders", minutes=1)
def renew_orders() -> None:
    service.renew_orders(actor=house(Origin.CLOCK))


@queue.every(name="voting.find_lockstep", minutes=15)
def find_lockstep() -> None:
    service.find_lockstep(actor=house(Origin.CLOCK))
