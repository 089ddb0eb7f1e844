"""One act on what a list chose: write what is said, look at the very mails, decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request

from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.rules.policy import May
from innovation.rules.sending import HELD, Chosen, SendingAct
from innovation.steering.forms import ready
from innovation.steering.forms.words import ACTS, MESSAGES
from innovation.steering.forms.writing import WritingForm, chosen_here, personal_here
from innovation.steering.models import SavedReason
from innovation.steering.queries import choosing, reasons
from innovation.steering.queries.choosing import Thing
from innovation.steering.routes import bp
from innovation.steering.service import rehearsing, sendings
from innovation.steering.service.rehearsing import Tried

ACT = "<any(return_idea, decline_idea, return_challenge, answer, remind):act>"


@bp.route(f"/steering/{ACT}", methods=["GET", "POST"])
@page(May.DECIDE_SENDING, write=False)
def write(act: str) -> Answer:
    """What a list chose, to be written to; and once it is written, the mails as they would leave. Nothing is kept here."""
    what, things = SendingAct(act), _things(SendingAct(act))
    form, saved = _form(what, things)
    if request.form.get("use"):
        form.use(saved, ready.for_act(what))
    elif request.form.get("preview"):
        return _preview(what, form, things)
    return _page(what, form, things)


@bp.post(f"/steering/{ACT}/sendings")
@page(May.DECIDE_SENDING, once=True)
def decide(act: str) -> Answer:
    what, things = SendingAct(act), _things(SendingAct(act))
    form, saved = _form(what, things)
    if form.validate_on_submit():
        try:
            made = sendings.decide(
                actor=actor(),
                act=what,
                chosen=[each.chosen for each in things],
                words=form.words.data or "",
                reason=next((each for each in saved if each.public_id == form.reason.data), None),
                personal=_personal(things),
                params=form.params(what),
            )
            return see("steering.sending", public_id=made.public_id, message=gettext("Taken. Nothing has left yet."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return _page(what, form, things, 422)


def _things(act: SendingAct) -> list[Thing]:
    return choosing.things(actor(), act, chosen_here(), clock.now())


def _form(act: SendingAct, things: Sequence[Thing]) -> tuple[WritingForm, Sequence[SavedReason]]:
    programmes = {each.challenge.programme_id for each in things if each.challenge is not None}
    saved = reasons.for_act(actor(), act, programmes)
    form = WritingForm()
    form.offer(saved, ready.for_act(act))
    if act != SendingAct.RETURN_IDEA:
        del form.until
    return form, saved


def _personal(things: Sequence[Thing]) -> Mapping[str, str]:
    return personal_here([each.chosen for each in things])


def _page(act: SendingAct, form: WritingForm, things: Sequence[Thing], status: int = 200) -> Answer:
    return respond(
        "steering/write.html",
        status=status,
        act=act,
        name=ACTS[act],
        form=form,
        things=things,
        personal=_personal(things),
    )


def _preview(act: SendingAct, form: WritingForm, things: Sequence[Thing]) -> Answer:
    able = [each for each in things if not each.problem]
    tried: dict[Chosen, Tried] = {}
    if form.validate_on_submit():
        try:
            if not able:
                raise Invalid("nothing_chosen", field="words")
            found = rehearsing.try_out(
                actor=actor(),
                act=act,
                chosen=[each.chosen for each in able],
                words=form.words.data or "",
                personal=_personal(able),
                params=form.params(act),
            )
            tried = {each.chosen: each for each in found}
        except Invalid as error:
            form.refuse(error, MESSAGES)
    if form.errors:
        return _page(act, form, things, 422)
    return respond(
        "steering/preview.html",
        act=act,
        name=ACTS[act],
        form=form,
        things=[(each, tried.get(each.chosen)) for each in things],
        able=[each for each in able if not tried[each.chosen].problem],
        personal=_personal(things),
        goes_at=clock.now() + HELD,
    )
