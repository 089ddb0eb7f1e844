"""Who works in a project, who is asked to, and who follows it."""

from __future__ import annotations

from flask import request

from innovation.ideas import queries as ideas
from innovation.kernel.web import Answer, actor, gettext, page, see
from innovation.people import queries as people
from innovation.projects import queries
from innovation.projects.forms.team import TEAM_MESSAGES, AskForm
from innovation.projects.models import Project
from innovation.projects.routes import bp
from innovation.projects.routes.shown import framed, shown
from innovation.projects.service import team
from innovation.rules.policy import May


@bp.get("/projects/<public_id>/team")
@page(May.LOOK, on=queries.get)
def team_page(project: Project) -> Answer:
    authors = ideas.author_ids([project.idea_id]).get(project.idea_id, [])
    return framed("projects/team.html", project, "team", authors=people.persons(authors), me=actor().person_id)


@bp.route("/projects/<public_id>/members", methods=["GET", "POST"])
@page(May.LEAD_PROJECT, on=queries.get, once=True)
def member(project: Project) -> Answer:
    form = AskForm()
    if form.accepted(
        lambda: team.ask(actor=actor(), project=project, email=form.email.data or "", task=form.task.data or ""),
        TEAM_MESSAGES,
    ):
        return _team(project, gettext("Asked. Once the person accepts, it stands here."))
    return framed("projects/member.html", project, "team", status=422 if form.errors else 200, form=form)


@bp.post("/projects/<public_id>/members/<person>/removal")
@page(May.LEAD_PROJECT, on=queries.get)
def remove_member(project: Project, person: str) -> Answer:
    team.remove(actor=actor(), project=project, public_id=person)
    return _team(project, gettext("Taken off the team."))


@bp.post("/projects/<public_id>/members/<person>/lead")
@page(May.LEAD_PROJECT, on=queries.get)
def hand_over(project: Project, person: str) -> Answer:
    team.hand_over(actor=actor(), project=project, public_id=person)
    return _team(project, gettext("The lead is handed over."))


@bp.post("/projects/<public_id>/leaving")
@page(May.WORK_ON_PROJECT, on=queries.get)
def leave(project: Project) -> Answer:
    """Whoever leaves the project of a sealed idea may not see it any more, so the answer leads to the list."""
    team.leave(actor=actor(), project=project)
    return see("pages.projects", message=gettext("You left the team of “%(project)s”.", project=project.title))


@bp.post("/projects/<public_id>/answer")
@page(May.USE_ACCOUNT, on=queries.get)
def answer(project: Project) -> Answer:
    """The answer of somebody who was asked to join."""
    joins = request.form.get("answer") == "yes"
    team.answer(actor=actor(), project=project, joins=joins)
    if joins:
        return shown(project, gettext("You are on the team now."))
    return see("pages.projects", message=gettext("You declined to work in “%(project)s”.", project=project.title))


@bp.post("/projects/<public_id>/following")
@page(May.USE_ACCOUNT, on=queries.get)
def follow(project: Project) -> Answer:
    follows = request.form.get("follow") == "yes"
    team.follow(actor=actor(), project=project, follows=follows)
    return shown(project, gettext("You follow this project.") if follows else gettext("You no longer follow this project."))


def _team(project: Project, message: str) -> Answer:
    return see("projects.team_page", public_id=project.public_id, message=message)
