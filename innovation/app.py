"""Building the application, and the command line's entry point: the only place that puts things together."""

from __future__ import annotations

import dataclasses
import logging
import sys
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask
from flask.cli import FlaskGroup
from werkzeug.middleware.proxy_fix import ProxyFix

from innovation import settings as config
from innovation import wiring
from innovation.kernel import assets, clock, db, events, files, queue
from innovation.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application.

    Args:
        settings: what to build it with; read from the environment when None.

    Raises:
        SettingsError: a setting is unknown, missing or refused.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    chosen = config.check(settings) if settings else config.load()
    app = Flask(
        "innovation",
        template_folder=str(assets.data_folder("templates")),
        static_folder=None,
    )
    app.config.update(_flask_config(chosen))
    app.extensions["innovation.settings"] = chosen
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    clock.set_offset(chosen.clock_offset_seconds)
    if chosen.embedded:
        chosen.home.mkdir(parents=True, exist_ok=True)
    db.db.init_app(app)
    static = assets.data_folder("static")
    loaded = assets.load(static)
    app.extensions["innovation.assets"] = loaded
    assets.serve(app, static, loaded)
    files.connect(app, chosen)
    wiring.wire(app)
    queue.connect(app, chosen.redis_url)
    events.complete()
    # One proxy in front is the production set-up the guide describes; its headers name the real client.
    if not chosen.embedded:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]  # Flask says so
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    base = urlsplit(settings.base_url)
    hosts = [base.hostname or "127.0.0.1"]
    if settings.embedded or settings.testing:
        hosts += ["127.0.0.1", "localhost"]
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SQLALCHEMY_DATABASE_URI": settings.sqlalchemy_url,
        "SQLALCHEMY_ENGINE_OPTIONS": db.engine_options(settings.sqlalchemy_url),
        "TRUSTED_HOSTS": hosts,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": base.scheme == "https",
        # Two houses on one machine must not share a cookie: a browser keeps them by host, not by port.
        "SESSION_COOKIE_NAME": f"innovation_{base.port or 'session'}",
        "REMEMBER_COOKIE_HTTPONLY": True,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "TESTING": settings.testing,
        "RATELIMIT_STORAGE_URI": settings.redis_url or "memory://",
        "RATELIMIT_HEADERS_ENABLED": False,
        "PREFERRED_URL_SCHEME": base.scheme,
    }


def _create_for_cli(*_args: Any) -> Flask:
    try:
        return create_app()
    except config.SettingsError as error:
        click.echo(f"innovation: {error}", err=True)
        sys.exit(1)


cli = FlaskGroup(
    name="innovation",
    create_app=_create_for_cli,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    set_debug_flag=False,
    help="Open innovation: from a question to a proof of concept.",
)


def settings_table() -> list[tuple[str, str, str]]:
    """(environment variable, default, meaning) of every setting, for the guide and its test."""
    return [(f.metadata["env"], str(f.default), f.metadata["meaning"]) for f in dataclasses.fields(Settings) if f.metadata]
