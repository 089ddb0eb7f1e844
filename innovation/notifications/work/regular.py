"""What the clock does for messages: digests and managers' mails of a morning, and reminders of deadlines."""

from __future__ import annotations

from flask import current_app

from innovation.kernel import clock, queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.i18n import HOST_ZONE
from innovation.notifications.service import digests, mornings, reminding
from innovation.rules.notices import working_day
from innovation.settings import Settings


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


@queue.every(name="notifications.desk_mornings", minutes=5)
def tell_managers() -> None:
    settings: Settings = current_app.extensions["innovation.settings"]
    at = settings.desk_mail_hour
    day = None if at is None else working_day(clock.now(), at, HOST_ZONE)
    after: int | None = None if day is None else 0
    while day is not None and after is not None:
        after = mornings.tell_managers(actor=house(Origin.CLOCK), day=day, after=after)
