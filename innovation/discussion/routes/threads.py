"""Doors of one thread: locking it, and who can be named in it."""

from __future__ import annotations

from flask import jsonify, request

from innovation.discussion import queries
from innovation.discussion.models import Thread
from innovation.discussion.routes import bp
from innovation.discussion.service import threads
from innovation.kernel.web import Answer, actor, gettext, page, see
from innovation.rules.policy import May


@bp.post("/threads/<public_id>/lock")
@page(May.LOCK_TALK, on=queries.thread)
def lock(thread: Thread) -> Answer:
    place = queries.place(thread)
    if request.form.get("value") == "open":
        threads.unlock(actor=actor(), thread=thread)
        said = gettext("The talk is open again.")
    else:
        threads.lock(actor=actor(), thread=thread)
        said = gettext("The talk is locked. Everything stays readable; nothing is added.")
    return see(place.endpoint, public_id=place.public_id, message=said, _anchor="talk")


@bp.get("/threads/<public_id>/people")
@page(May.TALK, on=queries.thread)
def people(thread: Thread) -> Answer:
    """Whom a comment here can name: for what is typed behind an @."""
    found = queries.suggested(actor(), thread, request.args.get("q", "")[:80])
    return jsonify([{"name": each.name, "insert": each.insert} for each in found])
