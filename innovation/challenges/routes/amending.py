"""Doors of what changes after publication: the list for everybody, the acts for sponsors, the answers of authors."""

from __future__ import annotations

from typing import Any

from flask import request

from innovation.challenges import queries
from innovation.challenges.forms import MESSAGES, AnswerDayForm, AudienceForm, PrizeForm, TermsForm, WordsForm
from innovation.challenges.models import Challenge
from innovation.challenges.routes import bp
from innovation.challenges.service import amending, course
from innovation.challenges.service.writing import who_may
from innovation.kernel.forms import Form
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.rules.policy import May


@bp.get("/challenges/<public_id>/changes")
@page(May.LOOK, on=queries.get)
def changes(challenge: Challenge) -> Answer:
    """What changed since publication, and what waits for an author's yes."""
    hidden = queries.withheld(actor(), challenge)
    return respond("challenges/amendments.html", challenge=challenge, changes=queries.changes(actor(), challenge, hidden))


@bp.route("/challenges/<public_id>/changes/<any(prize, terms, audience, answer, words):what>", methods=["GET", "POST"])
@page(May.AMEND_CHALLENGE, on=queries.get)
def amend(challenge: Challenge, what: str) -> Answer:
    form = _form(challenge, what)
    if form.accepted(lambda: _amend(challenge, what, form), MESSAGES):
        said = gettext("Changed. Everybody with a draft or an idea here gets a mail.")
        return see("challenges.changes", public_id=challenge.public_id, message=said)
    return respond("challenges/amend.html", status=422 if form.errors else 200, form=form, challenge=challenge, what=what)


@bp.post("/challenges/<public_id>/changes/<int:number>/answer")
@page(May.ANSWER_AMENDMENT, on=queries.get)
def answer_amendment(challenge: Challenge, number: int) -> Answer:
    accepted = request.form.get("accepted") == "yes"
    amending.answer(actor=actor(), challenge=challenge, number=number, accepted=accepted)
    said = gettext("You accept this change.") if accepted else gettext("You do not accept this change.")
    return see("challenges.changes", public_id=challenge.public_id, message=said)


def _form(challenge: Challenge, what: str) -> Form:
    if what == "prize":
        return PrizeForm().of(challenge.currency)
    if what == "terms":
        return TermsForm(data={"terms": challenge.terms.key if challenge.terms else None})
    if what == "audience":
        return AudienceForm(data={"who_may": who_may(challenge)})
    if what == "answer":
        return AnswerDayForm()
    return WordsForm(data={name: getattr(challenge, name) for name in amending.WORDS})


def _amend(challenge: Challenge, what: str, form: Any) -> None:
    act: dict[str, Any] = {"actor": actor(), "challenge": challenge, "reason": form.reason.data or ""}
    if what == "prize":
        amending.raise_prize(prize_minor=form.prize.minor, **act)
    elif what == "terms":
        amending.change_terms(terms=form.terms.data, **act)
    elif what == "audience":
        amending.change_audience(audience=form.who_may.data, **act)
    elif what == "answer":
        course.promise_later(day=form.day.data, **act)
    else:
        amending.correct(words={name: form[name].data or "" for name in amending.WORDS}, **act)
