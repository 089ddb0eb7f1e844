"""What must be true, and what was found."""

from __future__ import annotations

from flask import abort, request

from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, gettext, page, see
from innovation.projects import queries
from innovation.projects.forms.gates import MESSAGES, EvidenceForm, HypothesisForm
from innovation.projects.models import Project
from innovation.projects.queries import evidence as reading
from innovation.projects.routes import bp
from innovation.projects.routes.shown import framed
from innovation.projects.service import evidence
from innovation.projects.service.plan_lock import plan_locked
from innovation.rules.policy import May
from innovation.rules.project import Finding


@bp.get("/projects/<public_id>/evidence")
@page(May.LOOK, on=queries.get)
def evidence_page(project: Project) -> Answer:
    return framed(
        "projects/evidence.html",
        project,
        "evidence",
        hypotheses=reading.hypotheses(project),
        tested=reading.tested(project),
        page=reading.page(project, request.args.get("after"), request.args.get("upto", type=int)),
        locked=plan_locked(project),
    )


@bp.route("/projects/<public_id>/hypotheses", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get, once=True)
def hypothesis(project: Project) -> Answer:
    form = HypothesisForm()
    if form.validate_on_submit():
        text, test, holds_when = _said(form)
        evidence.suppose(actor=actor(), project=project, text=text, test=test, holds_when=holds_when)
        return _back(project, gettext("The hypothesis is written down."))
    return framed(
        "projects/hypothesis.html", project, "evidence", status=422 if form.errors else 200, form=form, present=None
    )


@bp.route("/projects/<public_id>/hypotheses/<int:number>", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get)
def change_hypothesis(project: Project, number: int) -> Answer:
    """``number`` is the hypothesis' place, counted from 1."""
    present = reading.hypothesis(project, number)
    if present is None:
        abort(404)
    form = HypothesisForm(obj=present)
    if form.validate_on_submit():
        text, test, holds_when = _said(form)
        evidence.resuppose(actor=actor(), project=project, position=number, text=text, test=test, holds_when=holds_when)
        return _back(project, gettext("Saved."))
    return framed(
        "projects/hypothesis.html", project, "evidence", status=422 if form.errors else 200, form=form, present=present
    )


@bp.route("/projects/<public_id>/evidence/new", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get, once=True)
def add_evidence(project: Project) -> Answer:
    about = request.args.get("about", "0")
    form = EvidenceForm(about=about)
    form.offer(reading.hypotheses(project))
    if form.validate_on_submit():
        try:
            evidence.add(
                actor=actor(),
                project=project,
                text=form.text.data or "",
                url=form.url.data or "",
                about=int(form.about.data),
                finding=Finding(form.finding.data or Finding.OPEN),
            )
            return _back(project, gettext("The evidence is added."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return framed("projects/add_evidence.html", project, "evidence", status=422 if form.errors else 200, form=form)


def _said(form: HypothesisForm) -> tuple[str, str, str]:
    return form.text.data or "", form.test.data or "", form.holds_when.data or ""


def _back(project: Project, message: str) -> Answer:
    return see("projects.evidence_page", public_id=project.public_id, message=message)
