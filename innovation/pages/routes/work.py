"""What is mine: what is due, my ideas, the sponsor's desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request

from innovation.awards import queries as awards
from innovation.challenges import queries as challenges
from innovation.evaluation import queries as evaluation
from innovation.ideas import queries as ideas
from innovation.ideas.queries import checking
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.web import Answer, actor, page, respond, searched
from innovation.pages.routes import bp
from innovation.projects import queries as projects
from innovation.projects.queries import gates
from innovation.promotion import queries as promotion
from innovation.rules.idea import IdeaState
from innovation.rules.policy import May
from innovation.rules.predicates import Role
from innovation.steering.queries import sendings
from innovation.voting import queries as voting

OWN_STATES = (
    IdeaState.DRAFT,
    IdeaState.CHECKING,
    IdeaState.RETURNED,
    IdeaState.SUBMITTED,
    IdeaState.PROMOTED,
    IdeaState.DECLINED,
    IdeaState.WITHDRAWN,
)
"""What one's own ideas can be narrowed down to."""


def due_for(who: Actor, now: datetime) -> dict[str, Any]:
    """What waits for a person, kind by kind, each with its dates."""
    return {
        "picks": promotion.to_pick(who, now),
        "announcements": promotion.to_announce(who),
        "approvals": challenges.waiting_for_manager(who),
        "gates": gates.to_decide(who, now),
        "teams": projects.asked_into(who),
        "awards": awards.waiting(who),
        "reviews": evaluation.to_review(who, now),
        "votes": voting.voting_challenges_left(who, now),
        "checks": checking.by_challenge(who),
        "drafts": ideas.drafts(who),
    }


@bp.get("/my-work")
@page(May.USE_ACCOUNT)
def my_work() -> Answer:
    """The sponsor's desk and everybody's: due first, then my challenges, ideas and projects."""
    now = clock.now()
    who = actor()
    mine = challenges.page(who, "mine", challenges.Wanted(), now, None).items
    return respond(
        "pages/my_work.html",
        now=now,
        due=due_for(who, now),
        challenges=mine,
        sponsors=challenges.sponsor_names((each.id for each in mine), who),
        ideas=ideas.mine(who, None).items,
        projects=projects.page(who, projects.Wanted(mine=True)).items,
        judges=bool(who.scopes(Role.PANEL, "challenge")),
        has_awards=awards.has_any(who),
        has_sent=sendings.has_any(who),
    )


@bp.get("/my-ideas")
@page(May.USE_ACCOUNT)
def my_ideas() -> Answer:
    """One's own ideas, in the state and order asked for."""
    state, sort, search = request.args.get("state", ""), request.args.get("sort", ""), searched()
    state = state if state in set(IdeaState) else ""
    sort = sort if sort in ideas.OWN_SORTS else "saved"
    return respond(
        "pages/my_ideas.html",
        page=ideas.mine(actor(), request.args.get("after"), state=state, search=search, sort=sort),
        states=OWN_STATES,
        sorts=tuple(ideas.OWN_SORTS),
        state=state,
        sort=sort,
        search=search,
        now=clock.now(),
    )
