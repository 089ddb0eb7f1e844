"""What a programme's projects are run by: chosen from what is ready, or changed into the programme's own."""

from __future__ import annotations

from flask import request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Programme
from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.projects.forms.processes import MESSAGES, process_form, rearranged
from innovation.projects.queries import processes as reading
from innovation.projects.routes import bp
from innovation.projects.service import processes
from innovation.rules.policy import May
from innovation.rules.processes import READY_MADE


@bp.route("/programmes/<public_id>/process", methods=["GET", "POST"])
@page(May.MANAGE_PROGRAMME, on=challenges.programme)
def process(programme: Programme) -> Answer:
    """The process as it is read, and the ready-made ones to choose from."""
    if request.method == "POST":
        key = request.form.get("process", "")
        steps = READY_MADE[key].steps if key in READY_MADE else ()
        seen = request.form.get("seen", default=0, type=int)
        processes.keep(actor=actor(), programme=programme, key=key, title="", steps=steps, seen=seen)
        return _kept(programme)
    chosen = reading.chosen(programme.id)
    return respond("projects/process.html", programme=programme, chosen=chosen, ready=READY_MADE.values())


@bp.route("/programmes/<public_id>/process/edit", methods=["GET", "POST"])
@page(May.MANAGE_PROGRAMME, on=challenges.programme)
def edit_process(programme: Programme) -> Answer:
    """Change the process, or a copy of a ready-made one (``from``). A button of a row changes the form alone."""
    chosen = reading.chosen(programme.id)
    form = process_form(READY_MADE.get(request.args.get("from", ""), chosen.plan), chosen.version)
    act = request.form.get("act", "keep")
    if request.method == "POST" and act != "keep":
        form = rearranged(form, act)
    elif form.validate_on_submit():
        try:
            processes.keep(
                actor=actor(),
                programme=programme,
                key=form.base.data or "",
                title=form.own_title(),
                steps=form.steps(),
                seen=form.seen.data or 0,
            )
            return _kept(programme)
        except Invalid as error:
            if error.code not in MESSAGES:
                raise
            at = error.params.get("at")
            form.refuse_gate(error.code, at if isinstance(at, int) else None)
    wrong = form.wrong
    return respond("projects/edit_process.html", status=422 if wrong else 200, programme=programme, form=form, wrong=wrong)


def _kept(programme: Programme) -> Answer:
    return see(
        "projects.process",
        public_id=programme.public_id,
        message=gettext("Kept. Projects that open from now on are run by it; those that run keep the one they have."),
    )
