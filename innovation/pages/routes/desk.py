"""The manager's desk: where is it stuck, what must be decided."""

from __future__ import annotations

from innovation.challenges import queries as challenges
from innovation.discussion.queries import cases
from innovation.insight import queries as insight
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, page, respond
from innovation.pages.routes import bp
from innovation.pages.routes.work import due_for
from innovation.projects.queries import gates
from innovation.promotion import queries as promotion
from innovation.rules.policy import May
from innovation.voting import queries as voting


@bp.get("/desk")
@page(May.SEE_DESK)
def desk() -> Answer:
    now = clock.now()
    who = actor()
    due = due_for(who, now)
    found = {gate.id: gate for gate in (*due.pop("gates"), *gates.late(who, now))}.values()
    picking = promotion.to_be_picked_by_others(who, now)
    return respond(
        "pages/desk.html",
        now=now,
        due=due | {"gates": []},
        gates=sorted(found, key=lambda gate: (gate.due_at, gate.id)),
        duties=gates.duties([(gate, gate.project) for gate in found], now, who),
        picking=picking,
        sponsors=challenges.sponsor_names((each.id for each in picking), who),
        funnel=insight.funnel(who),
        runs=promotion.under_way(who, limit=8),
        programmes=challenges.programmes(who),
        flagged=voting.unsettled_flags(who),
        reported=cases.waiting(who),
    )
