"""The inbox."""

from __future__ import annotations

from flask import request

from innovation.kernel.web import Answer, actor, blueprint, page, respond, see
from innovation.notifications import queries, service
from innovation.rules.policy import May

bp = blueprint("notifications", __name__)


@bp.get("/inbox")
@page(May.USE_ACCOUNT)
def inbox() -> Answer:
    found = queries.inbox(actor(), request.args.get("after"))
    return respond("notifications/inbox.html", page=found, things=queries.things(found.items))


@bp.post("/inbox/read")
@page(May.USE_ACCOUNT)
def mark_read() -> Answer:
    service.mark_read(actor=actor())
    return see("notifications.inbox")
