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
from innovation.kernel.web import Answer, actor, blueprint, gettext, page, refusal, respond, see
from innovation.promotion import queries
from innovation.promotion.forms import PickForm, calls_form
from innovation.promotion.models import Run
from innovation.promotion.service import judging, overriding, picking, running
from innovation.promotion.service import snapshot as snapshots
from innovation.rules.policy import May
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
    close = queries.close_calls(run.id) if run.state == RunState.DECIDED else []
    return respond(
        "promotion/run.html",
        run=run,
        challenge=challenge,
        page=queries.decisions(actor(), run, challenge, request.args.get("after")),
        judged={made.idea_id: judgement.promoted for made, judgement in close if judgement is not None},
        shifts=queries.shifts(close),
        waiting=judging.open_calls(run) if run.state == RunState.DECIDED else 0,
        clauses=snapshots.explained(run),
        polls=voting.polls([each.challenge_id for each in run.challenges]),
        may_decide_again=may(actor(), May.CHANGE_RULE, run) and overriding.can_be_decided_again(run),
        rule_changes=queries.rule_changes(actor(), challenge) if challenge and run.round.purpose == "promotion" else [],
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
            running.announce(actor=actor(), run=run, seen=request.form.get("seen") or None)
        except NotPossible as error:
            refused = error
        else:
            return see("promotion.run", public_id=run.public_id, message=gettext("Announced. Every author gets an answer."))
    close = queries.close_calls(run.id)
    return respond(
        "promotion/announce.html",
        status=422 if refused else 200,
        run=run,
        form=form,
        refused=refused,
        calls=close,
        shifts=queries.shifts(close),
        silent=queries.without_words(run) if run.state == RunState.DECIDED else [],
    )


@bp.route("/runs/<public_id>/calls", methods=["GET", "POST"])
@page(May.ANNOUNCE, on=queries.get)
def calls(run: Run) -> Answer:
    """Ideas that the figures could not tell apart: a named person decides about each, with a reason."""
    found = queries.close_calls(run.id)
    titles = queries.readable_titles(actor(), [made.idea.public_id for made, _ in found])
    form = calls_form(found, titles)
    if form.validate_on_submit():
        said = form.said(made.idea.public_id for made, _ in found)
        about = [(made, *form.of(made.idea.public_id)) for made, _ in found if made.idea.public_id in said]
        if not form.errors:
            try:
                judging.judge_all(actor=actor(), run=run, calls=about, seen=request.form.get("seen") or None)
                kept = ngettext("%(num)s decision is kept.", "%(num)s decisions are kept.", len(about))
                return see("promotion.calls", public_id=run.public_id, message=kept)
            except NotPossible as error:
                if not error.code.startswith("judged_"):
                    raise
                for name in (f"chosen-{made.idea.public_id}" for made, chosen, _ in about if chosen):
                    form[name].errors = (*form[name].errors, refusal(error.code, **error.params))
    return respond(
        "promotion/calls.html",
        status=422 if form.errors else 200,
        run=run,
        form=form,
        calls=found,
        titles=titles,
        room=snapshots.rule_of(run).get("capacity", {}).get("k"),
    )


@bp.route("/runs/<public_id>/sentences", methods=["GET", "POST"])
@page(May.ANNOUNCE, on=queries.get)
def sentences(run: Run) -> Answer:
    """A sentence for every author, above the figures. What is left empty stays as it was."""
    form = Form()
    if form.validate_on_submit():
        kept, seen = 0, request.form.get("seen") or None
        for name, words in request.form.items():
            written = name.startswith("words-") and bool(words.strip())
            decision = queries.decision_of(actor(), run, name.removeprefix("words-")) if written else None
            if decision is not None and decision.words != words.strip():
                judging.say(actor=actor(), run=run, decision=decision, words=words[:4000], seen=seen)
                kept += 1
        said = ngettext("%(num)s sentence is kept.", "%(num)s sentences are kept.", kept)
        return see("promotion.announce", public_id=run.public_id, message=said)
    asked = [*queries.without_words(run), *queries.with_words_to_change(run)]
    titles = queries.readable_titles(actor(), [made.idea.public_id for made in asked])
    return respond("promotion/sentences.html", run=run, form=form, asked=asked, titles=titles)
