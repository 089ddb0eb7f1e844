"""The front page, health, and the style guide."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from innovation.challenges import queries as challenges
from innovation.ideas import queries as ideas
from innovation.insight import queries as insight
from innovation.insight.queries import public as public_results
from innovation.kernel import clock
from innovation.kernel.db import db
from innovation.kernel.web import Answer, account, actor, page, public, respond
from innovation.pages.routes import bp
from innovation.pages.routes.work import due_for
from innovation.rules.charts import lines, sankey
from innovation.rules.policy import May


@bp.get("/")
@page(May.LOOK)
def home() -> Answer:
    """What is this, is something for me; and, signed in: what is mine to do now."""
    now = clock.now()
    who = actor()
    open_now, closed = challenges.open_challenges(who, now), challenges.closed_challenges(who, now)
    shown: dict[str, Any] = {
        "now": now,
        "open": open_now,
        "closed": closed,
        "sponsors": challenges.sponsor_names(each.id for each in (*open_now, *closed)),
        "strip": insight.strip(who),
    }
    if account() is None:
        return respond("pages/home_visitor.html", results=public_results.host() is not None, **shown)
    return respond("pages/home.html", drafts=ideas.drafts(who), due=due_for(who, now), **shown)


@bp.get("/health")
@public
def health() -> Answer:
    """Whether this process can reach its database."""
    db.session.execute(text("SELECT 1"))
    return "ok", 200


@bp.get("/styleguide")
@public
def styleguide() -> Answer:
    flows = [sankey.Flow(*each) for each in EXAMPLE_FLOWS]
    return respond(
        "pages/styleguide.html",
        flows=flows,
        picture=sankey.layout(insight.COLUMNS, flows),
        stairs=lines.steps([[(0, 100), (3, 80), (9, 45), (20, 12)], [(0, 100), (14, 60), (30, 55)]], most_x=30, most_y=100),
        climb=lines.steps([[(0, 4), (5, 60), (22, 96), (40, 140)]]),
    )


EXAMPLE_FLOWS = (
    ("submitted", "promoted", 16),
    ("submitted", "declined", 110),
    ("submitted", "returned", 9),
    ("returned", "submitted", 7),
    ("promoted", "project_running", 16),
    ("project_running", "project_passed", 9),
    ("project_running", "project_stopped", 3),
    ("project_passed", "project_adopted", 4),
)
