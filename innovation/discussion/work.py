"""Doors of time for talks."""

from __future__ import annotations

from innovation.discussion.service import deleting
from innovation.kernel import queue
from innovation.kernel.actor import Origin, house


@queue.every(name="discussion.empty_trash", minutes=60)
def empty_trash() -> None:
    while deleting.empty_trash(actor=house(Origin.CLOCK)):
        pass
