"""Doors of time for people."""

from __future__ import annotations

from typing import cast

from flask import current_app

from innovation.kernel import queue
from innovation.kernel.actor import Origin, house
from innovation.people.service import drafts, invitations
from innovation.settings import Settings

SEND_EVERY = 20
"""Seconds between two handfuls of mails of lists."""


@queue.every(name="people.forget_drafts", minutes=60)
def forget_drafts() -> None:
    drafts.forget_old(actor=house(Origin.CLOCK))


@queue.every(name="people.send_invitations", seconds=SEND_EVERY)
def send_invitations() -> None:
    """The next handful of the lists that were invited, even where the clock stood still for a while: never all at once."""
    settings = cast(Settings, current_app.extensions["innovation.settings"])
    handful = max(1, settings.invitations_a_minute * SEND_EVERY // 60)
    invitations.hand_over(actor=house(Origin.CLOCK), at_most=handful)
