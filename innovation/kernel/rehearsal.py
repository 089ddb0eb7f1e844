"""Trying what would come of an act, letters included, and undoing all of it.

A rehearsal plays the act and the database's share of what follows from its facts, in a transaction that is rolled back.
What a handler would take outside is not done: it is shown, by the very code that would send it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import current_app

from innovation.kernel import events
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, Event, Subscriber
from innovation.kernel.mail import Letter
from innovation.kernel.usecase import transaction

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rehearsed(Generic[T]):
    """What the act said in the end, and the letters that would leave because of it."""

    result: T
    letters: tuple[Letter, ...]


class _Over(Exception):
    """Takes a rehearsal out of its transaction, so that nothing of it stays."""


def _every(name: str) -> bool:
    return True


def rehearse(act: Callable[[], object], look: Callable[[], T], only: Callable[[str], bool] = _every) -> Rehearsed[T]:
    """Play an act in a session of its own, look at what came of it, and undo it.

    What is read before and after is as if nothing had been tried; only a counter of rows may have moved on.

    Args:
        act: what is tried; verbs in it join the transaction.
        look: reads the result, once everything that follows inside the database is played.
        only: which handlers are played, by their names.

    Raises:
        DomainError: whatever the act raises.
    """
    found: list[Rehearsed[T]] = []
    with current_app.app_context():
        try:
            with transaction():
                act()
                letters = _play(only)
                found.append(Rehearsed(look(), tuple(letters)))
                raise _Over
        except _Over:
            return found[0]


def _play(only: Callable[[str], bool]) -> list[Letter]:
    """Carry out what is due inside the database, in the order in which it came up; the letters that would leave."""
    session, letters = db.session(), []
    while waiting := session.info.get("deliveries"):
        session.info["deliveries"] = []
        session.flush()
        for delivery in waiting:
            handler = events.subscriber(delivery.handler)
            if handler is not None and only(handler.name):
                letter = _carry_out(handler, session.get_one(Event, delivery.event_id), delivery)
                letters += [letter] if letter is not None else []
    return letters


def _carry_out(handler: Subscriber, event: Event, delivery: Delivery) -> Letter | None:
    if handler.apart:
        return handler.shows(event, delivery) if handler.shows is not None else None
    handler.run(event, delivery)
    return None
