"""A challenge's own questions beside what its panel judges by: asking, wording, ordering, taking out."""

from __future__ import annotations

from flask import abort, request

from innovation.challenges import queries as challenges
from innovation.challenges.forms.questions import KIND_NAMES, QUESTION_MESSAGES, QuestionForm, question_data
from innovation.challenges.models import Challenge, OwnQuestion
from innovation.challenges.service import questions
from innovation.evaluation import queries as evaluation
from innovation.evaluation.service.criteria import ready_criteria
from innovation.ideas.service import answering
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import Form
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.pages.routes import bp
from innovation.rules.answers import MOST_QUESTIONS
from innovation.rules.challenge import BY_PANEL
from innovation.rules.policy import May

ADDRESS = "/challenges/<public_id>/questions-for-ideas"


@bp.route(ADDRESS, methods=["GET", "POST"])
@page(May.EDIT_CHALLENGE, on=challenges.get, once=True)
def own_questions(challenge: Challenge) -> Answer:
    """All of them, and below them the form that asks one more."""
    form = QuestionForm().of_panel(criteria_of(challenge))
    if form.validate_on_submit():
        try:
            questions.add(actor=actor(), challenge=challenge, wording=form.wording())
            return _back(challenge, gettext("The question is added."))
        except Invalid as error:
            form.refuse(error, QUESTION_MESSAGES)
    asked = challenges.questions(challenge.id)
    return respond(
        "challenges/questions.html",
        status=422 if form.errors else 200,
        challenge=challenge,
        asked=asked,
        fixed=challenges.questions_fixed(challenge),
        full=len(asked) >= MOST_QUESTIONS,
        most=MOST_QUESTIONS,
        form=form,
        act=Form(),
        kinds=KIND_NAMES,
        criteria=criteria_of(challenge),
        one_page=challenges.on_one_page(challenge, asked),
    )


@bp.route(f"{ADDRESS}/<question>", methods=["GET", "POST"])
@page(May.EDIT_CHALLENGE, on=challenges.get)
def own_question(challenge: Challenge, question: str) -> Answer:
    """One of them, to word it differently."""
    found = _found(challenge, question)
    if request.method == "GET" and challenges.questions_fixed(challenge):
        return _back(challenge, gettext("An idea was sent, so the questions stay as they are."), "stop")
    form = QuestionForm(data=question_data(found)).of_panel(criteria_of(challenge))
    if form.validate_on_submit():
        try:
            questions.change(actor=actor(), challenge=challenge, question=found, wording=form.wording())
            return _back(challenge, gettext("The question is changed."))
        except Invalid as error:
            form.refuse(error, QUESTION_MESSAGES)
    status = 422 if form.errors else 200
    return respond("challenges/question.html", status=status, challenge=challenge, question=found, form=form)


@bp.post(f"{ADDRESS}/<question>/place")
@page(May.EDIT_CHALLENGE, on=challenges.get)
def place_question(challenge: Challenge, question: str) -> Answer:
    up = request.form.get("value") == "up"
    questions.move(actor=actor(), challenge=challenge, question=_found(challenge, question), up=up)
    return _back(challenge, gettext("The order is changed."))


@bp.post(f"{ADDRESS}/<question>/removal")
@page(May.EDIT_CHALLENGE, on=challenges.get)
def remove_question(challenge: Challenge, question: str) -> Answer:
    answering.remove_question(actor=actor(), challenge=challenge, question=_found(challenge, question))
    return _back(challenge, gettext("The question is taken out."), "note")


def criteria_of(challenge: Challenge) -> list[str]:
    """What the panel judges by, in its order: its own criteria, or the ready ones where it will have those."""
    present = [each.label for each in evaluation.criteria(challenge.id)]
    ready = ready_criteria(challenge) if challenge.who_decides in BY_PANEL else ()
    return present or [each.label for each in ready]


def _found(challenge: Challenge, public_id: str) -> OwnQuestion:
    found = challenges.question(challenge, public_id)
    if found is None:
        abort(404)
    return found


def _back(challenge: Challenge, said: str, tone: str = "good") -> Answer:
    return see("pages.own_questions", public_id=challenge.public_id, message=said, tone=tone, _anchor="asked")
