"""Doors of facts and time for insight."""

from __future__ import annotations

from innovation.insight.service import taking_part
from innovation.kernel import queue
from innovation.kernel.actor import Origin, house


@queue.every(name="insight.keep_participation", minutes=5)
def keep_participation() -> None:
    taking_part.keep_participation(actor=house(Origin.CLOCK))
