"""Doors of the full part of a brief: its editor's page, its terms, its text, and who opened it."""

from __future__ import annotations

from flask import Response, abort, request
from werkzeug.wrappers import Response as BaseResponse

from innovation.challenges import queries
from innovation.challenges.forms import FULL_MESSAGES, FullAnswerForm, FullPartForm, FullTermsForm
from innovation.challenges.models import Challenge
from innovation.challenges.queries import Stand
from innovation.challenges.routes import bp
from innovation.challenges.service import full_part as verbs
from innovation.challenges.service import withholding
from innovation.kernel import tables
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.usecase import may
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.people import queries as people
from innovation.rules.policy import May


@bp.route("/challenges/<public_id>/full-part", methods=["GET", "POST"])
@page(May.EDIT_CHALLENGE, on=queries.get)
def full_part(challenge: Challenge) -> Answer:
    """Whether there is a full part, what it says, how it opens; and whether the sponsor is named."""
    form = FullPartForm(
        data={
            "access": challenge.full_access,
            "text": challenge.full_text,
            "terms": challenge.full_terms or verbs.ready_terms(challenge.language),
            "withheld": challenge.sponsor_withheld,
        }
    )
    if form.accepted(lambda: _write(challenge, form), FULL_MESSAGES):
        return see("challenges.full_part", public_id=challenge.public_id, message=gettext("Saved."))
    return respond(
        "challenges/full_part.html",
        status=422 if form.errors else 200,
        form=form,
        challenge=challenge,
        text_format="markdown",
    )


def _write(challenge: Challenge, form: FullPartForm) -> None:
    who = actor()
    if may(who, May.NAME_SPONSOR, challenge):
        withholding.withhold(actor=who, challenge=challenge, withheld=bool(form.withheld.data))
    verbs.write(
        actor=who, challenge=challenge, access=form.access.data, text=form.text.data or "", terms=form.terms.data or ""
    )


@bp.route("/challenges/<public_id>/full-part/terms", methods=["GET", "POST"])
@page(May.OPEN_FULL_PART, on=queries.get)
def full_terms(challenge: Challenge) -> Answer:
    """The terms in full, and the box that accepts them."""
    stand = queries.full_stand(actor(), challenge)
    if stand in {Stand.NONE, Stand.CLOSED}:
        abort(404)
    if stand in queries.FULL_READABLE:
        return see("challenges.full_text", public_id=challenge.public_id)
    form = FullTermsForm()
    if request.method == "POST" and form.validate_on_submit() and not form.accept.data:
        form.refuse(Invalid("full_terms_not_accepted", field="accept"), FULL_MESSAGES)
    elif stand != Stand.REFUSED and form.accepted(lambda: _ask(challenge, form), FULL_MESSAGES):
        return _asked(challenge)
    form.seen.data = queries.full_terms_hash(challenge)
    return _unseen(
        respond(
            "challenges/full_terms.html",
            status=422 if form.errors else 200,
            form=form,
            challenge=challenge,
            stand=stand,
            mine=queries.opening(actor().person_id, challenge.id),
        )
    )


def _ask(challenge: Challenge, form: FullTermsForm) -> None:
    verbs.ask(actor=actor(), challenge=challenge, seen=form.seen.data or "", reason=form.reason.data or "")


def _asked(challenge: Challenge) -> Answer:
    if queries.full_stand(actor(), challenge) in queries.FULL_READABLE:
        return see("challenges.full_text", public_id=challenge.public_id)
    said = gettext("Asked. The sponsor answers, and you get a mail.")
    return see("challenges.full_terms", public_id=challenge.public_id, message=said)


@bp.get("/challenges/<public_id>/full-part/text")
@page(May.OPEN_FULL_PART, on=queries.get)
def full_text(challenge: Challenge) -> Answer:
    """The full part. Looking at it is a fact, each time anew: so this GET writes."""
    stand = queries.full_stand(actor(), challenge)
    if stand in {Stand.NONE, Stand.CLOSED}:
        abort(404)
    try:
        text = verbs.read(actor=actor(), challenge=challenge)
    except NotPossible:
        return see("challenges.full_terms", public_id=challenge.public_id)
    return _unseen(respond("challenges/full_text.html", challenge=challenge, text=text, own=stand == Stand.OWN))


@bp.get("/challenges/<public_id>/full-part/readers")
@page(May.EDIT_CHALLENGE, on=queries.get)
def full_readers(challenge: Challenge) -> Answer:
    """Who asks for the full part, who may read it, and every opening of it."""
    return _readers(challenge, FullAnswerForm(), None)


@bp.post("/challenges/<public_id>/full-part/readers/<reader>")
@page(May.EDIT_CHALLENGE, on=queries.get)
def full_answer(challenge: Challenge, reader: str) -> Answer:
    person = people.get(actor(), reader)
    if person is None:
        abort(404)
    form, opened = FullAnswerForm(), request.form.get("answer") == "open"

    def decide() -> None:
        verbs.answer(actor=actor(), challenge=challenge, person_id=person.id, opened=opened, reason=form.reason.data or "")

    if form.accepted(decide, FULL_MESSAGES):
        said = gettext("Opened, and told by mail.") if opened else gettext("Closed, and told by mail.")
        return see("challenges.full_readers", public_id=challenge.public_id, message=said)
    return _readers(challenge, form, person.public_id)


def _readers(challenge: Challenge, form: FullAnswerForm, wrong: str | None) -> Answer:
    return respond(
        "challenges/full_readers.html",
        status=422 if form.errors else 200,
        challenge=challenge,
        form=form,
        wrong=wrong,
        waiting=queries.full_waiting(challenge),
        readers=queries.full_readers(challenge, request.args.get("after")),
        openings=queries.full_openings(challenge, request.args.get("openings")),
        now_hash=queries.full_terms_hash(challenge),
    )


@bp.get("/challenges/<public_id>/full-part/openings.csv")
@page(May.EDIT_CHALLENGE, on=queries.get)
def full_openings_file(challenge: Challenge) -> Answer:
    """Who opened the full part when, and under which terms: a row for each time."""
    rows = (
        [each.name or gettext("former participant"), each.reference, each.at.isoformat(timespec="seconds"), each.terms_hash]
        for each in queries.all_full_openings(challenge)
    )
    columns = (gettext("who"), gettext("reference"), gettext("opened at (UTC)"), gettext("hash of the terms"))
    response = Response(tables.as_csv((columns, rows)), mimetype=tables.MIMETYPES["csv"])
    response.headers["Content-Disposition"] = f'attachment; filename="openings-{challenge.public_id}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _unseen(answer: BaseResponse) -> BaseResponse:
    """A page that no cache keeps and no search engine lists."""
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex, noarchive"
    return answer
