"""Doors of time and facts for sendings: those whose ten minutes are over are let go, and each line is carried out."""

from __future__ import annotations

from innovation.kernel import queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.events import Delivery, Event, on
from innovation.steering.service import sendings


@queue.every(name="steering.release", minutes=1)
def release() -> None:
    while sendings.release(actor=house(Origin.CLOCK)):
        pass


@on(name=sendings.CARRY_OUT)
def carry_out(event: Event, delivery: Delivery) -> None:
    sendings.carry_out(actor=house(Origin.CLOCK), line_id=int(delivery.key))
