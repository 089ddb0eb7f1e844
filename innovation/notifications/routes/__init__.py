"""Doors of what people are told: the inbox, what they chose and follow, leaving a kind of mail, feeds."""

from __future__ import annotations

from innovation.kernel.web import blueprint

bp = blueprint("notifications", __name__)

from innovation.notifications.routes import (
    feeds,
    follows,
    inbox,
    own_choices,
    unsubscribing,
)
