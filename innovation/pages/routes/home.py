"""The front page, health, and the style guide."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from innovation.challenges import queries as challenges
from innovation.ideas import queries as ideas
from innovation.insight import queries as insight
from innovation.insight.queries import activity
from innovation.insight.queries import public as public_results
from innovation.kernel import clock
from innovation.kernel.db import db
from innovation.kernel.i18n import HOST_ZONE
from innovation.kernel.web import Answer, account, actor, page, public, respond
from innovation.pages.routes import bp
from innovation.pages.routes.activity import by_day
from innovation.pages.routes.work import due_for
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
        "sponsors": challenges.sponsor_names((each.id for each in (*open_now, *closed)), who),
        "strip": insight.strip(who),
    }
    if account() is None:
        return respond("pages/home_visitor.html", results=public_results.host() is not None, **shown)
    return respond(
        "pages/home.html",
        drafts=ideas.drafts(who),
        due=due_for(who, now),
        days=by_day(activity.lately(who)),
        zone=HOST_ZONE,
        **shown,
    )


@bp.get("/health")
@public
def health() -> Answer:
    """Whether this process can reach its database."""
    db.session.execute(text("SELECT 1"))
    return "ok", 200
