"""Doors of panels: the criteria, one review, the panel's list, the early end of scoring."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal
from flask import abort, request

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.evaluation import queries
from innovation.evaluation.forms import MESSAGES, criteria_form, review_form
from innovation.evaluation.models import Criterion
from innovation.evaluation.service.criteria import Asked, ready_criteria, set_criteria
from innovation.evaluation.service.reviewing import review as write_review
from innovation.evaluation.service.scoring import finish_scoring
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.ideas.queries import questioning
from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.i18n import language
from innovation.kernel.usecase import may
from innovation.kernel.web import Answer, actor, blueprint, gettext, page, respond, see
from innovation.rules.challenge import BY_PANEL, ChallengeState
from innovation.rules.policy import May

bp = blueprint("evaluation", __name__)


def _asked(challenge: Challenge) -> list[Criterion | Asked]:
    """What a panel is asked: the challenge's criteria, or the ready ones that the first review will write."""
    return list(queries.criteria(challenge.id) or ready_criteria(challenge))


@bp.route("/challenges/<public_id>/criteria", methods=["GET", "POST"])
@page(May.EDIT_CHALLENGE, on=challenges.get)
def criteria(challenge: Challenge) -> Answer:
    present = _asked(challenge)
    form = criteria_form(present)
    if form.validate_on_submit():
        try:
            set_criteria(actor=actor(), challenge=challenge, asked=form.asked())
            return see("evaluation.criteria", public_id=challenge.public_id, message=gettext("The criteria are kept."))
        except Invalid as error:
            error.field = form.row_of(error.field or "label_1")
            form.refuse(error, MESSAGES)
    return respond(
        "evaluation/criteria.html",
        status=422 if form.errors else 200,
        form=form,
        challenge=challenge,
        present=present,
        fixed=queries.criteria_fixed(challenge, clock.now()),
        by_panel=challenge.who_decides in BY_PANEL,
    )


@bp.route("/ideas/<public_id>/review", methods=["GET", "POST"])
@page(May.REVIEW, on=ideas.get)
def review(idea: Idea) -> Answer:
    earlier = queries.my_review(actor(), idea.id)
    if request.method == "GET" and not queries.is_scored(idea) and earlier is None:
        abort(404)  # there is no such page; a form sent anyway is refused by the verb, which says why
    challenge = idea.challenge
    present = _asked(challenge)
    form = review_form(
        present, _by_position(present, earlier.scores if earlier else {}), earlier.sentence if earlier else ""
    )
    if form.validate_on_submit():
        complete = request.form.get("then") != "draft"
        try:
            write_review(
                actor=actor(), idea=idea, scores=form.scores(), sentence=form.sentence.data or "", complete=complete
            )
            return _onwards(idea) if complete else _back(challenge, gettext("Kept as a draft. It does not count yet."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return respond(
        "evaluation/review.html",
        status=422 if form.errors else 200,
        form=form,
        idea=idea,
        challenge=challenge,
        answers=[each for each in ideas.answers(idea) if each.value],
        questions=questioning.of_idea(actor(), idea),
        questions_open=questioning.open_here(idea),
        asked_for=len(present),
        earlier=earlier,
        stage=queries.stage(challenge, clock.now()) if queries.is_scored(idea) else "over",
        names_shown=not challenge.names_hidden or challenge.state == ChallengeState.DECIDED,
        progress=queries.my_progress(actor(), challenge),
    )


def _by_position(present: list[Criterion | Asked], scores: dict[str, int]) -> dict[int, int]:
    """A review's scores by the position of their criterion."""
    keys = {str(each.id): each.position for each in present if isinstance(each, Criterion)}
    return {keys[key]: score for key, score in scores.items() if key in keys}


def _onwards(idea: Idea) -> Answer:
    """To the next idea this member has not scored, or back to the list when that was the last."""
    following = queries.next_to_score(actor(), idea.challenge, after=idea)
    if following is None:
        return _back(idea.challenge, gettext("Your assessment counts. That was the last one: thank you."))
    said = gettext("Your assessment counts. Here is the next idea.")
    return see("evaluation.review", public_id=following, message=said)


def _back(challenge: Challenge, said: str, tone: str = "good") -> Answer:
    return see("evaluation.reviews", public_id=challenge.public_id, message=said, tone=tone)


@bp.get("/challenges/<public_id>/reviews")
@page(May.SEE_REVIEWS, on=challenges.get)
def reviews(challenge: Challenge) -> Answer:
    """A member's ideas to score; for sponsor and manager the panel's progress; and once it is over, what came of it."""
    stage = queries.stage(challenge, clock.now())
    return _results(challenge) if stage == "over" else _scoring(challenge, stage)


def _scoring(challenge: Challenge, stage: str) -> Answer:
    who, left, cursor = actor(), request.args.get("show") == "left", request.args.get("after")
    member = may(who, May.REVIEW, challenge)
    shown = member and stage == "open"
    return respond(
        "evaluation/reviews.html",
        challenge=challenge,
        stage=stage,
        left=left,
        criteria=_asked(challenge),
        page=queries.member_page(who, challenge, left=left, cursor=cursor) if shown else None,
        mine=queries.my_progress(who, challenge) if shown else None,
        following=queries.next_to_score(who, challenge) if shown else None,
        progress=queries.progress(challenge) if may(who, May.FINISH_SCORING, challenge) else None,
    )


def _results(challenge: Challenge) -> Answer:
    found = queries.result_page(actor(), challenge, request.args.get("after"))
    return respond(
        "evaluation/results.html",
        challenge=challenge,
        page=found,
        said=queries.said([row.idea.id for row in found.items if row.readable]),
        criteria={str(each.id): each.label for each in queries.criteria(challenge.id)},
        points=_points,
        weighted=len({each.weight for each in queries.criteria(challenge.id)}) > 1,
    )


def _points(micro: int) -> str:
    """A mean as a reader writes it, always with two decimals, so that figures stand below each other."""
    return format_decimal(Decimal(micro).scaleb(-6), format="0.00", locale=language())


@bp.post("/challenges/<public_id>/reviews/completion")
@page(May.FINISH_SCORING, on=challenges.get)
def finish(challenge: Challenge) -> Answer:
    try:
        finish_scoring(actor=actor(), challenge=challenge)
    except Invalid as error:
        missing = gettext("%(n)s ideas have no assessment yet.", n=error.params.get("missing"))
        return _back(challenge, missing, "stop")
    return _back(challenge, gettext("Scoring has ended. The result is being prepared."))
