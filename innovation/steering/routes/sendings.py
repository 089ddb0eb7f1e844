"""What was decided for many: the ten minutes in which it can be stopped, and what came of it."""

from __future__ import annotations

from flask import abort, request

from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.rules.policy import May
from innovation.rules.sending import LineState
from innovation.steering.forms.words import ACTS
from innovation.steering.models import Sending
from innovation.steering.queries import sendings as queries
from innovation.steering.routes import bp
from innovation.steering.service import sendings


@bp.get("/steering/sendings")
@page(May.DECIDE_SENDING)
def own() -> Answer:
    found = queries.page(actor(), request.args.get("after"))
    return respond(
        "steering/sendings.html",
        page=found,
        counts=queries.counts(each.id for each in found.items),
        names=ACTS,
        now=clock.now(),
    )


@bp.get("/steering/sendings/<public_id>")
@page(May.STOP_SENDING, on=queries.get)
def sending(sending: Sending) -> Answer:
    found = queries.lines(sending, request.args.get("after"))
    counts = queries.counts([sending.id]).get(sending.id, {})
    return respond(
        "steering/sending.html",
        fragment="steering/_sending.html",
        sending=sending,
        name=ACTS[sending.act],
        page=found,
        lines=queries.shown(actor(), sending, found.items),
        counts=counts,
        under_way=sending.state == "waiting" or (sending.state == "gone" and counts.get(LineState.WAITING, 0) > 0),
        now=clock.now(),
    )


@bp.post("/steering/sendings/<public_id>/stop")
@page(May.STOP_SENDING, on=queries.get)
def stop(sending: Sending) -> Answer:
    sendings.stop(actor=actor(), sending=sending)
    said = gettext("It is stopped. Nothing of it happened, and no mail has left.")
    return see("steering.sending", public_id=sending.public_id, message=said)


@bp.post("/steering/sendings/<public_id>/removal")
@page(May.STOP_SENDING, on=queries.get)
def take_out(sending: Sending) -> Answer:
    """``line`` is the line's place in the sending, counted from 1."""
    written = request.form.get("line", "")
    line = queries.line(sending, int(written)) if written.isascii() and written.isdigit() and len(written) < 6 else None
    if line is None:
        abort(404)
    sendings.take_out(actor=actor(), sending=sending, line=line)
    return see("steering.sending", public_id=sending.public_id, message=gettext("This one is taken out."))
