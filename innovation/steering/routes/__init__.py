"""Doors of acts on many: what is said, the mails before they leave, what waits, and the words that are kept."""

from __future__ import annotations

from innovation.kernel.web import blueprint

bp = blueprint("steering", __name__)

from innovation.steering.routes import (
    reasons,
    sendings,
    writing,
)
