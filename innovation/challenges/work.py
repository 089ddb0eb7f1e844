"""Doors of time for challenges."""

from __future__ import annotations

from innovation.challenges.service.amending import settle_waiting
from innovation.challenges.service.inquiries import remind as remind_of_inquiries
from innovation.challenges.service.promises import remind_of_answers, remind_of_approvals
from innovation.kernel import queue
from innovation.kernel.actor import Origin, house


@queue.every(name="challenges.remind_of_answers", minutes=15)
def remind() -> None:
    after: int | None = 0
    while after is not None:
        after = remind_of_answers(actor=house(Origin.CLOCK), after=after)


@queue.every(name="challenges.remind_of_approvals", minutes=15)
def remind_approvers() -> None:
    after: int | None = 0
    while after is not None:
        after = remind_of_approvals(actor=house(Origin.CLOCK), after=after)


@queue.every(name="challenges.settle_amendments", minutes=15)
def settle_amendments() -> None:
    settle_waiting(actor=house(Origin.CLOCK))


@queue.every(name="challenges.remind_of_inquiries", minutes=15)
def remind_who_is_asked() -> None:
    after: int | None = 0
    while after is not None:
        after = remind_of_inquiries(actor=house(Origin.CLOCK), after=after)
