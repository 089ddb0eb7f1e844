"""Doors of awards: the list, one award, and what its winners and those who offer it do with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, request

from innovation.awards import queries
from innovation.awards.forms import (
    AWARD_MESSAGES,
    AnswerForm,
    OfferForm,
    PaperForm,
    PaymentForm,
    ReasonForm,
    RemarkForm,
    division_form,
)
from innovation.awards.models import Award
from innovation.awards.service import offering, settling, sharing, talking
from innovation.awards.service.offering import Offer
from innovation.challenges import queries as challenges
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import clock, i18n
from innovation.kernel.errors import DomainError, Invalid
from innovation.kernel.forms import OnceForm
from innovation.kernel.web import Answer, actor, blueprint, gettext, page, refusal, respond, see
from innovation.rules.award import AwardState
from innovation.rules.policy import May

bp = blueprint("awards", __name__)


@bp.get("/awards")
@page(May.USE_ACCOUNT)
def index() -> Answer:
    show, state = request.args.get("show", ""), request.args.get("state", "")
    show, state = show if show in queries.SHOWS else "all", state if state in set(AwardState) else ""
    found = queries.page(actor(), show=show, state=state, cursor=request.args.get("after"))
    return respond(
        "awards/index.html",
        page=found,
        readable=queries.readable(actor(), found.items),
        days={award.id: queries.today(award, clock.now()) for award in found.items},
        show=show,
        state=state,
        states=list(AwardState),
    )


@bp.get("/awards/<public_id>")
@page(May.LOOK, on=queries.get)
def show(award: Award) -> Answer:
    return _show(award, RemarkForm())


@bp.route("/ideas/<public_id>/awards/new", methods=["GET", "POST"])
@page(May.OFFER_AWARD, on=ideas.get, once=True)
def offer(idea: Idea) -> Answer:
    try:
        offering.require_awardable(idea)
    except DomainError as error:
        said = refusal(error.code, **error.params)
        return see("pages.idea", public_id=idea.public_id, message=said, tone="stop")
    challenge = idea.challenge
    today = clock.to_wall(clock.now(), challenge.zone).date()
    form = OfferForm(
        accept_by=today + timedelta(days=14), papers_by=today + timedelta(days=28), pay_by=today + timedelta(days=60)
    )
    form.amount.currency = challenge.currency
    if form.validate_on_submit():
        assert form.amount.minor is not None
        assert form.accept_by.data is not None
        terms = Offer(
            title=form.title.data or "",
            amount_minor=form.amount.minor,
            papers=form.named_papers(),
            accept_by=form.accept_by.data,
            papers_by=form.papers_by.data,
            pay_by=form.pay_by.data,
        )
        try:
            made = offering.offer(actor=actor(), idea=idea, terms=terms)
            return _offered(made)
        except Invalid as error:
            form.refuse(error, AWARD_MESSAGES)
    return respond(
        "awards/new.html",
        status=422 if form.errors else 200,
        form=form,
        idea=idea,
        challenge=challenge,
        winners=[each for each in idea.authors if each.accepted_at],
        promised=queries.promised_in(challenge),
    )


@bp.post("/awards/<public_id>/agreement")
@page(May.TAKE_AWARD, on=queries.get, once=True)
def agree(award: Award) -> Answer:
    sharing.agree(actor=actor(), award=award, seen=request.form.get("seen", ""))
    if award.state == AwardState.OFFERED:
        return _back(award, gettext("You agree. The award is accepted once the others do too."))
    return _back(award, gettext("The award is accepted."))


@bp.route("/awards/<public_id>/division", methods=["GET", "POST"])
@page(May.TAKE_AWARD, on=queries.get, once=True)
def divide(award: Award) -> Answer:
    if award.state != AwardState.OFFERED:
        abort(404)
    names = [share.person.name if not share.person.erased_at else gettext("former participant") for share in award.shares]
    form = division_form(award, names)
    if form.validate_on_submit():
        try:
            sharing.propose(actor=actor(), award=award, seen=form.seen.data or "", amounts=form.amounts())
            return _back(award, gettext("Your division stands. The others are asked to agree to it."))
        except Invalid as error:
            form.refuse(error, {error.code: _does_not_add_up(award, error)})
    return _form("awards/division.html", award, form)


@bp.route("/awards/<public_id>/refusal", methods=["GET", "POST"])
@page(May.TAKE_AWARD, on=queries.get, once=True)
def decline(award: Award) -> Answer:
    if request.method == "GET" and award.state != AwardState.OFFERED:
        abort(404)
    form = AnswerForm(seen=sharing.division(award))
    if form.validate_on_submit():
        sharing.decline(actor=actor(), award=award, seen=form.seen.data or "")
        return see("awards.index", message=gettext("You declined. Thank you for saying so."))
    return _form("awards/refusal.html", award, form)


@bp.route("/awards/<public_id>/papers/<int:position>", methods=["GET", "POST"])
@page(May.TAKE_AWARD, on=queries.get, once=True)
def hand_in(award: Award, position: int) -> Answer:
    paper = next((each for each in award.papers if each.position == position), None)
    if paper is None:
        abort(404)
    form = PaperForm(url=paper.url)
    if form.validate_on_submit():
        url, note = form.url.data or "", form.note.data or ""
        try:
            settling.hand_in(actor=actor(), award=award, position=position, url=url, note=note)
            return _back(award, gettext("Handed in. It is looked at before it counts."))
        except Invalid as error:
            form.refuse(error, AWARD_MESSAGES)
    return _form("awards/paper.html", award, form, paper=paper)


@bp.post("/awards/<public_id>/papers/<int:position>/check")
@page(May.OFFER_AWARD, on=queries.get)
def check(award: Award, position: int) -> Answer:
    if request.form.get("value") == "open":
        settling.uncheck(actor=actor(), award=award, position=position)
        return _back(award, gettext("The check is taken back. The winners can hand the paper in anew."))
    settling.check(actor=actor(), award=award, position=position, seen=request.form.get("seen", ""))
    if award.state == AwardState.COMPLETE:
        return _back(award, gettext("All papers are in order. The award can be paid."))
    return _back(award, gettext("The paper is in order."))


@bp.route("/awards/<public_id>/payment", methods=["GET", "POST"])
@page(May.OFFER_AWARD, on=queries.get, once=True)
def pay(award: Award) -> Answer:
    form = PaymentForm(paid_on=queries.today(award, clock.now()))
    if form.validate_on_submit():
        assert form.paid_on.data is not None
        try:
            settling.pay(actor=actor(), award=award, paid_on=form.paid_on.data, reference=form.reference.data or "")
            return _back(award, gettext("Entered as paid."))
        except Invalid as error:
            form.refuse(error, AWARD_MESSAGES)
    return _form("awards/payment.html", award, form)


@bp.route("/awards/<public_id>/withdrawal", methods=["GET", "POST"])
@page(May.OFFER_AWARD, on=queries.get, once=True)
def take_back(award: Award) -> Answer:
    form = ReasonForm()
    if form.accepted(lambda: offering.take_back(actor=actor(), award=award, reason=form.reason.data or ""), AWARD_MESSAGES):
        return _back(award, gettext("The award is taken back, and its winners are told why."))
    return _form("awards/withdrawal.html", award, form)


@bp.post("/awards/<public_id>/remarks")
@page(May.TALK_OF_AWARD, on=queries.get, once=True)
def remark(award: Award) -> Answer:
    form = RemarkForm()
    if form.validate_on_submit():
        talking.remark(actor=actor(), award=award, text=form.text.data or "")
        return see("awards.show", public_id=award.public_id, message=gettext("Your remark stands below."), _anchor="remarks")
    return _show(award, form)


def _show(award: Award, form: RemarkForm) -> Answer:
    return respond(
        "awards/show.html",
        status=422 if form.errors else 200,
        award=award,
        form=form,
        remarks=queries.remarks(award, request.args.get("after")),
        over_prize=queries.over_prize(award.challenge),
        seen=sharing.division(award),
        handed_in={paper.position: settling.handed_in(paper) for paper in award.papers},
        **_frame(award),
    )


def _form(template: str, award: Award, form: OnceForm, **values: Any) -> Answer:
    return respond(template, status=422 if form.errors else 200, award=award, form=form, **_frame(award), **values)


def _frame(award: Award) -> dict[str, Any]:
    return {
        "reads": award.id in queries.readable(actor(), [award]),
        "person_id": actor().person_id,
        "unnamed": challenges.withheld_in(actor(), award.challenge_id),
        "due": queries.due_day(award),
        "today": queries.today(award, clock.now()),
    }


def _offered(award: Award) -> Answer:
    over = queries.over_prize(award.challenge)
    if not over:
        return _back(award, gettext("The award is offered, and its winners are told."))
    amount = i18n.money(over, award.currency)
    said = gettext("The award is offered. All awards together now exceed the prize by %(amount)s.", amount=amount)
    return see("awards.show", public_id=award.public_id, message=said, tone="wait")


def _does_not_add_up(award: Award, error: Invalid) -> str:
    found: Any = error.params["found_minor"]
    return gettext(
        "The shares have to come to %(amount)s exactly; these come to %(found)s.",
        amount=i18n.money(award.amount_minor, award.currency),
        found=i18n.money(found, award.currency),
    )


def _back(award: Award, message: str) -> Answer:
    return see("awards.show", public_id=award.public_id, message=message)
