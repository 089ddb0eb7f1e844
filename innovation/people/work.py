"""Doors of time for people."""

from __future__ import annotations

from innovation.kernel import queue
from innovation.kernel.actor import Origin, house
from innovation.people.service import drafts


@queue.every(name="people.forget_drafts", minutes=60)
def forget_drafts() -> None:
    drafts.forget_old(actor=house(Origin.CLOCK))
