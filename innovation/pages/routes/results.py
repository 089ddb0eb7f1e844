"""What the outside reads: an organisation's results, a challenge's, and an idea's way."""

from __future__ import annotations

from flask import abort, request

from innovation.insight.queries import public
from innovation.kernel import clock
from innovation.kernel.web import Answer, page, respond
from innovation.pages.routes import bp
from innovation.people.models import Organisation
from innovation.rules.policy import May


@bp.get("/results")
@page(May.LOOK)
def results() -> Answer:
    """The host's challenges, and what came of them."""
    owner = public.host()
    if owner is None:
        abort(404)
    return _of(owner)


@bp.get("/organisations/<public_id>/results")
@page(May.LOOK, on=public.organisation)
def organisation_results(owner: Organisation) -> Answer:
    return _of(owner)


def _of(owner: Organisation) -> Answer:
    stories = public.stories(owner, request.args.get("after"))
    counts, worth = public.totals(owner)
    each = public.worth_of(idea for story in stories.items for idea in story.chosen)
    return respond(
        "pages/results.html",
        owner=owner,
        page=stories,
        counts=counts,
        worth=worth,
        worth_each=each,
        most=public.PROJECTS,
        now=clock.now(),
    )


@bp.get("/results/challenges/<public_id>")
@page(May.LOOK, on=public.challenge)
def challenge_results(found: public.Page) -> Answer:
    """One challenge with all of its chosen ideas."""
    chosen = public.chosen(found.story.challenge, request.args.get("after"))
    each = public.worth_of(chosen.items)
    return respond(
        "pages/results_challenge.html",
        owner=found.owner,
        story=found.story,
        page=chosen,
        worth_each=each,
        now=clock.now(),
    )


@bp.get("/results/ideas/<public_id>")
@page(May.LOOK, on=public.history)
def idea_results(history: public.History) -> Answer:
    """A chosen idea's way, at one address for good."""
    return respond("pages/results_idea.html", history=history)
