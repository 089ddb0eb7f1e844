"""Doors of projects: what the team and the gatekeepers change. The page that shows one is in ``pages``."""

from __future__ import annotations

from flask import request

from innovation.kernel.errors import Invalid
from innovation.kernel.forms import options_of
from innovation.kernel.web import Answer, actor, blueprint, gettext, page, respond, see
from innovation.projects import queries
from innovation.projects.forms import MESSAGES, DescribeForm, GateForm, MemberForm, MilestoneForm, UpdateForm
from innovation.projects.models import Project
from innovation.projects.service import running
from innovation.rules.policy import May

bp = blueprint("projects", __name__)


def _shown(project: Project, message: str) -> Answer:
    return see("pages.project", public_id=project.public_id, message=message)


@bp.route("/projects/<public_id>/edit", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get)
def edit(project: Project) -> Answer:
    form = DescribeForm(obj=project)
    if form.validate_on_submit():
        running.describe(
            actor=actor(),
            project=project,
            title=form.title.data or "",
            goal=form.goal.data or "",
            work_url=form.work_url.data or "",
        )
        return _shown(project, gettext("Saved."))
    return respond("projects/edit.html", status=422 if form.errors else 200, form=form, project=project)


@bp.route("/projects/<public_id>/updates", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get, once=True)
def update(project: Project) -> Answer:
    form = UpdateForm()
    if form.validate_on_submit():
        running.post_update(actor=actor(), project=project, status=form.status.data, text=form.text.data or "")
        return _shown(project, gettext("The update is there for everyone to read."))
    return respond("projects/update.html", status=422 if form.errors else 200, form=form, project=project)


@bp.route("/projects/<public_id>/milestones", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get, once=True)
def milestone(project: Project) -> Answer:
    form = MilestoneForm()
    members = ((m.person.public_id, m.person.name) for m in project.members)
    form.owner.choices = options_of([("", gettext("Nobody yet")), *members])
    if form.validate_on_submit():
        assert form.due_on.data is not None
        running.add_milestone(
            actor=actor(), project=project, title=form.title.data or "", due_on=form.due_on.data, owner=form.owner.data or ""
        )
        return _shown(project, gettext("The milestone is added."))
    return respond("projects/milestone.html", status=422 if form.errors else 200, form=form, project=project)


@bp.post("/projects/<public_id>/milestones/<int:number>")
@page(May.WORK_ON_PROJECT, on=queries.get)
def set_milestone(project: Project, number: int) -> Answer:
    """``number`` is the milestone's place in the project's list, counted from 1."""
    listed = queries.milestones(project)
    if not 1 <= number <= len(listed):
        raise Invalid("no_such_milestone")
    done = request.form.get("value") == "done"
    running.set_milestone(actor=actor(), project=project, milestone_id=listed[number - 1].id, done=done)
    return _shown(project, gettext("Saved."))


@bp.route("/projects/<public_id>/members", methods=["GET", "POST"])
@page(May.LEAD_PROJECT, on=queries.get, once=True)
def member(project: Project) -> Answer:
    form = MemberForm()
    if form.validate_on_submit():
        try:
            running.add_member(actor=actor(), project=project, email=form.email.data or "", task=form.task.data or "")
            return _shown(project, gettext("Added to the team."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return respond("projects/member.html", status=422 if form.errors else 200, form=form, project=project)


@bp.route("/projects/<public_id>/gate", methods=["GET", "POST"])
@page(May.DECIDE_GATE, on=queries.get)
def gate(project: Project) -> Answer:
    opened = next((each for each in project.gates if each.state == "open"), None)
    form = GateForm(gate=opened.key if opened else "")
    if form.validate_on_submit():
        running.decide_gate(
            actor=actor(),
            project=project,
            gate_key=form.gate.data or "",
            passed=form.decision.data == "pass",
            reason=form.reason.data or "",
        )
        return _shown(project, gettext("The decision is recorded."))
    return respond("projects/gate.html", status=422 if form.errors else 200, form=form, project=project, gate=opened)
