"""Doors of what an idea read before."""

from __future__ import annotations

from flask import abort

from innovation.ideas import queries
from innovation.ideas.models import Idea
from innovation.ideas.routes import bp
from innovation.kernel.web import Answer, page, respond
from innovation.rules.policy import May


@bp.get("/ideas/<public_id>/revisions")
@page(May.LOOK, on=queries.get)
def revisions(idea: Idea) -> Answer:
    found = queries.revisions(idea)
    return respond("ideas/revisions.html", idea=idea, revisions=found, answers=queries.answers_then(idea, found))


@bp.get("/ideas/<public_id>/revisions/<int(max=1000000):number>")
@page(May.LOOK, on=queries.get)
def revision(idea: Idea, number: int) -> Answer:
    """One version by its own address, which always shows the same text."""
    found = queries.revision(idea, number)
    if found is None:
        abort(404)
    then = queries.answers_then(idea, [found])
    return respond("ideas/revision.html", idea=idea, revision=found, answers=then[number])
