"""Doors of sending an idea: the last look, the receipt, taking it back."""

from __future__ import annotations

from flask import request

from innovation.attachments import queries as attachments
from innovation.challenges import queries as challenges
from innovation.ideas import queries
from innovation.ideas.forms import MESSAGES, SubmitForm
from innovation.ideas.models import Idea
from innovation.ideas.routes import bp
from innovation.ideas.routes.shared import as_it_stands, door
from innovation.ideas.service import writing
from innovation.ideas.service.answering import FIELD
from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import Form
from innovation.kernel.web import Answer, actor, gettext, page, respond, see, settings
from innovation.rules.idea import IDEA, UNSENT
from innovation.rules.policy import May


@bp.route("/ideas/<public_id>/check", methods=["GET", "POST"])
@page(May.SUBMIT_IDEA, on=queries.get)
def check(idea: Idea) -> Answer:
    """The last look before sending: the text as readers will see it, who reads it, and the terms in full."""
    if idea.state not in UNSENT:
        return see("ideas.receipt", public_id=idea.public_id) if idea.submitted_at else as_it_stands(idea, "thrown_away")
    form = SubmitForm()
    if form.validate_on_submit():
        try:
            accepted, checked = bool(form.accept_terms.data), form.checked.data or None
            writing.submit(actor=actor(), idea=idea, accept_terms=accepted, checked=checked)
            return see("ideas.receipt", public_id=idea.public_id)
        except Invalid as error:
            if error.field not in form:  # the check page does not stand for what is missing or wrong; the editor does
                return see("ideas.edit", public_id=idea.public_id, message=_lacking(idea, error), tone="stop")
            form.refuse(error, MESSAGES)
    form.checked.data = writing.digest(idea)
    return respond(
        "ideas/check.html",
        status=422 if form.errors else 200,
        form=form,
        idea=idea,
        challenge=idea.challenge,
        answers=queries.answers(idea),
        files=attachments.files(actor(), idea.file_set_id, None, settings().file_megabytes),
        door=door(idea.challenge, idea),
        text_fixed=writing.text_is_fixed(idea.challenge, clock.now()),
        readers=challenges.readers_of_sealed(idea.challenge_id, actor()),
        checkers=challenges.checker_names(idea.challenge, actor()),
    )


def _lacking(idea: Idea, error: Invalid) -> str:
    """What is missing or wrong, in words; of an answer, which question it is about."""
    said = str(MESSAGES[error.code]) % error.params if error.params else str(MESSAGES[error.code])
    name = (error.field or "").removeprefix(FIELD)
    label = next((each.label for each in challenges.questions(idea.challenge_id) if each.public_id == name), "")
    return f"{label}: {said}" if label else said


@bp.route("/ideas/<public_id>/withdrawal", methods=["GET", "POST"])
@page(May.WITHDRAW_IDEA, on=queries.get)
def withdraw(idea: Idea) -> Answer:
    if request.method == "GET" and not IDEA.can(idea.state, "withdraw"):
        return as_it_stands(idea, "cannot_withdraw")
    form = Form()
    if form.validate_on_submit():
        said = gettext("The idea is withdrawn.") if idea.submitted_at else gettext("The draft is thrown away.")
        writing.withdraw(actor=actor(), idea=idea)
        back = ("pages.restore_idea", {"public_id": idea.public_id})
        return see("pages.my_ideas", message=said, tone="note", undo=back)
    return respond("ideas/withdraw.html", idea=idea, form=form)
