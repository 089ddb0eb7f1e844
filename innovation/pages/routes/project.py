"""Projects: the list, and one: how is it going, will it make it."""

from __future__ import annotations

from flask import request

from innovation.awards import queries as awards
from innovation.challenges import queries as challenges
from innovation.exchange.queries import lists
from innovation.ideas import queries as ideas
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, page, respond
from innovation.pages.routes import bp, saved
from innovation.people import queries as people
from innovation.projects import queries as projects
from innovation.projects.models import Project
from innovation.projects.queries import areas, gates, weekly
from innovation.promotion import queries as promotion
from innovation.rules.policy import May
from innovation.rules.project import PROOF_DAYS
from innovation.voting import queries as voting


@bp.get("/projects", endpoint="projects")
@page(May.LOOK)
def list_projects() -> Answer:
    who = actor()
    asked = lists.projects_asked(who, request.args)
    return respond(
        "pages/projects.html",
        page=projects.page(who, asked.wanted, cursor=request.args.get("after")),
        wanted=asked.wanted,
        query=asked.query,
        state=asked.wanted.state,
        challenge=asked.wanted.challenge,
        programmes=challenges.programmes(who),
        sorts=tuple(projects.SORTS),
        saved=saved.kept("projects", asked.query),
        now=clock.now(),
        proof_days=PROOF_DAYS,
    )


@bp.get("/projects/<public_id>")
@page(May.LOOK, on=projects.get)
def project(project: Project) -> Answer:
    now = clock.now()
    authors = ideas.author_ids([project.idea_id]).get(project.idea_id, [])
    names = people.names(authors)
    given = awards.of_idea(actor(), project.idea_id)
    idea_open = ideas.get(actor(), project.idea.public_id) is not None
    return respond(
        "pages/project.html",
        project=project,
        area="",
        standing=gates.standing(actor(), project, now),
        frame=areas.frame(actor(), project, now),
        now=now,
        latest=weekly.latest(project),
        may_tell=weekly.may_tell(project),
        idea_open=idea_open,
        idea_sealed=not idea_open and project.idea.visibility == "sealed",
        authors=[names[each] for each in authors if each in names],
        decision=promotion.deciding(project.idea_id),
        awards=given,
        awards_read=awards.readable(actor(), given),
        poll=voting.polls([project.challenge_id]).get(project.challenge_id),
    )
