"""One idea: is it good, what became of it, and why."""

from __future__ import annotations

from innovation.evaluation import queries as evaluation
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, page, respond
from innovation.pages import queries
from innovation.pages.routes import bp
from innovation.projects import queries as projects
from innovation.promotion import queries as promotion
from innovation.rules.policy import May


@bp.get("/ideas/<public_id>")
@page(May.LOOK, on=ideas.get)
def idea(idea: Idea) -> Answer:
    now = clock.now()
    who = actor()
    slots = queries.vote_slots(who, idea.challenge, [idea], now)
    return respond(
        "pages/idea.html",
        idea=idea,
        challenge=idea.challenge,
        now=now,
        slot=slots.get(idea.id),
        own=next((each for each in idea.authors if each.person_id == who.person_id), None),
        decision=promotion.deciding(idea.id),
        project=projects.of_idea(who, idea.id),
        panel=evaluation.panel_scores([idea.id]).get(idea.id) if idea.challenge.decided_at else None,
        phases={str(phase) for phase in idea.challenge.schedule().phases(now)}
        if idea.challenge.state == "published"
        else set(),
    )
