"""What a team tells from week to week."""

from __future__ import annotations

from flask import request

from innovation.kernel.web import Answer, actor, gettext, page, respond
from innovation.projects import queries
from innovation.projects.forms.plan import UpdateForm
from innovation.projects.models import Project
from innovation.projects.queries import weekly
from innovation.projects.routes import bp
from innovation.projects.routes.shown import framed, shown
from innovation.projects.service import updates as telling
from innovation.rules.policy import May


@bp.route("/projects/<public_id>/updates", methods=["GET", "POST"])
@page(May.WORK_ON_PROJECT, on=queries.get, once=True)
def update(project: Project) -> Answer:
    form = UpdateForm()
    if form.validate_on_submit():
        text = telling.three_lines(form.done.data or "", form.following.data or "", form.obstacle.data or "")
        telling.post_update(actor=actor(), project=project, status=form.status.data, text=text)
        return shown(project, gettext("The update is there for everyone to read."))
    return respond("projects/update.html", status=422 if form.errors else 200, form=form, project=project)


@bp.get("/projects/<public_id>/updates/all")
@page(May.LOOK, on=queries.get)
def updates(project: Project) -> Answer:
    return framed("projects/updates.html", project, "", page=weekly.page(project, request.args.get("after")))
