"""Doors of promotion: the sponsor's picks, a run's decisions, the announcement."""

from __future__ import annotations

from flask import abort, request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import Form
from innovation.kernel.usecase import may
from innovation.kernel.web import Answer, actor, blueprint, gettext, page, respond, see
from innovation.promotion import queries
from innovation.promotion.forms import PickForm
from innovation.promotion.models import Run
from innovation.promotion.service import picking, running
from innovation.rules.policy import May
from innovation.rules.promotion import explain
from innovation.voting import queries as voting

bp = blueprint("promotion", __name__)


@bp.get("/challenges/<public_id>/picks")
@page(May.PICK, on=challenges.get)
def picks(challenge: Challenge) -> Answer:
    """The sponsor's list: every idea with the choice made so far."""
    found = queries.ideas_to_pick(challenge)
    made = queries.picks(challenge.id)
    return respond(
        "promotion/picks.html",
        challenge=challenge,
        ideas=found,
        picks=made,
        missing=len([idea for idea in found if idea.id not in made]),
        finished=queries.picks_finished(challenge.id),
    )


@bp.route("/ideas/<public_id>/pick", methods=["GET", "POST"])
@page(May.PICK, on=ideas.get)
def pick(idea: Idea) -> Answer:
    earlier = queries.picks(idea.challenge_id).get(idea.id)
    data = {"chosen": "yes" if earlier.chosen else "no", "reason": earlier.reason} if earlier else {}
    form = PickForm(data=data)
    if form.validate_on_submit():
        picking.pick(actor=actor(), idea=idea, chosen=form.chosen.data == "yes", reason=form.reason.data or "")
        return see("promotion.picks", public_id=idea.challenge.public_id, message=gettext("Your choice is kept."))
    return respond("promotion/pick.html", status=422 if form.errors else 200, form=form, idea=idea)


@bp.post("/challenges/<public_id>/picks/completion")
@page(May.PICK, on=challenges.get)
def finish_picks(challenge: Challenge) -> Answer:
    try:
        picking.finish_picks(actor=actor(), challenge=challenge)
    except Invalid as error:
        said = gettext("%(n)s ideas have no choice yet.", n=error.params.get("missing"))
        return see("promotion.picks", public_id=challenge.public_id, message=said, tone="stop")
    said = gettext("Your choices are complete. The result is being prepared.")
    return see("pages.challenge", public_id=challenge.public_id, message=said)


@bp.get("/runs/<public_id>")
@page(May.LOOK, on=queries.get)
def run(run: Run) -> Answer:
    """A result: decisions by place. Before the announcement only those who may announce see it."""
    if run.state != "announced" and not may(actor(), May.ANNOUNCE, run):
        abort(404)
    wanted = request.args.get("challenge")
    challenge = next((each.challenge for each in run.challenges if each.challenge.public_id == wanted), None)
    if challenge is None and len(run.challenges) == 1:
        challenge = run.challenges[0].challenge
    return respond(
        "promotion/run.html",
        run=run,
        challenge=challenge,
        page=queries.decisions(actor(), run, challenge, request.args.get("after")),
        clauses=explain(run.round.rule or run.challenges[0].challenge.rule),
        polls=voting.polls([each.challenge_id for each in run.challenges]),
    )


@bp.route("/runs/<public_id>/announcement", methods=["GET", "POST"])
@page(May.ANNOUNCE, on=queries.get)
def announce(run: Run) -> Answer:
    form = Form()
    if form.validate_on_submit():
        running.announce(actor=actor(), run=run)
        return see("promotion.run", public_id=run.public_id, message=gettext("Announced. Every author gets an answer."))
    return respond("promotion/announce.html", run=run, form=form)
