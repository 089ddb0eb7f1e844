"""Words that are said often: a list of them, a new one, changing and throwing one away."""

from __future__ import annotations

from typing import Any

from flask import request

from innovation.kernel.i18n import language
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.rules.policy import May
from innovation.rules.sending import SendingAct
from innovation.steering.forms import ready
from innovation.steering.forms.keeping import HOUSE, ReasonForm
from innovation.steering.forms.words import ACTS, MESSAGES
from innovation.steering.models import SavedReason
from innovation.steering.queries import reasons as queries
from innovation.steering.routes import bp
from innovation.steering.service import reasons


@bp.get("/steering/reasons")
@page(May.KEEP_REASONS)
def kept() -> Answer:
    found = queries.kept(actor(), request.args.get("after"))
    given = [(act, each) for act in SendingAct for each in ready.for_act(act)]
    return respond("steering/reasons.html", page=found, names=ACTS, given=given)


@bp.route("/steering/reasons/new", methods=["GET", "POST"])
@page(May.KEEP_REASONS, once=True)
def new_reason() -> Answer:
    """``act`` and ``ready`` in the address say what it begins with."""
    form = _offered(ReasonForm(data=_begun()))
    if form.accepted(lambda: reasons.keep(actor=actor(), **_values(form)), MESSAGES):
        return see("steering.kept", message=gettext("Saved. It is offered where you write to many."))
    return respond("steering/edit_reason.html", status=422 if form.errors else 200, form=form, reason=None)


@bp.route("/steering/reasons/<public_id>", methods=["GET", "POST"])
@page(May.KEEP_REASONS, on=queries.get)
def edit_reason(reason: SavedReason) -> Answer:
    programmes = {each.id: each.public_id for each in queries.programmes_kept(actor())}
    form = _offered(ReasonForm(obj=reason, programme=programmes.get(reason.programme_id or 0, HOUSE)))
    if form.accepted(lambda: reasons.change(actor=actor(), reason=reason, **_values(form)), MESSAGES):
        return see("steering.kept", message=gettext("Saved."))
    return respond("steering/edit_reason.html", status=422 if form.errors else 200, form=form, reason=reason)


@bp.post("/steering/reasons/<public_id>/removal")
@page(May.KEEP_REASONS, on=queries.get)
def throw_away(reason: SavedReason) -> Answer:
    reasons.throw_away(actor=actor(), reason=reason)
    return see("steering.kept", message=gettext("“%(title)s” is no longer offered.", title=reason.title))


def _offered(form: ReasonForm) -> ReasonForm:
    form.offer(queries.programmes_kept(actor()), whole_house=queries.keeps_for_house(actor()))
    return form


def _begun() -> dict[str, Any]:
    """What a new reason begins with: the act it is written for, and a ready one to be changed."""
    act = request.args.get("act", "")
    if act not in set(SendingAct):
        return {"language": language()}
    name = request.args.get("ready", "")
    given = next((each for each in ready.for_act(SendingAct(act)) if each.name == name), None)
    if given is None:
        return {"act": act, "language": language()}
    return {"act": act, "language": given.language, "title": given.title, "text": given.text}


def _values(form: ReasonForm) -> dict[str, Any]:
    wanted = form.programme.data
    programme = next((each for each in queries.programmes_kept(actor()) if each.public_id == wanted), None)
    return {
        "act": SendingAct(form.act.data),
        "programme": programme,
        "title": form.title.data or "",
        "text": form.text.data or "",
        "language": form.language.data,
    }
