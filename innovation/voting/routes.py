"""The door of a vote."""

from __future__ import annotations

from flask import flash, redirect, request

from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, blueprint, gettext, page, respond, safe_next, see
from innovation.rules.policy import May
from innovation.voting import queries, service

bp = blueprint("voting", __name__)


@bp.post("/ideas/<public_id>/vote")
@page(May.VOTE, on=queries.ballot_paper)
def vote(paper: queries.BallotPaper) -> Answer:
    value = request.form.get("value", type=int)
    if value is None:
        raise Invalid("no_such_vote", field="value")
    service.cast(actor=actor(), paper=paper, value=value)
    if request.headers.get("HX-Request"):
        return respond("voting/_vote.html", idea=paper.idea, challenge=paper.challenge, mine=value, open=True)
    said = gettext("Your vote is taken back.") if value == 0 else gettext("Your vote counts.")
    target = safe_next(request.form.get("next"))
    if target:
        flash(said, "good")
        return redirect(target, 303)
    return see("pages.idea", public_id=paper.idea.public_id, message=said)
