"""Doors of what a person chose: the table of topics and ways, digests, follows, and the address of his feeds."""

from __future__ import annotations

from flask import request, url_for

from innovation.kernel.web import Answer, actor, gettext, page, respond, see, settings
from innovation.notifications import queries
from innovation.notifications.routes import bp
from innovation.notifications.service import choosing, feeds
from innovation.rules.notices import PLANS, Frequency, Way
from innovation.rules.policy import May

ROWS = tuple(topic for topic, plan in PLANS.items() if not plan.only_mail)


@bp.get("/account/notifications")
@page(May.USE_ACCOUNT)
def own_choices() -> Answer:
    return _page()


def _page(token: str | None = None) -> Answer:
    who = actor()
    base = settings().base_url.rstrip("/")
    addresses = [base + url_for(f"notifications.{name}", token=token) for name in ("deadlines", "news")] if token else []
    answer = respond(
        "notifications/choices.html",
        matrix=queries.matrix(who),
        plans=PLANS,
        ways=tuple(Way),
        digest=queries.digest(who),
        frequencies=tuple(Frequency),
        watched=queries.watched(who),
        key=queries.feed_key(who),
        addresses=addresses,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/account/notifications")
@page(May.USE_ACCOUNT)
def choose() -> Answer:
    wanted = {topic: frozenset(way for way in Way if f"{topic}.{way}" in request.form) for topic in ROWS}
    digest = request.form.get("digest", "")
    choosing.choose(actor=actor(), wanted=wanted, digest=digest if digest in set(Frequency) else Frequency.OFF)
    return see("notifications.own_choices", message=gettext("Saved. It holds for everything from now on."))


@bp.post("/account/feed-key")
@page(May.USE_ACCOUNT)
def make_key() -> Answer:
    """A new address for calendar and feed reader; it is shown in this answer, and never again."""
    return _page(feeds.make_key(actor=actor()))


@bp.post("/account/feed-key/revocation")
@page(May.USE_ACCOUNT)
def revoke_key() -> Answer:
    feeds.revoke_key(actor=actor())
    return see("notifications.own_choices", message=gettext("The address leads nowhere any more."))
