"""Doors of challenges: writing one and steering it. The page that shows one is in ``pages``."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, request
from flask_babel import get_locale

from innovation.challenges import queries
from innovation.challenges.forms import (
    HOST,
    MESSAGES,
    EditForm,
    ExtendForm,
    NamePersonForm,
    ProgrammeForm,
    PublicResultsForm,
    ReturnForm,
    StartForm,
    StopForm,
    edit_data,
)
from innovation.challenges.models import Challenge, Programme
from innovation.challenges.service import briefs, course, publicity
from innovation.challenges.service.fitting import explained
from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import options_of
from innovation.kernel.i18n import HOST_ZONE
from innovation.kernel.web import Answer, actor, blueprint, gettext, page, respond, see
from innovation.people import queries as people
from innovation.rules.challenge import EDITABLE
from innovation.rules.policy import May
from innovation.rules.predicates import Role

bp = blueprint("challenges", __name__)


@bp.route("/challenges/new", methods=["GET", "POST"])
@page(May.START_CHALLENGE, once=True)
def new() -> Answer:
    form = StartForm()
    programmes = queries.programmes_to_start_in(actor())
    form.programme.choices = options_of((p.public_id, p.title) for p in programmes)
    if request.method == "GET":
        soon = clock.to_wall(clock.now() + timedelta(days=28), HOST_ZONE)
        form.closes.data = soon.replace(hour=17, minute=0, second=0, microsecond=0)
    if form.validate_on_submit():
        chosen = next(p for p in programmes if p.public_id == form.programme.data)
        try:
            challenge = briefs.start(actor=actor(), programme=chosen, brief=form.brief(str(get_locale())))
            return see("pages.edit_brief", public_id=challenge.public_id, message=gettext("Saved as a draft."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    return respond("challenges/new.html", status=422 if form.errors else 200, form=form)


@bp.post("/challenges/<public_id>/proposal")
@page(May.PROPOSE_CHALLENGE, on=queries.get)
def propose(challenge: Challenge) -> Answer:
    try:
        briefs.propose(actor=actor(), challenge=challenge)
    except Invalid as error:
        return _back(challenge, error)
    return see("pages.challenge", public_id=challenge.public_id, message=gettext("The innovation manager has it now."))


@bp.route("/challenges/<public_id>/publication", methods=["GET", "POST"])
@page(May.PUBLISH_CHALLENGE, on=queries.get)
def publish(challenge: Challenge) -> Answer:
    """The last look at what is promised from then on; then publishing."""
    if request.method == "GET":
        if challenge.state not in EDITABLE:
            return see("pages.challenge", public_id=challenge.public_id)
        form = EditForm(data=edit_data(challenge, queries.topics(challenge.id))).of(challenge)
        clauses = explained(challenge.rule, challenge.who_decides, challenge.ballot)
        return respond("challenges/publish.html", challenge=challenge, form=form, clauses=clauses)
    try:
        briefs.publish(actor=actor(), challenge=challenge)
    except Invalid as error:
        return _back(challenge, error)
    return see("pages.challenge", public_id=challenge.public_id, message=gettext("Published."))


def _back(challenge: Challenge, error: Invalid) -> Answer:
    said = str(MESSAGES.get(error.code, error.code))
    said = said % error.params if error.params else said
    return see("pages.challenge", public_id=challenge.public_id, message=said, tone="stop")


@bp.route("/challenges/<public_id>/return", methods=["GET", "POST"])
@page(May.PUBLISH_CHALLENGE, on=queries.get)
def send_back(challenge: Challenge) -> Answer:
    form = ReturnForm()
    if form.validate_on_submit():
        briefs.send_back(actor=actor(), challenge=challenge, note=form.note.data or "")
        return see("pages.challenge", public_id=challenge.public_id, message=gettext("Sent back to the sponsor."))
    return respond("challenges/send_back.html", status=422 if form.errors else 200, form=form, challenge=challenge)


@bp.route("/challenges/<public_id>/stop", methods=["GET", "POST"])
@page(May.STOP_CHALLENGE, on=queries.get)
def stop(challenge: Challenge) -> Answer:
    form = StopForm()
    if form.validate_on_submit():
        course.stop(actor=actor(), challenge=challenge, note=form.note.data or "")
        return see(
            "pages.challenge", public_id=challenge.public_id, message=gettext("The challenge is stopped."), tone="note"
        )
    return respond("challenges/stop.html", status=422 if form.errors else 200, form=form, challenge=challenge)


@bp.route("/challenges/<public_id>/extension", methods=["GET", "POST"])
@page(May.EXTEND_CHALLENGE, on=queries.get)
def extend(challenge: Challenge) -> Answer:
    form = ExtendForm(closes=clock.to_wall(challenge.closes_at, challenge.zone))
    if form.validate_on_submit():
        assert form.closes.data is not None
        try:
            course.extend(actor=actor(), challenge=challenge, closes=form.closes.data)
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


@bp.post("/challenges/<public_id>/copy")
@page(May.START_CHALLENGE, on=queries.get, once=True)
def copy(challenge: Challenge) -> Answer:
    made = briefs.copy(actor=actor(), original=challenge)
    said = gettext("Copied. Check the dates, then hand it in.")
    return see("pages.edit_brief", public_id=made.public_id, message=said)


@bp.route("/challenges/<public_id>/people", methods=["GET", "POST"])
@page(May.EDIT_CHALLENGE, on=queries.get)
def team(challenge: Challenge) -> Answer:
    form = NamePersonForm()
    if form.validate_on_submit():
        try:
            role = Role(form.role.data)
            briefs.add_person(actor=actor(), challenge=challenge, email=form.email.data or "", role=role)
            return see("challenges.team", public_id=challenge.public_id, message=gettext("Added."))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    panel = people.persons(people.holders(Role.PANEL, "challenge", challenge.id))
    return respond(
        "challenges/team.html",
        status=422 if form.errors else 200,
        form=form,
        challenge=challenge,
        sponsors=queries.sponsors(challenge.id),
        panel=panel,
    )


@bp.post("/challenges/<public_id>/people/<any(sponsor, panel):role>/removal")
@page(May.EDIT_CHALLENGE, on=queries.get)
def remove(challenge: Challenge, role: str) -> Answer:
    person = people.get(actor(), request.form.get("person", ""))
    if person is None:
        abort(404)
    try:
        briefs.remove_person(actor=actor(), challenge=challenge, person_id=person.id, role=Role(role))
    except Invalid as error:
        said = str(MESSAGES.get(error.code, error.code))
        return see("challenges.team", public_id=challenge.public_id, message=said, tone="stop")
    return see("challenges.team", public_id=challenge.public_id, message=gettext("Removed."))


@bp.route("/programmes/new", methods=["GET", "POST"])
@page(May.START_PROGRAMME, once=True)
def new_programme() -> Answer:
    form = ProgrammeForm()
    if form.validate_on_submit():
        made: Programme = briefs.start_programme(
            actor=actor(), title=form.title.data or "", description=form.description.data or ""
        )
        return see("pages.programme", public_id=made.public_id, message=gettext("The programme is there."))
    return respond("challenges/new_programme.html", status=422 if form.errors else 200, form=form)
