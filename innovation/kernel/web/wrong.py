"""What goes wrong, and the page that says so."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from innovation.kernel.errors import DomainError, Invalid, NotNow, NotPossible, Refused
from innovation.kernel.web.answers import Answer
from innovation.kernel.web.asking import account

OWN_WORDS = frozenset({400, 403, 404, 409, 413, 422, 429, 500, 503})
"""Statuses that have a page of their own."""


def error_page(status: int, code: str = "", **params: Any) -> tuple[str, int]:
    """The page of a status, in the words of a refusal's code."""
    name = str(status) if status in OWN_WORDS else "500" if status >= 500 else "404"
    return render_template(f"errors/{name}.html", code=code, params=params, status=status), status


def _domain_error(error: DomainError) -> Answer:
    if isinstance(error, Refused):
        if account() is None and request.method == "GET":
            return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")), 303)
        return error_page(403, error.code, **error.params)
    if isinstance(error, (NotNow, NotPossible)):
        return error_page(409, error.code, **error.params)
    field = error.field if isinstance(error, Invalid) else None
    return error_page(422, error.code, field=field, **error.params)


def _http_error(error: HTTPException) -> Answer:
    return error_page(error.code or 500)


def _host_error(error: SecurityError) -> Answer:
    """A foreign host: in plain words, since no page can be made whose links would have to carry that host."""
    return Response("This address is not served here.\n", 400, mimetype="text/plain")


def _csrf_error(error: CSRFError) -> Answer:
    return error_page(422, "form_expired")


def init(app: Flask) -> None:
    """Answer what is raised with the page that says so."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(SecurityError, _host_error)
