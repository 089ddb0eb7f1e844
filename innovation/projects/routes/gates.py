"""A gate's checklist, the request for its decision, the decision, and taking it back."""

from __future__ import annotations

from flask import request

from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, gettext, page
from innovation.projects import queries
from innovation.projects.forms.gates import MESSAGES, DeputyForm, GateForm, ReopenForm
from innovation.projects.models import Project
from innovation.projects.queries import evidence as found
from innovation.projects.queries import gates as reading
from innovation.projects.routes import bp
from innovation.projects.routes.shown import framed, shown
from innovation.projects.service import gates
from innovation.rules.policy import May
from innovation.rules.project import Verdict


@bp.post("/projects/<public_id>/checks/<int:number>")
@page(May.WORK_ON_PROJECT, on=queries.get)
def tick(project: Project, number: int) -> Answer:
    """``number`` is the line's place in the checklist of the gate at hand, counted from 1."""
    key, done = request.form.get("gate", ""), request.form.get("value") == "done"
    gates.tick(actor=actor(), project=project, gate_key=key, line=min(number, 10**6), done=done)
    return shown(project, gettext("Saved."), at=f"check-{number}")


@bp.post("/projects/<public_id>/gate-request")
@page(May.WORK_ON_PROJECT, on=queries.get)
def gate_request(project: Project) -> Answer:
    """The team asks for a decision, or takes its request back."""
    key = request.form.get("gate", "")
    if request.form.get("value") == "back":
        gates.unask(actor=actor(), project=project, gate_key=key)
        return shown(project, gettext("The request is taken back. The plan can be changed again."))
    gates.ask(actor=actor(), project=project, gate_key=key)
    return shown(project, gettext("You have asked for the decision. The plan stays as it is until it is taken."))


@bp.route("/projects/<public_id>/gate", methods=["GET", "POST"])
@page(May.DECIDE_GATE, on=queries.get)
def gate(project: Project) -> Answer:
    standing = reading.standing(actor(), project, clock.now())
    at_hand = standing.gate
    form = GateForm(gate=at_hand.key if at_hand else "", seen=standing.seen)
    form.offer(at_hand or project.gates[-1], found.to_cite(project))
    if form.validate_on_submit():
        try:
            gates.decide(
                actor=actor(),
                project=project,
                gate_key=form.gate.data or "",
                seen=form.seen.data or 0,
                verdict=Verdict(form.decision.data),
                reason=form.reason.data or "",
                evidence=[int(number) for number in form.evidence.data or ()],
                due_on=form.due_on.data,
            )
            return shown(project, gettext("The decision is recorded."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return framed("projects/gate.html", project, "gates", status=422 if form.errors else 200, form=form, standing=standing)


@bp.route("/projects/<public_id>/reopening", methods=["GET", "POST"])
@page(May.REOPEN_GATE, on=queries.get)
def reopening(project: Project) -> Answer:
    standing = reading.standing(actor(), project, clock.now())
    last = reading.last_decided(project.gates)
    decision = reading.latest(last) if last else None
    form = ReopenForm(gate=last.key if last else "", seen=decision.number if decision else 0)
    if form.validate_on_submit():
        try:
            gates.reopen(
                actor=actor(),
                project=project,
                gate_key=form.gate.data or "",
                seen=form.seen.data or 0,
                reason=form.reason.data or "",
                due_on=form.due_on.data,
            )
            return shown(project, gettext("The gate is open again."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return framed(
        "projects/reopening.html", project, "gates", status=422 if form.errors else 200, form=form, standing=standing
    )


@bp.route("/projects/<public_id>/deputy", methods=["GET", "POST"])
@page(May.DECIDE_GATE, on=queries.get)
def deputy(project: Project) -> Answer:
    standing = reading.standing(actor(), project, clock.now())
    at_hand = standing.gate
    form = DeputyForm(gate=at_hand.key if at_hand else "")
    if form.validate_on_submit():
        try:
            gates.name_deputy(
                actor=actor(),
                project=project,
                gate_key=form.gate.data or "",
                email=form.email.data or "",
                onward=bool(form.onward.data),
            )
            return shown(project, gettext("Saved."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return framed("projects/deputy.html", project, "gates", status=422 if form.errors else 200, form=form, standing=standing)
