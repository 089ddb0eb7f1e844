"""A project's documents, the decisions of its team, and its risks."""

from __future__ import annotations

from flask import abort, request, url_for

from innovation.attachments import queries as attachments
from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import OnceForm
from innovation.kernel.web import Answer, actor, gettext, page, respond, see, settings, template_may
from innovation.projects import queries
from innovation.projects.forms.papers import PAPER_MESSAGES, DocumentForm, LogForm, RiskForm
from innovation.projects.forms.plan import owners
from innovation.projects.models import Project
from innovation.projects.queries import papers
from innovation.projects.routes import bp
from innovation.projects.routes.shown import framed
from innovation.projects.routes.trash import Undo, undo_of
from innovation.projects.service import papers as service
from innovation.rules.policy import May


@bp.get("/projects/<public_id>/documents")
@page(May.LOOK, on=queries.get)
def papers_page(project: Project) -> Answer:
    return framed(
        "projects/papers.html",
        project,
        "papers",
        documents=papers.documents(project, request.args.get("documents")),
        decisions=papers.decisions(project, request.args.get("decisions")),
        risks=papers.risks(project, request.args.get("risks")),
        files=_files(project),
    )


def _files(project: Project) -> attachments.Files:
    """The files of a project, beside the addresses of documents elsewhere."""
    works = template_may(May.WORK_ON_PROJECT, project)
    url = url_for("pages.project_files", public_id=project.public_id) if works else None
    return attachments.files(actor(), project.file_set_id, url, settings().file_megabytes)


@bp.route("/projects/<public_id>/documents/new", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get, once=True)
def document(project: Project) -> Answer:
    form = DocumentForm()
    if form.validate_on_submit():
        try:
            service.add_document(
                actor=actor(),
                project=project,
                title=form.title.data or "",
                url=form.url.data or "",
                note=form.note.data or "",
            )
            return _kept(project, "documents", gettext("The document is on the list."))
        except Invalid as error:
            form.refuse(error, PAPER_MESSAGES)
    return _asked(project, form, "document")


@bp.post("/projects/<public_id>/documents/<int:number>/removal")
@page(May.WORK_ON_PROJECT, on=queries.get)
def drop_document(project: Project, number: int) -> Answer:
    gone = service.drop_document(actor=actor(), project=project, number=number, was=request.form.get("was", ""))
    return _kept(project, "documents", gettext("The document is off the list."), undo_of(project, "document", gone))


@bp.route("/projects/<public_id>/decisions", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get, once=True)
def decision(project: Project) -> Answer:
    form = LogForm(decided_on=clock.to_wall(clock.now(), project.challenge.zone).date())
    if form.validate_on_submit():
        assert form.decided_on.data is not None
        try:
            service.log_decision(
                actor=actor(),
                project=project,
                title=form.title.data or "",
                reason=form.reason.data or "",
                decided_on=form.decided_on.data,
            )
            return _kept(project, "decisions", gettext("The decision is in the log."))
        except Invalid as error:
            form.refuse(error, PAPER_MESSAGES)
    return _asked(project, form, "decision")


@bp.route("/projects/<public_id>/risks", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get, once=True)
def risk(project: Project) -> Answer:
    form = RiskForm()
    form.owner.choices = owners(project)
    if form.validate_on_submit():
        service.add_risk(actor=actor(), project=project, danger=_danger(form))
        return _kept(project, "risks", gettext("The risk is on the list."))
    return _asked(project, form, "risk")


@bp.route("/projects/<public_id>/risks/<int:number>/edit", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get)
def change_risk(project: Project, number: int) -> Answer:
    """``number`` is the risk's place in the project, counted from 1 in the order they were added."""
    found = papers.risk_at(project, number)
    if found is None:
        abort(404)
    form = RiskForm(
        was=found.title,
        title=found.title,
        likelihood=str(found.likelihood),
        impact=str(found.impact),
        response=found.response,
        owner=found.owner.public_id if found.owner else "",
    )
    form.owner.choices = owners(project)
    if form.validate_on_submit():
        service.change_risk(actor=actor(), project=project, number=number, was=form.was.data or "", danger=_danger(form))
        return _kept(project, "risks", gettext("Saved."))
    return _asked(project, form, "risk", number=number)


@bp.post("/projects/<public_id>/risks/<int:number>")
@page(May.WORK_ON_PROJECT, on=queries.get)
def set_risk(project: Project, number: int) -> Answer:
    closed = request.form.get("value") == "closed"
    service.set_risk(actor=actor(), project=project, number=number, was=request.form.get("was", ""), closed=closed)
    return _kept(project, "risks", gettext("Saved."))


def _asked(project: Project, form: OnceForm, kind: str, number: int | None = None) -> Answer:
    status = 422 if form.errors else 200
    return respond("projects/paper.html", status=status, form=form, project=project, kind=kind, number=number)


def _kept(project: Project, anchor: str, message: str, undo: Undo | None = None) -> Answer:
    return see("projects.papers_page", public_id=project.public_id, message=message, undo=undo, _anchor=anchor)


def _danger(form: RiskForm) -> service.Danger:
    return service.Danger(
        title=form.title.data or "",
        likelihood=int(form.likelihood.data),
        impact=int(form.impact.data),
        response=form.response.data or "",
        owner=form.owner.data or "",
    )
