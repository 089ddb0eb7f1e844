"""Challenges: the list, one challenge, its ideas, how it is decided, a programme."""

from __future__ import annotations

from typing import Any

from flask import request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Programme
from innovation.ideas import queries as ideas
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, page, respond
from innovation.pages import queries
from innovation.pages.routes import bp
from innovation.projects import queries as projects
from innovation.promotion import queries as promotion
from innovation.rules.idea import IdeaState
from innovation.rules.policy import May
from innovation.rules.promotion import explain
from innovation.voting import queries as voting

KINDS = ("open", "coming", "closed", "decided", "preparing", "mine")
STATES = (IdeaState.SUBMITTED, IdeaState.PROMOTED, IdeaState.DECLINED, IdeaState.PARKED)


@bp.get("/challenges", endpoint="challenges")
@page(May.LOOK)
def list_challenges() -> Answer:
    kind = request.args.get("show", "open")
    now = clock.now()
    found = challenges.page(actor(), kind, None, now, request.args.get("after"))
    return respond(
        "pages/challenges.html",
        kind=kind if kind in KINDS else "open",
        page=found,
        sponsors=challenges.sponsor_names(each.id for each in found.items),
        now=now,
    )


@bp.get("/programmes/<public_id>")
@page(May.LOOK, on=challenges.programme)
def programme(programme: Programme) -> Answer:
    kind = request.args.get("show", "open")
    now = clock.now()
    found = challenges.page(actor(), kind, programme, now, request.args.get("after"))
    return respond(
        "pages/programme.html",
        programme=programme,
        kind=kind if kind in KINDS else "open",
        page=found,
        sponsors=challenges.sponsor_names(each.id for each in found.items),
        now=now,
    )


def frame(challenge: Challenge, tab: str) -> dict[str, Any]:
    """What every tab of a challenge shows around its own content."""
    now = clock.now()
    who = actor()
    return {
        "challenge": challenge,
        "tab": tab,
        "picks_done": challenge.who_decides == "sponsor" and promotion.picks_finished(challenge.id) is not None,
        "now": now,
        "steps": queries.phase_steps(challenge, now),
        "phases": {str(phase) for phase in challenge.schedule().phases(now)} if challenge.state == "published" else set(),
        # Nothing is decided before the challenge is frozen for it: until then there is no run to look for.
        "runs": [run for run in promotion.of_challenge(challenge.id) if queries.may_see_run(who, run)]
        if challenge.frozen_at
        else [],
        # The list of ideas marks one's own itself; once it is decided there is no draft to go on with.
        "mine": ideas.in_challenge(who, challenge) if who.signed_in and not (tab == "ideas" and challenge.frozen_at) else [],
    }


@bp.get("/challenges/<public_id>")
@page(May.LOOK, on=challenges.get)
def challenge(challenge: Challenge) -> Answer:
    """What is asked, what do I get, how long, what happens then."""
    return respond(
        "pages/challenge.html",
        sponsors=challenges.sponsors(challenge.id),
        projects=projects.of_challenge(actor(), challenge) if challenge.decided_at else [],
        **frame(challenge, "brief"),
    )


@bp.get("/challenges/<public_id>/ideas")
@page(May.LOOK, on=challenges.get)
def challenge_ideas(challenge: Challenge) -> Answer:
    """Which ideas deserve my time."""
    state, sort = request.args.get("state", ""), request.args.get("sort", "newest")
    search = request.args.get("q", "").strip()[:100]
    shown = frame(challenge, "ideas")
    found = ideas.page(
        actor(),
        challenge,
        state=state if state in STATES else "",
        search=search,
        sort=sort if sort in ideas.SORTS else "newest",
        cursor=request.args.get("after"),
    )
    return respond(
        "pages/challenge_ideas.html",
        fragment="pages/_idea_list.html",
        page=found,
        slots=queries.vote_slots(actor(), challenge, list(found.items), shown["now"]),
        state=state,
        sort=sort,
        search=search,
        states=STATES,
        own={each.id for each in found.items if any(a.person_id == actor().person_id for a in each.authors)},
        **shown,
    )


@bp.get("/challenges/<public_id>/decision")
@page(May.LOOK, on=challenges.get)
def how_it_is_decided(challenge: Challenge) -> Answer:
    """Is this fair, what will happen: the rule in words, the tie-break, who announces; then the results."""
    polls = voting.polls([challenge.id])
    return respond(
        "pages/decision.html",
        clauses=explain(challenge.rule),
        poll=polls.get(challenge.id),
        sponsors=challenges.sponsors(challenge.id),
        **frame(challenge, "decision"),
    )
