"""What the clock does for messages: digests of a morning, and reminders of deadlines."""

from __future__ import annotations

from innovation.kernel import queue
from innovation.kernel.actor import Origin, house
from innovation.notifications.service import digests, reminding


@queue.every(name="notifications.digests", minutes=10)
def make_digests() -> None:
    after: int | None = 0
    while after is not None:
        after = digests.make_digests(actor=house(Origin.CLOCK), after=after)


@queue.every(name="notifications.remind_of_closing", minutes=10)
def remind_of_closing() -> None:
    after: int | None = 0
    while after is not None:
        after = reminding.remind_of_closing(actor=house(Origin.CLOCK), after=after)
