"""Doors of ideas on offer: an author's consent, what a later challenge finds and asks for, and what authors answer it."""

from __future__ import annotations

from flask import abort

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.forms.offers import OFFER_MESSAGES, AskForm, ConsentForm
from innovation.ideas.models import Idea, Offer
from innovation.ideas.queries import offers as queries
from innovation.ideas.routes import bp
from innovation.ideas.service import offers as verbs
from innovation.ideas.service.openings import note_offered
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, gettext, page, respond, see, settings
from innovation.kernel.web.throttle import limiter
from innovation.rules.policy import May


@bp.route("/ideas/<public_id>/offer", methods=["GET", "POST"])
@page(May.OFFER_IDEA, on=ideas.get)
def offer_idea(idea: Idea) -> Answer:
    """What becomes of the rights of an idea that was not chosen, and the consent that it be offered."""
    if not queries.can_be_offered(idea):
        abort(404)
    form = ConsentForm()
    if form.accepted(lambda: verbs.agree(actor=actor(), idea=idea, readable=bool(form.readable.data)), OFFER_MESSAGES):
        said = gettext("Agreed. You can take it back at any time.")
        return see("ideas.offer_idea", public_id=idea.public_id, message=said)
    given = queries.consents(idea)
    return respond(
        "ideas/offer.html",
        status=422 if form.errors else 200,
        form=form,
        idea=idea,
        challenge=idea.challenge,
        consents=given,
        mine=next((each for each in given if each.person_id == actor().person_id), None),
        sealed="sealed" in {idea.visibility, idea.challenge.visibility},
        asked=queries.of_idea(idea),
    )


@bp.post("/ideas/<public_id>/offer/removal")
@page(May.OFFER_IDEA, on=ideas.get)
def offer_no_more(idea: Idea) -> Answer:
    verbs.take_back(actor=actor(), idea=idea)
    said = gettext("Taken back. No later challenge reads or asks for it any more.")
    return see("ideas.offer_idea", public_id=idea.public_id, message=said, tone="note")


@bp.get("/challenges/<public_id>/earlier-ideas")
@page(May.ASK_FOR_IDEA, on=challenges.get)
def earlier_ideas(challenge: Challenge) -> Answer:
    """Ideas of earlier challenges that fit this one and whose authors let them be offered."""
    return _earlier(challenge, None, "", 200)


@bp.post("/challenges/<public_id>/earlier-ideas/<idea>")
@limiter.limit("60 per hour", exempt_when=lambda: not settings().rate_limits)
@page(May.ASK_FOR_IDEA, on=challenges.get, once=True)
def ask_for_idea(challenge: Challenge, idea: str) -> Answer:
    wanted = queries.one_on_offer(actor(), challenge, idea)
    if wanted is None:
        abort(404)
    form = AskForm().beside(idea)

    def ask() -> None:
        verbs.ask(actor=actor(), challenge=challenge, idea=wanted, message=form.message.data or "")

    if form.accepted(ask, OFFER_MESSAGES):
        said = gettext("Asked. Its authors get a mail, and you get one when they answer.")
        return see("ideas.earlier_ideas", public_id=challenge.public_id, message=said)
    return _earlier(challenge, form, idea, 422)


def _earlier(challenge: Challenge, wrong: AskForm | None, wrong_at: str, status: int) -> Answer:
    """The list with a form for each idea; showing a sealed one is noted for its authors after the page is made."""
    now = clock.now()
    found = queries.fitting(actor(), challenge, now)
    forms = {each.idea.public_id: AskForm(formdata=None).beside(each.idea.public_id) for each in found if not each.offer}
    sealed = [each.idea.id for each in found if each.idea.visibility == "sealed"]
    response = respond(
        "ideas/earlier_ideas.html",
        status=status,
        challenge=challenge,
        found=found,
        forms=forms | ({wrong_at: wrong} if wrong is not None else {}),
        wrong=wrong,
        looks=queries.takes_earlier(challenge, now),
        asks=verbs.takes_ideas(challenge, now),
    )
    response.headers["X-Robots-Tag"] = "noindex"
    if sealed:
        note_offered(actor=actor(), idea_ids=sealed)
    return response


@bp.get("/offers/<public_id>")
@page(May.OFFER_IDEA, on=queries.get)
def offer(offer: Offer) -> Answer:
    """What a later challenge asks: its message, its brief and its terms, and the two answers."""
    return respond(
        "ideas/asked_for.html",
        offer=offer,
        idea=offer.idea,
        challenge=offer.challenge,
        brought=queries.brought_by(offer),
        open_now=verbs.takes_ideas(offer.challenge, clock.now()),
        questions=challenges.questions(offer.challenge_id),
    )


@bp.post("/offers/<public_id>/draft")
@page(May.OFFER_IDEA, on=queries.get)
def bring_idea(offer: Offer) -> Answer:
    made = verbs.bring(actor=actor(), offer=offer)
    said = gettext("This is a draft for the new challenge. Make it fit, then send it under its terms.")
    return see("ideas.edit", public_id=made.public_id, message=said)


@bp.post("/offers/<public_id>/refusal")
@page(May.OFFER_IDEA, on=queries.get)
def refuse_offer(offer: Offer) -> Answer:
    verbs.refuse(actor=actor(), offer=offer)
    return see("ideas.offer", public_id=offer.public_id, message=gettext("Said no. Who asked is told."), tone="note")
