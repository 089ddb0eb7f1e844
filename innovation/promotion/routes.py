"""Doors of promotion: the sponsor's picks, a run's decisions, the announcement."""

from __future__ import annotations

from flask import abort, request
from flask_babel import ngettext

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.forms import Form
from innovation.kernel.usecase import may
from innovation.kernel.web import Answer, actor, blueprint, gettext, page, respond, see
from innovation.promotion import queries
from innovation.promotion.forms import CallForm, PickForm
from innovation.promotion.models import Run
from innovation.promotion.service import judging, picking, running
from innovation.promotion.service import snapshot as snapshots
from innovation.rules.policy import May
from innovation.rules.promotion import explain
from innovation.rules.run import RunState
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
    # A shortlist's figures are shown with the panel's result: they would steer its scores.
    told = run.state == RunState.ANNOUNCED and (run.round.purpose == "promotion" or _all_decided(run))
    if not told and not may(actor(), May.ANNOUNCE, run):
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
        waiting=judging.open_calls(run) if run.state == RunState.DECIDED else 0,
        clauses=explain(snapshots.rule_of(run)),
        polls=voting.polls([each.challenge_id for each in run.challenges]),
        funded=queries.readable_titles(actor(), [each["idea"] for pool in run.shares or [] for each in pool["rounds"]]),
    )


def _all_decided(run: Run) -> bool:
    return all(each.challenge.decided_at is not None for each in run.challenges)


@bp.route("/runs/<public_id>/announcement", methods=["GET", "POST"])
@page(May.ANNOUNCE, on=queries.get)
def announce(run: Run) -> Answer:
    """The last look before everyone is told: what waits for a person, and which ideas have no sentence yet."""
    form = Form()
    refused = None
    if form.validate_on_submit():
        try:
            running.announce(actor=actor(), run=run)
        except NotPossible as error:
            refused = error
        else:
            return see("promotion.run", public_id=run.public_id, message=gettext("Announced. Every author gets an answer."))
    return respond(
        "promotion/announce.html",
        status=422 if refused else 200,
        run=run,
        form=form,
        refused=refused,
        calls=queries.close_calls(run.id),
        silent=queries.without_words(run) if run.state == RunState.DECIDED else [],
    )


@bp.route("/runs/<public_id>/calls", methods=["GET", "POST"])
@page(May.ANNOUNCE, on=queries.get)
def calls(run: Run) -> Answer:
    """Ideas that the figures could not tell apart: a named person decides about each, with a reason."""
    form = CallForm()
    if form.validate_on_submit():
        decision = queries.decision_of(actor(), run, request.form.get("idea", ""))
        if decision is None:
            abort(404)
        yes = form.chosen.data == "yes"
        judging.judge(actor=actor(), run=run, decision=decision, promoted=yes, reason=form.reason.data or "")
        return see("promotion.calls", public_id=run.public_id, message=gettext("Your decision is kept."))
    found = queries.close_calls(run.id)
    return respond(
        "promotion/calls.html",
        status=422 if form.errors else 200,
        run=run,
        form=form,
        calls=found,
        titles=queries.readable_titles(actor(), [made.idea.public_id for made, _ in found]),
        room=snapshots.rule_of(run).get("capacity", {}).get("k"),
    )


@bp.route("/runs/<public_id>/sentences", methods=["GET", "POST"])
@page(May.ANNOUNCE, on=queries.get)
def sentences(run: Run) -> Answer:
    """A sentence for every author, above the figures. What is left empty stays as it was."""
    form = Form()
    if form.validate_on_submit():
        kept = 0
        for name, words in request.form.items():
            decision = queries.decision_of(actor(), run, name.removeprefix("words-")) if words.strip() else None
            if name.startswith("words-") and decision is not None:
                judging.say(actor=actor(), run=run, decision=decision, words=words[:4000])
                kept += 1
        said = ngettext("%(num)s sentence is kept.", "%(num)s sentences are kept.", kept)
        return see("promotion.announce", public_id=run.public_id, message=said)
    silent = queries.without_words(run)
    titles = queries.readable_titles(actor(), [made.idea.public_id for made in silent])
    return respond("promotion/sentences.html", run=run, form=form, silent=silent, titles=titles)
