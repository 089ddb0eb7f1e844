"""Doors of a challenge after publication: stopping, extending, its results, a copy."""

from __future__ import annotations

from innovation.challenges import queries
from innovation.challenges.forms import (
    HOST,
    MESSAGES,
    ExtendForm,
    PublicResultsForm,
    StopForm,
)
from innovation.challenges.models import Challenge
from innovation.challenges.routes import bp
from innovation.challenges.service import course, publicity
from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import options_of
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.people import queries as people
from innovation.rules.policy import May


@bp.route("/challenges/<public_id>/stop", methods=["GET", "POST"])
@page(May.STOP_CHALLENGE, on=queries.get)
def stop(challenge: Challenge) -> Answer:
    form = StopForm()
    if form.validate_on_submit():
        try:
            course.stop(
                actor=actor(),
                challenge=challenge,
                note=form.note.data or "",
                ideas=form.ideas.data or "",
                prize=form.prize.data or "",
            )
            said = gettext("The challenge is stopped.")
            return see("pages.challenge", public_id=challenge.public_id, message=said, tone="note")
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return respond("challenges/stop.html", status=422 if form.errors else 200, form=form, challenge=challenge)


@bp.route("/challenges/<public_id>/extension", methods=["GET", "POST"])
@page(May.EXTEND_CHALLENGE, on=queries.get)
def extend(challenge: Challenge) -> Answer:
    form = ExtendForm(closes=clock.to_wall(challenge.closes_at, challenge.zone))
    if form.validate_on_submit():
        assert form.closes.data is not None
        try:
            course.extend(actor=actor(), challenge=challenge, closes=form.closes.data, reason=form.reason.data or "")
            return see("pages.challenge", public_id=challenge.public_id, message=gettext("The deadline is moved."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return respond("challenges/extend.html", status=422 if form.errors else 200, form=form, challenge=challenge)


@bp.route("/challenges/<public_id>/public-results", methods=["GET", "POST"])
@page(May.SHOW_RESULTS, on=queries.get)
def show_results(challenge: Challenge) -> Answer:
    owners = {each.public_id: each for each in people.with_results_page()}
    present = people.organisation_by_id(challenge.organisation_id)
    if present is not None and not present.is_host:
        owners[present.public_id] = present
    chosen = next((key for key, each in owners.items() if each.id == challenge.organisation_id), HOST)
    form = PublicResultsForm(data={"shown": challenge.results_public, "organisation": chosen})
    form.organisation.choices = options_of([(HOST, gettext("Our own")), *((key, each.name) for key, each in owners.items())])
    if form.validate_on_submit():
        whose = owners.get(form.organisation.data)
        try:
            publicity.show_results(
                actor=actor(), challenge=challenge, shown=form.shown.data, organisation_id=whose.id if whose else None
            )
            return see("pages.challenge", public_id=challenge.public_id, message=gettext("Saved."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return respond(
        "challenges/show_results.html", status=422 if form.errors else 200, form=form, challenge=challenge, several=owners
    )
