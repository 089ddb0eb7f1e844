"""Doors for people: joining, signing in and out, one's account, and managing others."""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager

from innovation.kernel.web import blueprint

bp = blueprint("people", __name__)

from innovation.people.routes import (  # noqa: E402 - they register on the blueprint
    drafting,
    employers,  # noqa: F401
    joining,  # noqa: F401
    others,  # noqa: F401
    own_account,  # noqa: F401
    sessions,
    signing_in,  # noqa: F401
)


def init(app: Flask) -> None:
    """Teach Flask-Login who is signed in."""
    manager = LoginManager(app)
    manager.session_protection = ""
    manager.user_loader(sessions.load_user)
    sessions.limiter.init_app(app)
    app.after_request(drafting.forget_what_was_sent)
