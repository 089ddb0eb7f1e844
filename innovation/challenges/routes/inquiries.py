"""Doors of questions to a sponsor: asking one, one by itself, and for those who answer the list and the answer."""

from __future__ import annotations

from flask import request

from innovation.challenges import queries as challenges
from innovation.challenges.forms.inquiries import ALL, ASKER, INQUIRY_MESSAGES, PRIVATE, InquiryAnswerForm, InquiryForm
from innovation.challenges.models import Challenge, Inquiry
from innovation.challenges.queries import inquiries as queries
from innovation.challenges.routes import bp
from innovation.challenges.service import inquiries as verbs
from innovation.kernel.web import Answer, actor, gettext, page, refusal, respond, see, settings
from innovation.kernel.web.throttle import limiter
from innovation.rules.policy import May


@bp.route("/challenges/<public_id>/inquiries/new", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"], exempt_when=lambda: not settings().rate_limits)
@page(May.ASK_SPONSOR, on=challenges.get, once=True)
def ask_sponsor(challenge: Challenge) -> Answer:
    if request.method == "GET" and not queries.can_be_asked(challenge):
        said = refusal("no_questions_now")
        return see("pages.questions", public_id=challenge.public_id, message=said, tone="stop")
    form = InquiryForm()

    def ask() -> None:
        private = form.privacy.data == PRIVATE
        verbs.ask(actor=actor(), challenge=challenge, text=form.text.data or "", private=private)

    if form.accepted(ask, INQUIRY_MESSAGES):
        said = gettext("Asked. You get a mail as soon as there is an answer.")
        return see("pages.questions", public_id=challenge.public_id, message=said)
    return respond("challenges/ask_sponsor.html", status=422 if form.errors else 200, form=form, challenge=challenge)


@bp.get("/inquiries/<public_id>")
@page(May.LOOK, on=queries.get)
def inquiry(inquiry: Inquiry) -> Answer:
    """One question by itself: in the asker's own words to him and to those who answer, else as it was published."""
    who = actor()
    response = respond(
        "challenges/inquiry.html",
        inquiry=inquiry,
        challenge=inquiry.challenge,
        own=who.person_id is not None and inquiry.asked_by == who.person_id,
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/challenges/<public_id>/inquiries")
@page(May.ANSWER_INQUIRY, on=challenges.get)
def inquiries(challenge: Challenge) -> Answer:
    """For those who answer: what waits, the oldest first, and what was answered."""
    waiting = queries.of_challenge(challenge, answered=False, cursor=request.args.get("waiting"))
    answered = queries.of_challenge(challenge, answered=True, cursor=request.args.get("after"))
    return respond(
        "challenges/inquiries.html",
        challenge=challenge,
        waiting=waiting,
        answered=answered,
        names=queries.names_of(challenge, [*waiting.items, *answered.items]),
    )


@bp.route("/inquiries/<public_id>/answer", methods=["GET", "POST"])
@page(May.ANSWER_INQUIRY, on=queries.to_answer)
def answer_inquiry(inquiry: Inquiry) -> Answer:
    form = InquiryAnswerForm(data={"shown_text": inquiry.text, "readers": ASKER})

    def answer() -> None:
        text, shown, publish = form.text.data or "", form.shown_text.data or "", form.readers.data == ALL
        verbs.answer(actor=actor(), inquiry=inquiry, text=text, shown_text=shown, publish=publish)

    if form.accepted(answer, INQUIRY_MESSAGES):
        published = gettext("Published. Who asked and everybody with an idea or a draft here is told.")
        said = published if inquiry.published_at else gettext("Answered. Who asked gets a mail.")
        return see("challenges.inquiries", public_id=inquiry.challenge.public_id, message=said)
    return respond(
        "challenges/answer_inquiry.html",
        status=422 if form.errors else 200,
        form=form,
        inquiry=inquiry,
        challenge=inquiry.challenge,
        names=queries.names_of(inquiry.challenge, [inquiry]),
    )
