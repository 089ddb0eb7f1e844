"""The record of a result, from which anyone can count and decide again."""

from __future__ import annotations

from flask import Response, abort, render_template

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.exchange.routes import bp
from innovation.exchange.service import record
from innovation.kernel.usecase import may
from innovation.kernel.web import Answer, actor, page
from innovation.promotion import queries as promotion
from innovation.promotion.models import Run
from innovation.promotion.service import snapshot as snapshots
from innovation.rules.policy import May
from innovation.rules.predicates import Role
from innovation.rules.run import RunState


@bp.get("/runs/<public_id>/record.zip")
@page(May.LOOK, on=promotion.get)
def run_record(run: Run) -> Answer:
    """The record of a result: for sponsor, manager and auditors; for others as the challenge said before voting."""
    if run.outcome_hash is None or not may_see_record(run):
        abort(404)
    found = record.build(run, record_readme(run))
    response = Response(found.content, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return response


def record_readme(run: Run) -> str:
    """What stands in a record's README: the rule in words, and how to count again."""
    return render_template("exchange/record.txt", run=run, clauses=snapshots.explained(run))


def may_see_record(run: Run) -> bool:
    """Whether this person may have the record of a run."""
    if may(actor(), May.SEE_RECORD, run):
        return True
    if run.state != RunState.ANNOUNCED:
        return False
    if may(actor(), May.SEE_FUNNEL, run):
        return True  # an idea of one's own is no reason any more
    return all(_is_for(each.challenge) for each in run.challenges)


def _is_for(challenge: Challenge) -> bool:
    """Whether a challenge said, before voting, that its record is for this person, who must see the challenge too."""
    if challenges.get(actor(), challenge.public_id) is None:
        return False
    if challenge.record_for == "participants":
        return Role.AUDIENCE in challenges.roles_on_challenge(actor(), challenge)
    return challenge.record_for == "public"
