"""Doors for people: joining, signing in and out, one's account, and managing others."""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager

from innovation.kernel.web import blueprint

bp = blueprint("people", __name__)

from innovation.people.routes import (
    domains,
    drafting,
    employers,
    first_run,
    joining,
    leaving,
    others,
    own_account,
    profile,
    sessions,
    signing_in,
    single_sign_on,
)


def init(app: Flask) -> None:
    """Teach Flask-Login who is signed in."""
    manager = LoginManager(app)
    manager.session_protection = ""
    manager.user_loader(sessions.load_user)
    sessions.limiter.init_app(app)
    app.extensions["innovation.enter"] = sessions.begin_session
    app.before_request(single_sign_on.ask_provider)
    app.after_request(drafting.forget_what_was_sent)
