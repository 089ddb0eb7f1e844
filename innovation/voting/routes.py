"""Doors of votes: casting, comparing two ideas, what was seen."""

from __future__ import annotations

import base64

from flask import Response, redirect, request, url_for

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import options_of
from innovation.kernel.web import Answer, actor, blueprint, gettext, page, respond, safe_next, see, settings, told
from innovation.rules.ballot import Ballot
from innovation.rules.phases import Phase
from innovation.rules.policy import May
from innovation.voting import queries, service
from innovation.voting.forms import MergeForm
from innovation.voting.service.passes import read_pass, view_pass

bp = blueprint("voting", __name__)

_PIXEL = base64.b64decode("R0lGODlhAQABAAAAACH5BAEAAAAALAAAAAABAAEAAAICAAA7")


@bp.post("/ideas/<public_id>/vote")
@page(May.VOTE, on=queries.ballot_paper)
def vote(paper: queries.BallotPaper) -> Answer:
    # The button that was pressed comes last: on a ballot with points the field speaks before "Undo".
    value = next(reversed(request.form.getlist("value", type=int)), None)
    if value is None:
        return _refused(paper, Invalid("no_such_vote", field="value"))
    before = paper.present or 0
    try:
        service.cast(actor=actor(), paper=paper, value=value)
    except Invalid as error:
        return _refused(paper, error)
    said = gettext("Your vote is taken back.") if value == 0 else gettext("Your vote counts.")
    if request.headers.get("HX-Request"):
        return _fragment(paper, value, said=said, before=before)
    return _back(paper, said, "good", before)


def _refused(paper: queries.BallotPaper, error: Invalid) -> Answer:
    """A vote the ballot does not take: said beside the field; the vote stays as it was."""
    if error.code == "budget_too_small":
        said = gettext("This takes %(cost)s, and you have %(left)s left.", **error.params)
    else:
        said = gettext("This ballot does not take that vote.")
    if request.headers.get("HX-Request"):
        return _fragment(paper, paper.present, error=said, status=422)
    return _back(paper, said, "stop")


def _fragment(
    paper: queries.BallotPaper,
    mine: int | None,
    error: str = "",
    status: int = 200,
    *,
    said: str = "",
    before: int | None = None,
) -> Answer:
    """The vote's form anew. ``said`` is told aloud; ``before`` is the vote that this one replaced, to go back to.

    On the list of ideas it brings along how many are not judged yet.
    """
    listed = request.form.get("next", "").startswith(url_for("pages.challenge_ideas", public_id=paper.challenge.public_id))
    return respond(
        "voting/_answer.html",
        status=status,
        said=said,
        before=None if before == mine else before,
        idea=paper.idea,
        challenge=paper.challenge,
        mine=mine,
        open=True,
        error=error,
        unconfirmed=False,
        budget=queries.budget(actor(), paper.challenge),
        to_judge=queries.left_to_judge(actor(), paper.challenge, clock.now()) if listed else None,
    )


def _back(paper: queries.BallotPaper, said: str, tone: str, before: int | None = None) -> Answer:
    target = safe_next(request.form.get("next"))
    undo = None
    if before is not None and before != next(reversed(request.form.getlist("value", type=int)), None):
        undo = ("voting.vote", {"public_id": paper.idea.public_id, "value": before, "next": target or ""})
    if target:
        told(said, tone, undo)
        return redirect(target, 303)
    return see("pages.idea", public_id=paper.idea.public_id, message=said, tone=tone, undo=undo)


@bp.get("/challenges/<public_id>/pairs")
@page(May.VOTE, on=challenges.get)
def pairs(challenge: Challenge) -> Answer:
    """Two ideas side by side: which is better?"""
    if not _compares_now(challenge):
        return see("pages.challenge_ideas", public_id=challenge.public_id)
    pair = queries.next_pair(actor(), challenge)
    shown = [idea.public_id for idea in pair or ()]
    return respond(
        "voting/pairs.html",
        challenge=challenge,
        pair=pair,
        judged=queries.pairs_judged(actor(), challenge),
        view_pass=view_pass(settings().signing_keys, actor().person_id, shown),
    )


def _compares_now(challenge: Challenge) -> bool:
    open_now = Phase.VOTE in challenge.schedule().phases(clock.now()) and challenge.frozen_at is None
    return challenge.ballot == Ballot.PAIRS and open_now


@bp.get("/challenges/<public_id>/comparisons")
@page(May.VOTE, on=challenges.get)
def comparisons(challenge: Challenge) -> Answer:
    """What one said of pairs, to be said again while voting is open."""
    if not _compares_now(challenge):
        return see("pages.challenge_ideas", public_id=challenge.public_id)
    said = queries.pairs_said(actor(), challenge, request.args.get("after"))
    return respond("voting/comparisons.html", challenge=challenge, page=said)


@bp.get("/ideas/<public_id>/comparison")
@page(May.VOTE, on=queries.ballot_paper)
def comparison(paper: queries.BallotPaper) -> Answer:
    """One pair that was judged, with what was said of it."""
    challenge = paper.challenge
    said = queries.said_of(actor(), paper.idea, request.args.get("other", "")) if _compares_now(challenge) else None
    if said is None:
        return see("voting.pairs", public_id=challenge.public_id)
    return respond("voting/comparison.html", challenge=challenge, said=said)


@bp.post("/ideas/<public_id>/comparison")
@page(May.VOTE, on=queries.ballot_paper)
def compare(paper: queries.BallotPaper) -> Answer:
    preferred = request.form.get("preferred", type=int)
    if preferred is None:
        raise Invalid("no_such_vote", field="preferred")
    service.compare(actor=actor(), paper=paper, other=request.form.get("other", ""), preferred=preferred)
    target = safe_next(request.form.get("next"))
    if target:
        told(gettext("Your answer counts."))
        return redirect(target, 303)
    return see("voting.pairs", public_id=paper.challenge.public_id)


@bp.route("/ideas/<public_id>/merging", methods=["GET", "POST"])
@page(May.MERGE_IDEAS, on=ideas.get)
def merge(idea: Idea) -> Answer:
    """Make one of two ideas that say the same: votes come along, both teams are authors.

    It cannot be taken back, so both are shown once more; ``checked`` names the idea that was shown.
    """
    form = MergeForm()
    form.into.choices = options_of((each.public_id, each.title) for each in queries.mergeable(actor(), idea))
    if form.validate_on_submit():
        into = ideas.get(actor(), form.into.data)
        assert into is not None  # the choices are what this person sees
        if request.form.get("checked") != into.public_id:
            return respond("voting/merge.html", idea=idea, form=form, into=into)
        service.merge(actor=actor(), idea=idea, into=into)
        return see("pages.idea", public_id=into.public_id, message=gettext("The two ideas are one now."))
    return respond("voting/merge.html", status=422 if form.errors else 200, idea=idea, form=form)


@bp.post("/views")
@page(May.USE_ACCOUNT)
def views() -> Answer:
    """What was two seconds on screen, sent by the page in batches."""
    shown = set(read_pass(settings().signing_keys, actor().person_id, request.form.get("pass", "")))
    seen = [each for each in request.form.getlist("seen")[:100] if each in shown]
    if seen:
        service.see(actor=actor(), public_ids=seen, how="screen")
    return Response(status=204)


@bp.get("/views/<token>.gif")
@page(May.USE_ACCOUNT, write=False)
def opened(token: str) -> Answer:
    """The picture that a browser without JavaScript fetches with an idea's page: the idea was opened."""
    seen = read_pass(settings().signing_keys, actor().person_id, token)
    if seen:
        service.see(actor=actor(), public_ids=seen, how="opened")
    response = Response(_PIXEL, mimetype="image/gif")
    response.headers["Cache-Control"] = "no-store"
    return response
