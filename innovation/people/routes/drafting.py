"""Doors of drafts: what a form's script keeps, asks for and drops; and what a sent form leaves behind."""

from __future__ import annotations

from flask import Response, jsonify, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, account, actor, page
from innovation.people import queries
from innovation.people.routes import bp
from innovation.people.service import drafts
from innovation.rules.policy import May

MOST_ASKED = 40
"""Forms that one page asks about."""
NEVER_KEPT = frozenset({"csrf_token", "once", "place", "kept_draft"})


@bp.get("/drafts")
@page(May.USE_ACCOUNT)
def kept_drafts() -> Answer:
    """What was typed into these forms before, with the sentence that offers it."""
    found = queries.drafts_at(actor(), request.args.getlist("place")[:MOST_ASKED])
    offers = {
        draft.place: {"fields": draft.fields, "offer": render_template("people/_draft_offer.html", draft=draft)}
        for draft in found
    }
    return jsonify(offers)


@bp.post("/drafts")
@page(May.USE_ACCOUNT)
def keep_draft() -> Answer:
    fields = {name: values for name, values in request.form.lists() if name not in NEVER_KEPT and "password" not in name}
    try:
        drafts.keep(actor=actor(), place=request.form.get("place", ""), fields=fields)
    except Invalid as error:
        return error.code, 422
    return "", 204


@bp.post("/drafts/discarded")
@page(May.USE_ACCOUNT)
def discard_draft() -> Answer:
    drafts.drop(actor=actor(), place=request.form.get("place", ""))
    return "", 204


def forget_what_was_sent(response: Response) -> Response:
    """A form that was kept as a draft and arrived needs its draft no longer. Only a form that says it has one asks here."""
    arrived = response.status_code == 303 or (response.status_code < 300 and "HX-Request" in request.headers)
    if request.method != "POST" or not arrived or not request.form.get("kept_draft") or account() is None:
        return response
    try:
        drafts.drop(actor=actor(), place=request.path)
    except SQLAlchemyError:  # what was sent is in; a draft too many is only offered once more
        db.session.rollback()
    return response
