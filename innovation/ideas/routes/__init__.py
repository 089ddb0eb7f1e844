"""Doors of ideas: writing, sending, authors, taking back. The page that shows one is in ``pages``."""

from __future__ import annotations

from innovation.kernel.web import blueprint

bp = blueprint("ideas", __name__)

from innovation.ideas.routes import (
    authors,
    checking,
    emptying,
    offers,
    openings,
    questions,
    receipts,
    revisions,
    sending,
    writing,
)
