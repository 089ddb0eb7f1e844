"""Long work a person asked for: how far it is, cancelling it, letting it go on, fetching what it made."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Any

from flask import Response, abort, request, url_for

from innovation.challenges import queries as challenges
from innovation.exchange import schemas
from innovation.exchange.models import Order
from innovation.exchange.queries import lists
from innovation.exchange.queries import orders as queries
from innovation.exchange.routes import bp
from innovation.exchange.service import orders
from innovation.exchange.service.house.gathering import HOUSE
from innovation.exchange.service.mapping.taking import left_out
from innovation.exchange.service.mapping.task import is_mapped
from innovation.exchange.service.orders.asking import OWN_DATA, WITH_COMMENTS
from innovation.kernel import clock, tables
from innovation.kernel.files import store
from innovation.kernel.usecase import may
from innovation.kernel.web import Answer, actor, gettext, once_key, page, respond, see
from innovation.rules.order import UNDER_WAY
from innovation.rules.policy import May

SHOWN = 200
"""Rows with something wrong that the page lists; the file has all."""


@bp.get("/orders", endpoint="orders")
@page(May.USE_ACCOUNT)
def list_orders() -> Answer:
    """A person's own imports and exports, the newest first."""
    found = queries.page(actor(), request.args.get("after"))
    return respond("exchange/orders.html", page=found, name=schemas.list_name)


@bp.get("/orders/<public_id>")
@page(May.KEEP_ORDER, on=queries.mine)
def order(order: Order) -> Answer:
    """How far it is; the page asks again every two seconds, with and without JavaScript."""
    answer = respond(
        "exchange/order.html",
        fragment="exchange/_order.html",
        order=order,
        name=schemas.list_name,
        running=order.state in UNDER_WAY,
        until=_fetched_until(order),
        **_of_mapped(order),
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _of_mapped(order: Order) -> dict[str, Any]:
    """What the page shows of a mapped file besides: what was left out, and the way back to its columns."""
    if not is_mapped(order) or order.state in UNDER_WAY:
        return {}
    wrong = [(line, why) for _cells, line, why in islice(left_out(order, store()), SHOWN)]
    parts = order.file_key.split("/")
    place: dict[str, Any] = (
        {"kind": order.what, "day": parts[-2], "name": parts[-1], "called": order.file_name} if order.file_key else {}
    )
    back = url_for("exchange.map_file", order=order.public_id, **place) if place else ""
    return {"wrong": wrong, "back": back, "once": once_key()}


@bp.post("/orders/<public_id>/cancellation")
@page(May.KEEP_ORDER, on=queries.mine)
def cancel(order: Order) -> Answer:
    orders.cancel(actor=actor(), order=order)
    return see("exchange.order", public_id=order.public_id, message=gettext("It is cancelled."), tone="note")


@bp.post("/orders/<public_id>/continuation")
@page(May.KEEP_ORDER, on=queries.mine)
def go_on(order: Order) -> Answer:
    orders.again(actor=actor(), order=order)
    return see("exchange.order", public_id=order.public_id, message=gettext("It goes on from where it was."))


@bp.get("/orders/<public_id>/file")
@page(May.KEEP_ORDER, on=queries.mine)
def fetch(order: Order) -> Answer:
    """What an export made: for seven days, for who asked for it, while he still may have the list."""
    if _fetched_until(order) is None:
        abort(404)
    kind = schemas.ZIP if order.file_name.endswith(".zip") else tables.MIMETYPES[order.params["form"]]
    response = Response(store().get(order.file_key), mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{order.file_name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _fetched_until(order: Order) -> datetime | None:
    """Until when this person can fetch what an export made; None where there is nothing, or it is his no more."""
    until = queries.offered_until(order)
    if until is None or until <= clock.now():
        return None
    if order.what == HOUSE:
        return until if may(actor(), May.EXPORT_HOUSE) else None
    if order.what == OWN_DATA:  # it is about him alone, and only he has come this far
        return until
    challenge = challenges.get(actor(), order.challenge.public_id) if order.challenge else None
    gone = order.challenge is not None and challenge is None
    what = "ideas" if order.what == WITH_COMMENTS else order.what
    # It holds what he could see then, names that are kept back among it: whoever lost a role asks anew.
    gone = gone or not queries.standing(actor()).issuperset(order.params.get("rights", ()))
    return until if not gone and lists.may_export(actor(), what, challenge) else None
