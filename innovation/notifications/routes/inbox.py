"""Doors of the inbox."""

from __future__ import annotations

from flask import abort, request

from innovation.kernel.web import Answer, actor, page, respond, see
from innovation.notifications import queries
from innovation.notifications.routes import bp
from innovation.notifications.service import choosing
from innovation.rules.notices import PLANS, Topic
from innovation.rules.policy import May

TOPICS = tuple(topic for topic, plan in PLANS.items() if not plan.only_mail)


@bp.get("/inbox")
@page(May.USE_ACCOUNT)
def inbox() -> Answer:
    topic = request.args.get("topic", "")
    topic = topic if topic in set(Topic) else ""
    found = queries.inbox(actor(), request.args.get("after"), topic)
    lines = queries.lines(actor(), found.items)
    return respond("notifications/inbox.html", page=found, lines=lines, topic=topic, topics=TOPICS)


@bp.post("/inbox/read")
@page(May.USE_ACCOUNT)
def mark_read() -> Answer:
    choosing.mark_read(actor=actor())
    return see("notifications.inbox")


@bp.post("/inbox/line")
@page(May.USE_ACCOUNT)
def mark_one() -> Answer:
    """One line read, or new again; of one's own inbox alone."""
    message = request.form.get("message", "")
    read = request.form.get("read") != "no"
    if not message.isascii() or not message.isdecimal() or len(message) > 18:
        abort(404)
    if not choosing.mark_one(actor=actor(), message_id=int(message), read=read):
        abort(404)
    after, topic = request.form.get("after") or None, request.form.get("topic") or None
    return see("notifications.inbox", after=after, topic=topic)
