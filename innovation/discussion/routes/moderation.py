"""Doors of keeping order: reporting a comment, looking at what was reported, objecting, settling."""

from __future__ import annotations

from typing import Any

from flask import abort, request

from innovation.discussion import queries
from innovation.discussion.forms import KEEP, MESSAGES, DecisionForm, ObjectionForm, ReportForm, SettlementForm
from innovation.discussion.models import Case, Comment
from innovation.discussion.queries import cases
from innovation.discussion.queries.reading import parents
from innovation.discussion.routes import bp
from innovation.discussion.service import moderating, reporting
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.rules.moderation import CaseState, ReportReason
from innovation.rules.policy import May
from innovation.rules.talk import named, with_names


@bp.route("/comments/<public_id>/report", methods=["GET", "POST"])
@page(May.REPORT_COMMENT, on=queries.comment)
def report(comment: Comment) -> Answer:
    """Ask those who keep order to look at a comment."""
    if comment.trashed_at or comment.hidden_at:
        abort(404)
    form = ReportForm()

    def send() -> None:
        reason, words = ReportReason(form.reason.data), form.words.data or ""
        reporting.report(actor=actor(), comment=comment, reason=reason, words=words)

    before = cases.has_reported(actor().person_id or 0, comment.id)
    if form.accepted(send, MESSAGES):
        place = queries.place(comment.thread)
        said = gettext("Thank you. Somebody who keeps order here looks at it; nobody is told that it was you.")
        return see(place.endpoint, public_id=place.public_id, message=said)
    return respond("discussion/report.html", status=_status(form), form=form, before=before, **_said(comment))


@bp.get("/moderation")
@page(May.USE_ACCOUNT)
def moderation() -> Answer:
    """What was reported and waits for this person, the oldest first."""
    found = cases.queue(actor(), request.args.get("after"))
    texts = {each.id: _without_names(each.comment.text) for each in found.items}
    reported = cases.reported(each.id for each in found.items)
    return respond("discussion/moderation.html", page=found, texts=texts, reported=reported)


def _without_names(text: str) -> str:
    """A text in which whoever is named is a mark: the page of the case asks who may know the names."""
    return with_names(text, dict.fromkeys(named(text), "…"))


@bp.route("/moderation/<public_id>", methods=["GET", "POST"])
@page(May.MODERATE, on=cases.case)
def case(case: Case) -> Answer:
    """One reported comment: keep it, or remove it with a reason."""
    form = DecisionForm()

    def decide() -> None:
        words = form.words.data or ""
        if form.outcome.data == KEEP:
            moderating.keep(actor=actor(), case=case, words=words)
        else:
            moderating.remove(actor=actor(), case=case, reason=ReportReason(form.outcome.data), words=words)

    if form.accepted(decide, MESSAGES):
        kept = case.state == CaseState.KEPT
        return see("discussion.moderation", message=gettext("The comment stays.") if kept else gettext("Removed."))
    return _case_page(case, form, SettlementForm(formdata=None))


@bp.post("/moderation/<public_id>/settlement")
@page(May.SETTLE_OBJECTION, on=cases.case)
def settle(case: Case) -> Answer:
    """Settle the writer's objection: somebody else than who removed the comment."""
    form = SettlementForm()

    def decide() -> None:
        verb = moderating.restore if form.outcome.data == "restore" else moderating.uphold
        verb(actor=actor(), case=case, words=form.words.data or "")

    if form.accepted(decide, MESSAGES):
        return see("discussion.moderation", message=gettext("Settled. Its writer reads what you decided."))
    return _case_page(case, DecisionForm(formdata=None), form)


def _case_page(case: Case, form: DecisionForm, settling: SettlementForm) -> Answer:
    comment = case.comment
    kept = queries.veiled(actor(), comment.thread)
    above = parents([comment]).get(comment.parent_id or 0)
    readable = above is not None and not above.trashed_at and not above.hidden_at
    return respond(
        "discussion/case.html",
        status=422 if form.errors or settling.errors else 200,
        case=case,
        form=form,
        settling=settling,
        reported=cases.reported([case.id]).get(case.id),
        above=above if readable else None,
        above_by=queries.written_by(above, kept) if above and readable else None,
        above_people=queries.named_in(above, queries.mentioned([above.id]).get(above.id, []), kept) if above else {},
        **_said(comment),
    )


@bp.route("/comments/<public_id>/removal", methods=["GET", "POST"])
@page(May.EDIT_COMMENT, on=queries.comment)
def removal(comment: Comment) -> Answer:
    """Why one's comment is hidden, and the form to object."""
    case = cases.latest(comment.id)
    if case is None or comment.trashed_at:
        abort(404)
    form = ObjectionForm()
    if form.accepted(lambda: moderating.object_to(actor=actor(), case=case, words=form.words.data or ""), MESSAGES):
        said = gettext("Your objection is in. Somebody else looks at the comment and decides.")
        return see("discussion.removal", public_id=comment.public_id, message=said)
    until = cases.may_object_until(case)
    return respond(
        "discussion/removal.html",
        status=_status(form),
        form=form,
        case=case,
        until=until,
        in_time=until is not None and clock.now() < until,
        **_said(comment),
    )


def _status(form: ReportForm | ObjectionForm) -> int:
    return 422 if form.errors else 200


def _said(comment: Comment) -> dict[str, Any]:
    """A comment as the reader may know it: where it stands, whose words it is, whom it names."""
    kept = queries.veiled(actor(), comment.thread)
    people = queries.mentioned([comment.id]).get(comment.id, [])
    return {
        "comment": comment,
        "place": queries.place(comment.thread),
        "writer": queries.written_by(comment, kept),
        "people": queries.named_in(comment, people, kept),
    }
