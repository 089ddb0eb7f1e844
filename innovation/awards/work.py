"""Doors of time for awards."""

from __future__ import annotations

from innovation.awards.service import reminding
from innovation.kernel import queue
from innovation.kernel.actor import Origin, house


@queue.every(name="awards.remind", minutes=30)
def remind() -> None:
    after: int | None = 0
    while after is not None:
        after = reminding.remind(actor=house(Origin.CLOCK), after=after)
