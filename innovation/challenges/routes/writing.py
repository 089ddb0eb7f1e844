"""Doors of a challenge until it is published: beginning one, handing it in, the last look."""

from __future__ import annotations

from datetime import timedelta

from flask import request
from flask_babel import get_locale

from innovation.challenges import queries
from innovation.challenges.forms import (
    MESSAGES,
    ReturnForm,
    StartForm,
)
from innovation.challenges.models import Challenge
from innovation.challenges.routes import bp
from innovation.challenges.service import briefs
from innovation.challenges.service.templates import STAFF
from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import options_of
from innovation.kernel.i18n import HOST_ZONE
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.rules.policy import May

EARLIER = 5
"""So many of one's own challenges can be copied from the start page."""


@bp.route("/challenges/new", methods=["GET", "POST"])
@page(May.START_CHALLENGE, once=True)
def new() -> Answer:
    """Four answers; then the last look, or the whole brief."""
    form = StartForm()
    programmes = queries.programmes_to_start_in(actor())
    form.programme.choices = options_of((p.public_id, p.title) for p in programmes)
    if request.method == "GET":
        soon = clock.to_wall(clock.now() + timedelta(days=28), HOST_ZONE)
        form.closes.data = soon.replace(hour=17, minute=0, second=0, microsecond=0)
        form.language.data = str(get_locale())
        form.template.data = STAFF
    if form.validate_on_submit():
        chosen = next(p for p in programmes if p.public_id == form.programme.data)
        try:
            challenge = briefs.start(actor=actor(), programme=chosen, brief=form.brief(str(get_locale())))
            there = "pages.check_brief" if request.form.get("then") == "check" else "pages.edit_brief"
            return see(there, public_id=challenge.public_id, message=gettext("Saved as a draft."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    earlier = queries.page(actor(), "mine", queries.Wanted(), clock.now(), None, EARLIER).items
    return respond("challenges/new.html", status=422 if form.errors else 200, form=form, earlier=earlier)


@bp.post("/challenges/<public_id>/proposal")
@page(May.PROPOSE_CHALLENGE, on=queries.get)
def propose(challenge: Challenge) -> Answer:
    try:
        briefs.propose(actor=actor(), challenge=challenge)
    except Invalid as error:
        return _back(challenge, error)
    return see(
        "pages.challenge", public_id=challenge.public_id, message=gettext("Handed in. You have an answer within two days.")
    )


@bp.route("/challenges/<public_id>/publication", methods=["GET", "POST"])
@page(May.PUBLISH_CHALLENGE, on=queries.get)
def publish(challenge: Challenge) -> Answer:
    """Publishing; the last look before it has a page of its own."""
    if request.method == "GET":
        return see("pages.check_brief", public_id=challenge.public_id)
    try:
        briefs.publish(actor=actor(), challenge=challenge)
    except Invalid as error:
        return _back(challenge, error)
    return see("pages.challenge", public_id=challenge.public_id, message=gettext("Published."))


def _back(challenge: Challenge, error: Invalid) -> Answer:
    said = str(MESSAGES.get(error.code, error.code))
    said = said % error.params if error.params else said
    return see("pages.challenge", public_id=challenge.public_id, message=said, tone="stop")


@bp.route("/challenges/<public_id>/return", methods=["GET", "POST"])
@page(May.RETURN_CHALLENGE, on=queries.get)
def send_back(challenge: Challenge) -> Answer:
    form = ReturnForm()
    if form.validate_on_submit():
        briefs.send_back(actor=actor(), challenge=challenge, note=form.note.data or "")
        return see("pages.challenge", public_id=challenge.public_id, message=gettext("Sent back to the sponsor."))
    return respond("challenges/send_back.html", status=422 if form.errors else 200, form=form, challenge=challenge)


@bp.post("/challenges/<public_id>/copy")
@page(May.START_CHALLENGE, on=queries.get, once=True)
def copy(challenge: Challenge) -> Answer:
    made = briefs.copy(actor=actor(), original=challenge)
    said = gettext("Copied. Check the dates, then hand it in.")
    return see("pages.edit_brief", public_id=made.public_id, message=said)
