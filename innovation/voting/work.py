"""Doors of facts and time for voting."""

from __future__ import annotations

from innovation.ideas.events import AuthorAccepted
from innovation.kernel import queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.events import Delivery, Event, on
from innovation.voting import service


@on(AuthorAccepted, name="voting.take_back_own")
def take_back_own(event: Event, delivery: Delivery) -> None:
    """Nobody votes on an idea of his own, also where it became his own afterwards."""
    assert event.idea_id is not None
    service.take_back_own(actor=house(Origin.CLOCK), idea_id=event.idea_id, person_id=event.payload["person_id"])


@queue.every(name="voting.renew_orders", minutes=1)
def renew_orders() -> None:
    service.renew_orders(actor=house(Origin.CLOCK))


@queue.every(name="voting.find_lockstep", minutes=15)
def find_lockstep() -> None:
    service.find_lockstep(actor=house(Origin.CLOCK))
