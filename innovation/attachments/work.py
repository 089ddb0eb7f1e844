"""Doors of time for files."""

from __future__ import annotations

from innovation.attachments.service import sweeping
from innovation.kernel import clock, queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.files import store


@queue.every(name="attachments.sweep", minutes=30)
def sweep() -> None:
    """Rows first, then the bytes that no row needs any more."""
    actor = house(Origin.CLOCK)
    while sweeping.doom(actor=actor):
        pass
    while found := sweeping.doomed(clock.now()):
        db.session.rollback()
        sweeping.erase(store(), [key for _row, key in found])
        sweeping.forget(actor=actor, rows=[row for row, _key in found])
