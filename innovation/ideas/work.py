"""Doors of time for ideas."""

from __future__ import annotations

from innovation.ideas.service import restoring
from innovation.kernel import queue
from innovation.kernel.actor import Origin, house


@queue.every(name="ideas.empty_drafts", minutes=60)
def empty_drafts() -> None:
    while restoring.empty_drafts(actor=house(Origin.CLOCK)):
        pass
