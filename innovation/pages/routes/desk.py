"""The manager's desk: where is it stuck, what must be decided."""

from __future__ import annotations

from innovation.challenges import queries as challenges
from innovation.insight import queries as insight
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, page, respond
from innovation.pages.routes import bp
from innovation.pages.routes.work import due_for
from innovation.projects import queries as projects
from innovation.promotion import queries as promotion
from innovation.rules.policy import May


@bp.get("/desk")
@page(May.SEE_DESK)
def desk() -> Answer:
    now = clock.now()
    who = actor()
    due = due_for(who, now)
    own = {gate.id for gate in due["gates"]}
    late = [gate for gate in projects.late(who, now) if gate.id not in own]
    picking = promotion.to_be_picked_by_others(who, now)
    return respond(
        "pages/desk.html",
        now=now,
        due=due,
        late=late,
        picking=picking,
        sponsors=challenges.sponsor_names([*picking, *(gate.project.challenge for gate in late)]),
        funnel=insight.funnel(who),
        runs=promotion.under_way(who, limit=8),
        programmes=challenges.programmes(who),
    )
