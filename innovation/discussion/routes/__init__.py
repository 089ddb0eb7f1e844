"""Doors of talks: one comment, one thread, and what is live. The pages that show a talk are in ``pages``."""

from __future__ import annotations

from flask import Flask

from innovation.kernel.web import blueprint

bp = blueprint("discussion", __name__)

from innovation.discussion.routes import (
    comments,
    live,
    moderation,
    threads,
    words,
)


def init(app: Flask) -> None:
    """What talks need of the application: words in templates, and a place for those who listen."""
    words.init(app)
    live.init(app)
