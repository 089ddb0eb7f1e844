"""The file of exactly what a list shows: at once where it is short, else as long work that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, OwnQuestion
from innovation.exchange import schemas
from innovation.exchange.queries import lists
from innovation.exchange.routes import bp
from innovation.exchange.service import orders
from innovation.exchange.service.orders.asking import WITH_COMMENTS
from innovation.kernel import clock, tables
from innovation.kernel.i18n import language
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.rules.policy import May

AT_ONCE = 2_000
"""Rows of a list that go out while one waits; more become an order."""
KEYS = {
    "ideas": ("state", "sort", "q", "show"),
    "challenges": ("show", "programme", "topic", "closing", "q"),
    "projects": ("state", "challenge", "programme", "sort", "q"),
    "people": ("q", "circle"),
}
"""What the address of each list carries."""


@bp.get("/challenges/<public_id>/ideas/export.<form>")
@page(May.USE_ACCOUNT, on=challenges.get)
def ideas_file(challenge: Challenge, form: str) -> Answer:
    return _file("ideas", form, challenge)


@bp.get("/challenges/export.<form>")
@page(May.USE_ACCOUNT)
def challenges_file(form: str) -> Answer:
    return _file("challenges", form)


@bp.get("/projects/export.<form>")
@page(May.USE_ACCOUNT)
def projects_file(form: str) -> Answer:
    return _file("projects", form)


@bp.get("/people/export.<form>")
@page(May.INVITE)
def people_file(form: str) -> Answer:
    return _file("people", form)


@bp.post("/challenges/<public_id>/ideas/export-orders")
@page(May.USE_ACCOUNT, on=challenges.get, once=True)
def order_ideas(challenge: Challenge) -> Answer:
    """Long work: a long list of ideas, or all of them with what was said about them."""
    return _order(request.form.get("what", ""), challenge)


@bp.post("/export-orders")
@page(May.USE_ACCOUNT, once=True)
def order_list() -> Answer:
    return _order(request.form.get("what", ""), None)


def asked(what: str) -> dict[str, str]:
    """A list's filters and order, from the address or the form that asks for its file."""
    return {key: request.values[key] for key in KEYS[what] if request.values.get(key)}


def _file(what: str, form: str, challenge: Challenge | None = None) -> Answer:
    if form not in tables.MIMETYPES:
        abort(404)
    if not lists.may_export(actor(), what, challenge):
        abort(403)
    args, rows = asked(what), []
    for row in lists.rows(actor(), what, args, challenge, clock.now()):
        rows.append(row)
        if len(rows) > AT_ONCE:
            return respond("exchange/large.html", what=what, form=form, args=args, challenge=challenge, most=AT_ONCE)
    return _sent(what, form, rows, challenges.questions(challenge.id) if challenge else [])


def _sent(what: str, form: str, rows: Sequence[Sequence[Any]], asked: Sequence[OwnQuestion]) -> Response:
    response = Response(schemas.file(what, form, rows, asked), mimetype=tables.MIMETYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{what}.{form}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _order(what: str, challenge: Challenge | None) -> Answer:
    known = ("ideas", WITH_COMMENTS) if challenge else ("challenges", "projects", "people")
    form = request.form.get("form", "csv")
    if what not in known or form not in tables.MIMETYPES:
        abort(404)
    args = asked("ideas" if what == WITH_COMMENTS else what)
    made = orders.ask_export(actor=actor(), what=what, args=args, challenge=challenge, form=form, language=language())
    said = gettext("The export is on its way. You can leave this page; you get a message when it is done.")
    return see("exchange.order", public_id=made.public_id, message=said)
