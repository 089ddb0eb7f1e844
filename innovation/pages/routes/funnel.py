"""The funnel: what came of it. Every figure opens the list that makes it."""

from __future__ import annotations

from typing import Any

from flask import abort, request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.insight import queries as insight
from innovation.kernel.web import Answer, actor, page, respond
from innovation.pages.routes import bp
from innovation.rules.policy import May

PARTS = ("entered", "inside", "left")


@bp.get("/funnel")
@page(May.SEE_FUNNEL)
def funnel() -> Answer:
    wanted = request.args.get("programme")
    programme = challenges.programme(actor(), wanted) if wanted else None
    if wanted and programme is None:
        abort(404)
    return respond(
        "pages/funnel.html",
        funnel=insight.funnel(actor(), programme=programme),
        programme=programme,
        programmes=challenges.programmes(actor()),
        challenge=None,
    )


@bp.get("/challenges/<public_id>/funnel")
@page(May.SEE_FUNNEL, on=challenges.get)
def challenge_funnel(challenge: Challenge) -> Answer:
    return respond(
        "pages/funnel.html",
        funnel=insight.funnel(actor(), challenge=challenge),
        programme=None,
        programmes=[],
        challenge=challenge,
    )


@bp.get("/funnel/<kind>/<stage>/<part>")
@page(May.SEE_FUNNEL)
def funnel_list(kind: str, stage: str, part: str) -> Answer:
    wanted = request.args.get("programme")
    programme = challenges.programme(actor(), wanted) if wanted else None
    return _list(kind, stage, part, programme, None)


@bp.get("/challenges/<public_id>/funnel/<kind>/<stage>/<part>")
@page(May.SEE_FUNNEL, on=challenges.get)
def challenge_funnel_list(challenge: Challenge, kind: str, stage: str, part: str) -> Answer:
    return _list(kind, stage, part, None, challenge)


def _list(kind: str, stage: str, part: str, programme: Any, challenge: Challenge | None) -> Answer:
    known = {(each_kind, str(each)) for each_kind, each in (*insight.MAIN_STAGES, *insight.SIDE_STAGES)}
    if (kind, stage) not in known or part not in PARTS:
        abort(404)
    found = insight.members(actor(), kind, stage, part, programme, challenge, request.args.get("after"))
    return respond(
        "pages/funnel_list.html",
        page=found,
        kind=kind,
        stage=stage,
        part=part,
        programme=programme,
        challenge=challenge,
        readable=insight.readable(actor(), [row[1].id for row in found.items]) if kind == "idea" else set(),
        shown=insight.shown_projects(actor(), [row[2].id for row in found.items]) if kind != "idea" else set(),
    )
