"""The funnel: what came of it. Every figure opens the list that makes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import abort, request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.insight import queries as insight
from innovation.insight.forms import UnknownFilter, ViewForm, compared, read_filters
from innovation.insight.queries import Filters
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, page, respond
from innovation.pages.routes import bp
from innovation.projects import queries as projects
from innovation.rules.charts import lines, sankey
from innovation.rules.figures import FEW
from innovation.rules.policy import May

SAMPLES = (1, 7, 14, 30, 60, 90)
"""After how many days the table beside the curves says what is still there."""
CURVES = 4
HOURS = 24


@bp.get("/funnel")
@page(May.SEE_FUNNEL)
def funnel() -> Answer:
    return _funnel(None)


@bp.get("/challenges/<public_id>/funnel")
@page(May.SEE_FUNNEL, on=challenges.get)
def challenge_funnel(challenge: Challenge) -> Answer:
    return _funnel(challenge)


@bp.get("/funnel/<kind>/<stage>/<part>")
@page(May.SEE_FUNNEL)
def funnel_list(kind: str, stage: str, part: str) -> Answer:
    return _list(kind, stage, part, None)


@bp.get("/challenges/<public_id>/funnel/<kind>/<stage>/<part>")
@page(May.SEE_FUNNEL, on=challenges.get)
def challenge_funnel_list(challenge: Challenge, kind: str, stage: str, part: str) -> Answer:
    return _list(kind, stage, part, challenge)


def _asked(challenge: Challenge | None) -> tuple[Filters, Filters | None]:
    """The filters of the address, and what they are set beside; 404 for names that lead nowhere."""
    try:
        filters = read_filters(actor(), request.args, challenge)
        return filters, compared(actor(), request.args, filters)
    except UnknownFilter:
        abort(404)


def _funnel(challenge: Challenge | None) -> Answer:
    filters, other = _asked(challenge)
    who, now = actor(), clock.now()
    found = insight.funnel(who, filters)
    late = insight.late(who, filters, now)
    in_time, too_late = found.stage("answered_in_time").entered, found.stage("answered_late").entered
    details = "details" in request.args or other is not None
    return respond(
        "pages/funnel.html",
        funnel=found,
        filters=filters,
        query=_query(filters, challenge),
        here=challenge,
        late=late,
        sponsors=challenges.sponsor_names({each.challenge.id for each in late}, who),
        in_time=insight.answered_in_time(in_time, too_late, late),
        programmes=challenges.programmes(who) if challenge is None else [],
        details=details,
        few=FEW,
        **(_details(filters, other, now) if details else {}),
    )


def _query(filters: Filters, challenge: Challenge | None) -> dict[str, str]:
    """What the addresses behind the figures carry; a challenge's own page says the challenge in its path."""
    return filters.query(challenge=None) if challenge else filters.query()


def _details(filters: Filters, other: Filters | None, now: datetime) -> dict[str, Any]:
    who, beside = actor(), request.args.get("compare", "")
    flows, timed = insight.flows(who, filters), insight.in_stages(who, filters, now)
    kept = urlencode(filters.query(compare=beside, details=1))
    return {
        "choices": insight.choices(who),
        "views": insight.views(who, "funnel"),
        "viewer": who.person_id,
        "view_form": ViewForm(formdata=None, data={"query": kept}),
        "compare": beside,
        "other": insight.funnel(who, other) if other else None,
        "other_filters": other,
        "flows": flows,
        "picture": sankey.layout(insight.COLUMNS, flows.inside),
        "timed": timed,
        "curves": _curves(timed),
        "samples": SAMPLES,
        "first_response": insight.first_response(who, filters, now),
        "conversion": insight.conversion(who, filters),
        "authors": insight.authors_answered(who, filters),
        "spent": insight.per_proof(who, filters),
        "asked": insight.asked(who, filters),
        "cohorts": insight.cohorts(who, filters),
        "promises": insight.promises(who, filters, now),
        "burn_up": _burn_up(insight.growth(who, filters)),
    }


def _curves(timed: Sequence[insight.Timed]) -> dict[str, Any] | None:
    """The curves of the stages that most went through, none of few, as one chart in days and percent."""
    enough = [each for each in timed if each.curve.left + each.curve.open >= FEW]
    most = sorted(enough, key=lambda each: -(each.curve.left + each.curve.open))[:CURVES]
    shown = [each for each in timed if each in most]
    if not shown:
        return None
    series = [[(hours, micro // 10_000) for hours, micro in each.curve.steps] for each in shown]
    days = max(-(-max(points[-1][0] for points in series) // HOURS), 1)
    chart = lines.steps(series, most_x=days * HOURS, most_y=100)
    across = [lines.Tick(chart.left + (chart.right - chart.left) * day // days, day) for day in lines.ticks(days)]
    return {"chart": chart, "stages": [each.key for each in shown], "days": across}


def _burn_up(growth: insight.Growth) -> dict[str, Any] | None:
    """Ideas and proofs over time, each against its own axis: a hundred ideas make a few proofs."""
    if not growth.ideas:
        return None
    every = sorted({on for on, _sum in (*growth.ideas, *growth.proofs)})
    first, last = every[0], every[-1]
    drawn = [[((on - first).days, total) for on, total in rows] for rows in (growth.ideas, growth.proofs) if rows]
    charts = [lines.steps([points], most_x=max((last - first).days, 1)) for points in drawn]
    months = sorted({on.replace(day=1) for on in every})[-24:]
    return {"charts": charts, "first": first, "last": last, "months": [_by(month, growth) for month in months]}


def _by(month: date, growth: insight.Growth) -> tuple[date, int, int]:
    """How many ideas and proofs there were by the end of a month."""
    ideas, proofs = (
        max((total for on, total in rows if (on.year, on.month) <= (month.year, month.month)), default=0)
        for rows in (growth.ideas, growth.proofs)
    )
    return month, ideas, proofs


def _list(kind: str, stage: str, part: str, challenge: Challenge | None) -> Answer:
    if not insight.is_stage(kind, stage) or part not in insight.PARTS or (kind == "person" and part == "left"):
        abort(404)
    filters, _other = _asked(challenge)
    who, cursor = actor(), request.args.get("after")
    values: dict[str, Any] = {
        "kind": kind,
        "stage": stage,
        "title": insight.gate_title(stage) if kind == "gate" else "",
        "part": part,
        "filters": filters,
        "query": _query(filters, challenge),
        "here": challenge,
    }
    if kind == "person":
        people = insight.people(who, filters, stage, cursor)
        return respond("pages/funnel_people.html", page=people, named=insight.named(who, people.items), **values)
    found = insight.members(who, filters, kind, stage, part, cursor)
    readable = insight.readable(who, [idea.id for _passage, idea, _project in found.items])
    shown = projects.seen(who, [project.id for _passage, _idea, project in found.items if project])
    return respond("pages/funnel_list.html", page=found, readable=readable, shown=shown, **values)
