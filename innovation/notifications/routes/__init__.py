"""Doors of what people are told: the inbox, what they chose and follow, leaving a kind of mail, feeds."""

from __future__ import annotations

from innovation.kernel.web import blueprint

bp = blueprint("notifications", __name__)

from innovation.notifications.routes import (  # noqa: E402 - they register on the blueprint
    feeds,  # noqa: F401
    follows,  # noqa: F401
    inbox,  # noqa: F401
    own_choices,  # noqa: F401
    unsubscribing,  # noqa: F401
)
