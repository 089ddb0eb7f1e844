"""The door's frame: who may open it, in which transaction, and what goes wrong how.

``@page`` says who may use a route and loads its subject; ``@public`` says that anybody may. A route with neither fails
the build. A GET reads; every other method opens the use case's transaction before it loads the subject, so that what
was checked is what is changed.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    get_template_attribute,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import String, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as BaseResponse

from innovation.kernel import clock, ids, text
from innovation.kernel.actor import VISITOR, Actor
from innovation.kernel.db import Base, Keyed, db
from innovation.kernel.errors import DomainError, Invalid, NotNow, NotPossible, Refused
from innovation.kernel.usecase import in_transaction, load_locked, may, require, transaction
from innovation.rules.policy import May
from innovation.settings import Settings

Answer = BaseResponse | str | tuple[str, int]
View = Callable[..., Answer]
_T = TypeVar("_T")

csrf = CSRFProtect()

CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


PROXY_HEADERS = frozenset({"forwarded", "via", "x-real-ip"})
"""What a proxy adds to a request, besides ``X-Forwarded-…``."""


class Account(Protocol):
    """What Flask-Login keeps of the person signed in."""

    is_authenticated: bool
    actor: Actor
    language: str
    theme: str


@dataclass(frozen=True, slots=True)
class Door:
    """What a route declared; the architecture tests and the permission table read it."""

    may: May | None
    on: Callable[[Actor, str], Any] | None


def account() -> Account | None:
    """The account signed in, or None."""
    who = cast(Account, current_user)
    return who if current_user and who.is_authenticated else None


def actor() -> Actor:
    """Who asks."""
    who = account()
    return who.actor if who else VISITOR


def settings() -> Settings:
    """The settings this application was built with."""
    return cast(Settings, current_app.extensions["innovation.settings"])


def public(view: View) -> View:
    """Declare that anybody may use a route, signed in or not, and that it loads no subject."""
    view.__door__ = Door(None, None)  # type: ignore[attr-defined]
    return view


def page(
    act: May, on: Callable[[Actor, str], Any] | None = None, *, once: bool = False, write: bool = True
) -> Callable[[View], View]:
    """Declare who may use a route.

    Args:
        act: what the policy table is asked of the person (and the subject, where there is one).
        on: a query ``(actor, public id) -> row or None`` for the subject, passed to the view first. None is a 404,
            alike for what is hidden and what is absent.
        once: a repeated POST of the same form answers with the first one's result (see :func:`once_key`).
        write: False for a POST that opens transactions itself, because it does slow work before.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(*args: Any, **kwargs: Any) -> Answer:
            reading = request.method in {"GET", "HEAD", "OPTIONS"}
            if reading or not write:
                return _ask(view, act, on, kwargs)
            try:
                with transaction():
                    # The person is read inside the transaction too: what was granted then is what counts.
                    answer = _repeat() if once else None
                    if answer is None:
                        answer = _ask(view, act, on, kwargs)
                        if _status(answer) >= 400:
                            raise _Undo(answer)
                        if once:
                            _remember(answer)
                    return answer
            except _Undo as undo:
                return undo.answer

        wrapped.__door__ = Door(act, on)  # type: ignore[attr-defined]
        return wrapped

    return decorate


class _Undo(Exception):
    """Carries a refusing answer out of a transaction, so that nothing half-done stays."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def _ask(view: View, act: May, on: Callable[[Actor, str], Any] | None, kwargs: dict[str, Any]) -> Answer:
    who = actor()
    if on is None:
        require(who, act)
        return view(**kwargs)
    public_id = str(kwargs.pop("public_id"))
    subject = load_locked(lambda: on(who, public_id)) if in_transaction() else on(who, public_id)
    if subject is None:
        abort(404)
    kwargs.pop("slug", None)
    require(who, act, subject)
    return view(subject, **kwargs)


def _status(answer: Answer) -> int:
    if isinstance(answer, tuple):
        return answer[1]
    return answer.status_code if isinstance(answer, BaseResponse) else 200


def respond(template: str, *, status: int = 200, fragment: str | None = None, **values: Any) -> BaseResponse:
    """A page; or, for htmx, the fragment of it that changed."""
    name = fragment if fragment and request.headers.get("HX-Request") else template
    response = current_app.make_response((render_template(name, **values), status))
    response.vary.add("HX-Request")
    return response


def see(endpoint: str, *, message: str | None = None, tone: str = "good", **values: Any) -> BaseResponse:
    """Go and look there: 303 after a change, with a sentence of what was done."""
    if message:
        flash(message, tone)
    return redirect(url_for(endpoint, **values), 303)


def searched() -> str:
    """What was typed into a search field, cut where the field ends."""
    return request.args.get("q", "").strip()[:200]


def refusal(code: str, **params: Any) -> str:
    """Why something cannot be done, in the words of the error pages: for a flash."""
    said: str = get_template_attribute("components/refusal.html", "refusal")(code, params)
    return said.strip()


def asked_here() -> bool:
    """Whether a developer's own browser asks: the demo's sign-in is on, the database embedded, and no proxy in between.

    A proxy on this machine has this machine's address, so the headers that proxies add are looked at too.
    """
    names = {name.lower() for name, _value in request.headers}
    passed_on = any(name in PROXY_HEADERS or name.startswith("x-forwarded-") for name in names)
    here = request.host.rsplit(":", 1)[0] == request.remote_addr == "127.0.0.1"
    return settings().demo_sign_in and settings().embedded and here and not passed_on


def safe_next(target: str | None) -> str | None:
    """An address inside this site, or None: a sign-in link must not lead elsewhere."""
    if not target:
        return None
    parts = urlsplit(target)
    inside = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if inside and "\\" not in target else None


# --- the same form sent twice --------------------------------------------------------------------------------------


class Idempotency(Keyed, Base):
    """The answer to a form that makes something, so that a second click finds the first one's result."""

    __tablename__ = "idempotency"
    __table_args__ = (UniqueConstraint("who", "key"),)

    who: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64))
    request_hash: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime]


def once_key() -> str:
    """A fresh key for a form that makes something; the form sends it back as ``once``."""
    return ids.token()[:32]


def _who() -> str:
    person = actor().person_id
    return f"p{person}" if person else str(session.setdefault("nonce", ids.token()[:32]))


def _request_hash() -> str:
    body = sorted((k, v) for k, v in request.form.items(multi=True) if k != "csrf_token")
    return hashlib.sha256(repr((request.path, body)).encode()).hexdigest()


def _repeat() -> Answer | None:
    """The first answer to this very form, if it was sent before."""
    key = request.form.get("once")
    if not key:
        return None
    # Written first and without a location: of two at once, the second waits here for the first to commit.
    row = Idempotency(who=_who(), key=key[:64], request_hash=_request_hash(), location="", created_at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        earlier = db.session.scalars(select(Idempotency).where(Idempotency.who == row.who, Idempotency.key == row.key)).one()
        if earlier.request_hash != row.request_hash:
            raise _Undo(_error_page(422, "form_changed", where=earlier.location)) from None
        return redirect(earlier.location, 303)
    return None


def _remember(answer: Answer) -> None:
    key = request.form.get("once")
    if key and isinstance(answer, BaseResponse) and answer.status_code == 303:
        row = db.session.scalars(select(Idempotency).where(Idempotency.who == _who(), Idempotency.key == key[:64])).one()
        row.location = answer.headers["Location"]


def forget_old_answers(hours: int = 48) -> None:
    """Drop answers nobody will ask for again."""
    with transaction():
        db.session.execute(delete(Idempotency).where(Idempotency.created_at < clock.now() - timedelta(hours=hours)))


# --- what goes wrong -----------------------------------------------------------------------------------------------


OWN_WORDS = frozenset({400, 403, 404, 409, 413, 422, 429, 500, 503})
"""Statuses that have a page of their own."""


def _error_page(status: int, code: str = "", **params: Any) -> tuple[str, int]:
    name = str(status) if status in OWN_WORDS else "500" if status >= 500 else "404"
    return render_template(f"errors/{name}.html", code=code, params=params, status=status), status


def _domain_error(error: DomainError) -> Answer:
    if isinstance(error, Refused):
        if account() is None and request.method == "GET":
            return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")), 303)
        return _error_page(403, error.code, **error.params)
    if isinstance(error, (NotNow, NotPossible)):
        return _error_page(409, error.code, **error.params)
    field = error.field if isinstance(error, Invalid) else None
    return _error_page(422, error.code, field=field, **error.params)


def _http_error(error: HTTPException) -> Answer:
    return _error_page(error.code or 500)


def _host_error(error: SecurityError) -> Answer:
    """A foreign host: in plain words, since no page can be made whose links would have to carry that host."""
    return Response("This address is not served here.\n", 400, mimetype="text/plain")


def _csrf_error(error: CSRFError) -> Answer:
    return _error_page(422, "form_expired")


def init(app: Flask) -> None:
    """Install the frame: errors, headers, request ids, form protection."""
    csrf.init_app(app)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(SecurityError, _host_error)
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


def blueprint(name: str, import_name: str, prefix: str = "") -> Blueprint:
    """A feature's door."""
    return Blueprint(name, import_name, url_prefix=prefix)


__all__ = [
    "Answer",
    "Door",
    "account",
    "actor",
    "asked_here",
    "blueprint",
    "gettext",
    "init",
    "once_key",
    "page",
    "public",
    "refusal",
    "respond",
    "safe_next",
    "searched",
    "see",
    "settings",
]
