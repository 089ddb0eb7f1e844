"""Doors of who works on a challenge, and of programmes."""

from __future__ import annotations

from typing import Any

from flask import abort, request

from innovation.challenges import queries
from innovation.challenges.forms import (
    MESSAGES,
    ApprovalForm,
    DeputyForm,
    NamePersonForm,
    ProgrammeForm,
)
from innovation.challenges.models import Challenge, Programme
from innovation.challenges.routes import bp
from innovation.challenges.service import approving, briefs, deputies
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import options_of
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.people import queries as people
from innovation.people.models import Person
from innovation.rules.policy import May
from innovation.rules.predicates import Role


@bp.route("/challenges/<public_id>/people", methods=["GET", "POST"])
@page(May.EDIT_CHALLENGE, on=queries.get)
def team(challenge: Challenge) -> Answer:
    form = NamePersonForm().of(challenge)

    def name() -> None:
        role = Role(form.role.data)
        briefs.add_person(actor=actor(), challenge=challenge, email=form.email.data or "", role=role)

    if form.accepted(name, MESSAGES):
        return see("challenges.team", public_id=challenge.public_id, message=gettext("Added."))
    return _team(challenge, form, _deputy_form(challenge, None))


@bp.post("/challenges/<public_id>/deputies")
@page(May.EDIT_CHALLENGE, on=queries.get)
def name_deputy(challenge: Challenge) -> Answer:
    places = _places(challenge)
    form = _deputy_form(challenge, request.form)

    def name() -> None:
        role, person = places[form.person.data]
        deputies.name_deputy(actor=actor(), challenge=challenge, person_id=person.id, email=form.email.data or "", role=role)

    if form.accepted(name, MESSAGES):
        return see("challenges.team", public_id=challenge.public_id, message=gettext("The deputy is named."))
    return _team(challenge, NamePersonForm(formdata=None).of(challenge), form)


@bp.post("/challenges/<public_id>/deputies/removal")
@page(May.EDIT_CHALLENGE, on=queries.get)
def drop_deputy(challenge: Challenge) -> Answer:
    place = _places(challenge).get(request.form.get("person", ""))
    if place is None:
        abort(404)
    role, person = place
    deputies.drop_deputy(actor=actor(), challenge=challenge, person_id=person.id, role=role)
    return see("challenges.team", public_id=challenge.public_id, message=gettext("Removed."))


def _places(challenge: Challenge) -> dict[str, tuple[Role, Person]]:
    """The places in which somebody can stand in, by what the form calls them."""
    sponsors = ((Role.SPONSOR, each) for each in queries.sponsors(challenge.id))
    checkers = ((Role.CHECKER, each) for each in _checkers(challenge))
    return {f"{role}:{person.public_id}": (role, person) for role, person in (*sponsors, *checkers)}


def _checkers(challenge: Challenge) -> list[Person]:
    """Who is named to check ideas himself, where they are checked first."""
    return people.persons(deputies.own_holders(challenge.id, Role.CHECKER)) if challenge.checked_first else []


def _deputy_form(challenge: Challenge, sent: Any) -> DeputyForm:
    form, places = DeputyForm(formdata=sent, prefix="deputy-"), _places(challenge)
    checks = gettext("checks ideas")
    form.person.choices = options_of(
        (key, person.name if role == Role.SPONSOR else f"{person.name} ({checks})") for key, (role, person) in places.items()
    )
    mine = [key for key, (_role, person) in places.items() if person.id == actor().person_id]
    form.person.data = form.person.data or next(iter(mine), None)
    return form


def _team(challenge: Challenge, form: NamePersonForm, deputy_form: DeputyForm) -> Answer:
    return respond(
        "challenges/team.html",
        status=422 if form.errors or deputy_form.errors else 200,
        form=form,
        deputy_form=deputy_form,
        challenge=challenge,
        sponsors=queries.sponsors(challenge.id),
        standing_in=_standing_in(challenge),
        panel=people.persons(people.holders(Role.PANEL, "challenge", challenge.id)),
        checkers=_checkers(challenge),
    )


def _standing_in(challenge: Challenge) -> list[tuple[str, str, str]]:
    """Who stands in for whom: (the place, the deputy's name, the name of whose place it is)."""
    named = {
        (role, each.person_id): each.deputy_id
        for role in (Role.SPONSOR, Role.CHECKER)
        for each in queries.deputies(challenge.id, role.value)
    }
    names = people.names(named.values())
    return [
        (key, names[deputy], person.name)
        for key, (role, person) in _places(challenge).items()
        if (deputy := named.get((role, person.id), 0)) in names
    ]


@bp.post("/challenges/<public_id>/people/<any(sponsor, panel, checker):role>/removal")
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


@bp.route("/programmes/<public_id>/approval", methods=["GET", "POST"])
@page(May.MANAGE_PROGRAMME, on=queries.programme)
def approval(programme: Programme) -> Answer:
    """Who approves a programme's challenges, who stands in, and what needs no approval."""
    form = ApprovalForm(data=_arranged(programme))

    def arrange() -> None:
        approving.arrange(
            actor=actor(),
            programme=programme,
            approver=form.approver.data or "",
            deputy=form.deputy.data or "",
            staff_without_approval=form.staff_without_approval.data,
        )

    if form.accepted(arrange, MESSAGES):
        return see("pages.programme", public_id=programme.public_id, message=gettext("Saved."))
    return respond("challenges/approval.html", status=422 if form.errors else 200, form=form, programme=programme)


def _arranged(programme: Programme) -> dict[str, Any]:
    deputy = queries.deputy_of_approver(programme.id)
    addresses = [people.address_of(each) if each else None for each in (programme.approver_id, deputy and deputy.deputy_id)]
    approver, stands_in = ("" if each is None else each.typed for each in addresses)
    free = programme.staff_without_approval
    return {"approver": approver, "deputy": stands_in, "staff_without_approval": free}
