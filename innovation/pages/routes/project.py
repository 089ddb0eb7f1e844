"""Projects: the list, and one: how is it going, will it make it."""

from __future__ import annotations

from flask import request

from innovation.challenges import queries as challenges
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, page, respond
from innovation.pages.routes import bp
from innovation.people import queries as people
from innovation.projects import queries as projects
from innovation.projects.models import Project
from innovation.promotion import queries as promotion
from innovation.rules.policy import May
from innovation.rules.project import PROOF_DAYS, ProjectState
from innovation.voting import queries as voting


@bp.get("/projects", endpoint="projects")
@page(May.LOOK)
def list_projects() -> Answer:
    state = request.args.get("state", "")
    of = challenges.get(actor(), request.args["challenge"]) if request.args.get("challenge") else None
    return respond(
        "pages/projects.html",
        page=projects.page(
            actor(),
            state=state if state in set(ProjectState) else "",
            challenge=of,
            cursor=request.args.get("after"),
        ),
        state=state,
        challenge=of,
        now=clock.now(),
        proof_days=PROOF_DAYS,
    )


@bp.get("/projects/<public_id>")
@page(May.LOOK, on=projects.get)
def project(project: Project) -> Answer:
    now = clock.now()
    deciders = people.names(gate.decided_by for gate in project.gates if gate.decided_by)
    return respond(
        "pages/project.html",
        project=project,
        now=now,
        day=project_day(project),
        proof_days=PROOF_DAYS,
        milestones=projects.milestones(project),
        updates=projects.updates(project),
        deciders=deciders,
        decision=promotion.deciding(project.idea_id),
        poll=voting.polls([project.challenge_id]).get(project.challenge_id),
    )


def project_day(project: Project) -> int:
    """The day of the proof: 1 on the day it starts; the last day it ran, once it has ended."""
    end = project.ended_at or clock.now()
    return (end.date() - project.started_at.date()).days + 1
