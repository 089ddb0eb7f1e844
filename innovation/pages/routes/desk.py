"""The manager's desk: over all programmes, what must be decided, what is late and who must act."""

from __future__ import annotations

from typing import Any

from flask import request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Programme
from innovation.insight import queries as insight
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.web import Answer, actor, page, respond
from innovation.pages.routes import bp
from innovation.pages.routes.work import due_for
from innovation.promotion import queries as promotion
from innovation.rules.desk import COUNTED, Section
from innovation.rules.policy import May
from innovation.rules.sending import SendingState
from innovation.steering.queries import sendings, waiting

IN_LISTS = ("announcements", "approvals", "checks", "gates")
"""What waits for a person and stands in a list of the desk anyway."""


@bp.get("/desk")
@page(May.SEE_DESK)
def desk() -> Answer:
    now = clock.now()
    who = actor()
    programmes = challenges.programmes_managed(who)
    programme = chosen_programme(who)
    leaving = [each for each in sendings.recent(who) if each.state == SendingState.WAITING]
    return respond(
        "pages/desk.html",
        now=now,
        programmes=programmes,
        programme=programme,
        board=waiting.board(who, now, programme),
        counted=COUNTED,
        leaving=leaving,
        things=sendings.counts([each.id for each in leaving]),
        own={kind: [] if kind in IN_LISTS else found for kind, found in due_for(who, now).items()},
        funnel=insight.funnel(who),
        runs=promotion.under_way(who, limit=8),
    )


@bp.get(f"/desk/<any({', '.join(Section)}):section>")
@page(May.SEE_DESK)
def desk_list(section: str) -> Answer:
    """One list of the desk by itself, page by page."""
    now = clock.now()
    who = actor()
    programme = chosen_programme(who)
    return respond(
        "pages/desk_list.html",
        now=now,
        section=Section(section),
        programmes=challenges.programmes_managed(who),
        programme=programme,
        page=waiting.page(who, Section(section), now, programme, request.args.get("after")),
    )


def chosen_programme(who: Actor) -> Programme | None:
    """The programme that the address or the form names, if this person may know it."""
    wanted = request.values.get("programme", "")
    return challenges.programme(who, wanted) if wanted else None


def narrowed(programme: Programme | None) -> dict[str, Any]:
    """What an address of the desk carries so that it stays narrowed down."""
    return {"programme": programme.public_id} if programme else {}
