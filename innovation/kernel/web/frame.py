"""The frame around every request: errors, headers, request ids, form protection, what templates may call."""

from __future__ import annotations

from flask import Flask, Response, abort, current_app, g, request
from flask_wtf.csrf import CSRFProtect

from innovation.kernel import ids, text
from innovation.kernel.db import db
from innovation.kernel.usecase import may
from innovation.kernel.web import wrong
from innovation.kernel.web.asking import account, actor, settings
from innovation.kernel.web.declared import takes_a_file
from innovation.kernel.web.once import once_key
from innovation.rules.policy import May

csrf = CSRFProtect()

SLACK = 5
"""Megabytes above a file's limit: one that is a little too large is refused in words at its field, not with a bare page."""

CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


def init(app: Flask) -> None:
    """Install the frame: errors, headers, request ids, form protection."""
    app.before_request(_room_for_a_file)  # first: whatever looks at the form next reads it to its end
    csrf.init_app(app)
    wrong.init(app)
    app.before_request(_name_request)
    app.before_request(_refuse_null_characters)
    app.after_request(_headers)
    app.jinja_env.globals.update(may=template_may, May=May, once_key=once_key)
    app.jinja_env.filters.update(
        rendered=text.render, points=text.points, excerpt=text.excerpt, plain=text.plain, difference=text.marked_difference
    )


def template_may(act: str, subject: object = None) -> bool:
    """``may('submit_idea', idea)`` in templates."""
    return may(actor(), May(act), subject)


def _room_for_a_file() -> None:
    """Let a request that may carry a file be as large as one; every other keeps the small limit of a form."""
    if takes_a_file(current_app.view_functions.get(request.endpoint or "")):
        request.max_content_length = (settings().file_megabytes + SLACK) * 1024 * 1024


def _name_request() -> None:
    g.request_id = ids.request_id()
    db.session.info["request_id"] = g.request_id


def _refuse_null_characters() -> None:
    """No browser sends them and PostgreSQL keeps none: they are a bad request, not a failure somewhere below."""
    values = (value for each in (request.args, request.form) for pair in each.items(multi=True) for value in pair)
    if "\x00" in request.path or any("\x00" in value for value in values):
        abort(400)


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store" if account() else "private, no-cache")
    return response
