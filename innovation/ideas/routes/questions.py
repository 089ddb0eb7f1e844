"""Doors of what judges ask the authors of an idea, and what these answer."""

from __future__ import annotations

from flask import abort

from innovation.ideas.forms.questions import QUESTION_MESSAGES, QuestionAnswerForm, QuestionForm
from innovation.ideas.models import Idea
from innovation.ideas.queries import questioning
from innovation.ideas.routes import bp
from innovation.ideas.service import questioning as verbs
from innovation.kernel.web import Answer, actor, gettext, page, respond, see, settings
from innovation.kernel.web.throttle import limiter
from innovation.rules.policy import May


@bp.route("/ideas/<public_id>/questions", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"], exempt_when=lambda: not settings().rate_limits)
@page(May.LOOK, on=questioning.asked_about, once=True)
def questions(idea: Idea) -> Answer:
    """What judges asked: for its authors, the panel and the sponsors alone."""
    form = QuestionForm()
    if form.accepted(lambda: verbs.ask(actor=actor(), idea=idea, text=form.text.data or ""), QUESTION_MESSAGES):
        said = gettext("Asked. Its authors get a mail, and you get one when they answer.")
        return see("ideas.questions", public_id=idea.public_id, message=said)
    return _page(idea, form, None, "", 422 if form.errors else 200)


@bp.post("/ideas/<public_id>/questions/<question>/answer")
@page(May.ANSWER_QUESTION, on=questioning.asked_about, once=True)
def answer_question(idea: Idea, question: str) -> Answer:
    asked = questioning.get(idea, question)
    if asked is None:
        abort(404)
    form = QuestionAnswerForm().beside(question)

    def answer() -> None:
        verbs.answer(actor=actor(), idea=idea, question=asked, text=form.text.data or "")

    if form.accepted(answer, QUESTION_MESSAGES):
        said = gettext("Answered. Whoever asked on this idea gets a mail.")
        return see("ideas.questions", public_id=idea.public_id, message=said)
    return _page(idea, QuestionForm(formdata=None), form, question, 422)


def _page(idea: Idea, form: QuestionForm, wrong: QuestionAnswerForm | None, wrong_at: str, status: int) -> Answer:
    """The questions with a form for each that waits; ``wrong`` is the form of the one that was answered wrongly."""
    asked, open_here = questioning.of_idea(actor(), idea), questioning.open_here(idea)
    waiting = [each.public_id for each in asked if each.answered_at is None and open_here]
    forms = {name: QuestionAnswerForm(formdata=None).beside(name) for name in waiting}
    return respond(
        "ideas/questions.html",
        status=status,
        form=form,
        forms=forms | ({wrong_at: wrong} if wrong is not None else {}),
        wrong=wrong,
        idea=idea,
        challenge=idea.challenge,
        asked=asked,
        open_here=open_here,
        hidden=questioning.names_hidden(idea.challenge),
    )
