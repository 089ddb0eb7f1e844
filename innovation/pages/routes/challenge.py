"""Challenges: the list, one challenge, its ideas, a programme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Programme
from innovation.challenges.service import briefs
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, page, respond, searched, settings
from innovation.pages import queries
from innovation.pages.routes import bp
from innovation.projects import queries as projects
from innovation.promotion import queries as promotion
from innovation.rules.challenge import BY_VOTES
from innovation.rules.idea import IdeaState
from innovation.rules.policy import May
from innovation.voting import queries as voting
from innovation.voting.service.passes import view_pass

KINDS = ("open", "coming", "closed", "decided", "preparing", "mine")
OFFERED = (voting.ORDERED, "random")
"""Orders of an open vote: everybody's own, and plain chance."""
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
        "own_brief": challenges.is_own(who, challenge),
        "panel": briefs.panel_wanted(challenge),
        "picks_done": challenge.who_decides == "sponsor" and promotion.picks_finished(challenge.id) is not None,
        "now": now,
        "steps": queries.phase_steps(challenge, now),
        "phases": {str(phase) for phase in challenge.schedule().phases(now)} if challenge.state == "published" else set(),
        # Nothing is decided before the challenge is frozen for it: until then there is no run to look for.
        "runs": [
            run
            for run in promotion.of_challenge(challenge.id)
            if run.round.purpose == "promotion" and queries.may_see_run(who, run)
        ]
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
    shown = frame(challenge, "ideas")
    listed = _listed(challenge, shown["now"])
    found = listed["page"]
    voting_here = queries.may_judge(actor(), challenge, shown["now"])
    return respond(
        "pages/challenge_ideas.html",
        fragment="pages/_idea_list.html",
        slots=queries.vote_slots(actor(), challenge, list(found.items), shown["now"]),
        states=STATES,
        own={each.id for each in found.items if any(a.person_id == actor().person_id for a in each.authors)},
        voting_here=voting_here,
        budget=voting.budget(actor(), challenge) if voting_here else None,
        view_pass=_view_pass(found.items) if voting_here else None,
        **listed,
        **shown,
    )


def _view_pass(shown: Sequence[Idea]) -> str | None:
    return view_pass(settings().signing_keys, actor().person_id, [idea.public_id for idea in shown])


def _listed(challenge: Challenge, now: datetime) -> dict[str, Any]:
    """One page of ideas in the order asked for. While people vote that is their own order, unless they ask for another."""
    open_vote = challenge.who_decides in BY_VOTES and "vote" in challenge.schedule().phases(now) and not challenge.frozen_at
    state, search, cursor = request.args.get("state", ""), searched(), request.args.get("after")
    orders = (*(OFFERED if open_vote and not state and not search else ()), *ideas.SORTS)
    sort = request.args.get("sort", "")
    sort = sort if sort in orders else orders[0]
    shown = {"state": state, "sort": sort, "search": search, "orders": orders, "judged": True, "offer": None}
    if sort in OFFERED:
        judged = request.args.get("show") == "all" or not queries.may_judge(actor(), challenge, now)
        offer = voting.offer(actor(), challenge, now, judged=judged, cursor=cursor, by_chance=sort == OFFERED[1])
        return shown | {"page": offer.page, "judged": judged, "offer": offer}
    known = state if state in STATES else ""
    return shown | {"page": ideas.page(actor(), challenge, state=known, search=search, sort=sort, cursor=cursor)}
