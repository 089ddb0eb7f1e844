"""Challenges: the list, one challenge, its ideas, a programme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Programme
from innovation.challenges.queries import inquiries
from innovation.challenges.service import briefs
from innovation.exchange.queries import lists
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.insight.queries.records import sponsors_record
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, page, respond, settings
from innovation.pages import queries
from innovation.pages.routes import bp, saved
from innovation.pages.routes.filing import files_of_challenge
from innovation.projects import queries as projects
from innovation.promotion import queries as promotion
from innovation.rules import promises
from innovation.rules.policy import May
from innovation.voting import queries as voting
from innovation.voting.service.passes import view_pass

ON_THE_BRIEF = 5
"""So many of the sponsor's published answers stand below the brief itself, the latest."""
CLOSING = (7, 14, 30)
"""Within how many days a challenge closes: what the list can be narrowed down to."""


@bp.get("/challenges", endpoint="challenges")
@page(May.LOOK)
def list_challenges() -> Answer:
    return _challenges("pages/challenges.html", None)


@bp.get("/programmes/<public_id>")
@page(May.LOOK, on=challenges.programme)
def programme(programme: Programme) -> Answer:
    return _challenges("pages/programme.html", programme)


def _challenges(template: str, programme: Programme | None) -> Answer:
    """A page of challenges of one kind, narrowed down as the address says."""
    who, now = actor(), clock.now()
    asked = lists.challenges_asked(who, request.args, programme)
    found = challenges.page(who, asked.kind, asked.wanted, now, request.args.get("after"))
    return respond(
        template,
        programme=programme,
        kind=asked.kind,
        wanted=asked.wanted,
        query=asked.query,
        programmes=challenges.programmes(who) if programme is None else [],
        topics=challenges.topics_seen(who),
        closing=CLOSING,
        saved=saved.kept("challenges", asked.query) if programme is None else None,
        page=found,
        sponsors=challenges.sponsor_names((each.id for each in found.items), who),
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
        "promised": challenge.proposed_at + promises.APPROVAL if challenge.proposed_at else None,
        "approvers": challenges.approver_names(challenge.programme_id) if challenge.state == "proposed" else [],
        # Beside the brief, as who asks is; what was held elsewhere was answered there.
        "record": sponsors_record(challenge, now) if tab == "brief" and challenge.source is None else None,
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
@bp.get("/challenges/<public_id>/<slug>")
@page(May.LOOK, on=challenges.get)
def challenge(challenge: Challenge) -> Answer:
    """What is asked, what do I get, how long, what happens then."""
    return respond(
        "pages/challenge.html",
        sponsors=challenges.sponsors_shown(actor(), challenge),
        projects=projects.of_challenge(actor(), challenge) if challenge.decided_at else [],
        files=files_of_challenge(challenge),
        full_part=challenges.full_stand(actor(), challenge),
        asked=challenges.questions(challenge.id),
        answered=inquiries.published(challenge, size=ON_THE_BRIEF) if challenge.published_at else None,
        changes=challenges.changes(actor(), challenge, challenges.withheld(actor(), challenge))
        if challenge.published_at
        else [],
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
        states=voting.STATES,
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
    """One page of ideas in the order asked for, and what it was asked by."""
    found = voting.shown(actor(), challenge, request.args, now, request.args.get("after"))
    show = request.args.get("show") == "all"
    said = {"state": found.state, "sort": request.args.get("sort") and found.sort, "q": found.search, "show": show and "all"}
    query = {name: value for name, value in said.items() if value}
    return {
        "page": found.page,
        "state": found.state,
        "sort": found.sort,
        "search": found.search,
        "orders": found.orders,
        "judged": found.judged,
        "offer": found.offer,
        "query": query,
        "saved": saved.kept("ideas", query, challenge),
        "may_have_file": lists.may_export(actor(), "ideas", challenge),
    }
