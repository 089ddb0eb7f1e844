"""What came of it, and what that says of rules and of reviewers."""

from __future__ import annotations

from typing import Any

from flask import abort, request

from innovation.challenges.forms.words import READY
from innovation.challenges.models import Challenge
from innovation.challenges.service import fitting
from innovation.kernel.web import Answer, actor, page, respond
from innovation.pages.routes import bp
from innovation.projects import queries as projects
from innovation.projects.queries import calibration, forecasts
from innovation.promotion.queries import tried
from innovation.promotion.service import backtesting
from innovation.rules.policy import May
from innovation.rules.promotion import Clause, explain, ready_rule

FIRST = "support_top"
LAST_RUN = 2**31 - 1


@bp.get("/rules/back-test")
@page(May.TEST_RULES)
def back_test() -> Answer:
    """What would this rule have picked, and what of that worked? Nothing is kept."""
    name = request.args.get("rule") or FIRST
    rule, clauses, challenge = _asked(name)
    before = request.args.get("before", type=int)
    if before is not None and not 0 < before <= LAST_RUN:
        abort(404)
    ready = name in READY
    return respond(
        "pages/back_test.html",
        name=name,
        ready=READY,
        own=list(dict.fromkeys([*([challenge] if challenge else []), *tried.with_rules(actor())])),
        clauses=clauses,
        currency=challenge.currency if challenge else "EUR",
        found=backtesting.on_earlier_results(actor(), rule, as_many=ready, before=before),
        as_many=rule["capacity"].get("k") if ready else None,
        before=before,
    )


def _asked(name: str) -> tuple[dict[str, Any], list[Clause], Challenge | None]:
    """The rule of that name: a ready-made one, or a challenge's by its public id, and that challenge."""
    if name in READY:
        return ready_rule(name), explain(ready_rule(name)), None
    challenge = tried.with_rule(actor(), name)
    if challenge is None:
        abort(404)
    return dict(challenge.rule), fitting.explained(challenge.rule, challenge.who_decides, challenge.ballot), challenge


@bp.get("/my-work/calibration", endpoint="calibration")
@page(May.USE_ACCOUNT)
def my_calibration() -> Answer:
    """How well did my scores foretell what worked? For oneself; for managers everybody together."""
    together = calibration.together(actor())
    return respond(
        "pages/calibration.html",
        own=calibration.own(actor()),
        together=together,
        fewest=calibration.FEWEST_REVIEWERS,
        scores=forecasts.scores() if together is not None else None,
        projects=projects.page(actor(), projects.Wanted(mine=True)).items[:3],
    )
