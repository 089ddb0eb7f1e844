"""Doors of managing people: the list, circles, roles, accounts."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l

from innovation.kernel.actor import Circle
from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, gettext, page, respond, searched, see
from innovation.people import queries
from innovation.people.forms import CircleForm, RolesForm
from innovation.people.models import Person
from innovation.people.routes import bp
from innovation.people.service import grants
from innovation.rules.policy import May
from innovation.rules.predicates import Role

MESSAGES = {
    "address_taken": _l("This address belongs to an account already. Sign in with it instead."),
    "last_administrator": _l("Make somebody else administrator first: the house needs one."),
    "role_needs_a_challenge": _l("This role is given on a challenge."),
}


@bp.get("/people")
@page(May.INVITE)
def index() -> Answer:
    search, circle = searched(), request.args.get("circle", "")
    found = queries.people_page(search, circle, request.args.get("after"))
    return respond("people/index.html", page=found, search=search, circle=circle)


@bp.route("/people/<public_id>/management", methods=["GET", "POST"])
@page(May.INVITE, on=queries.get)
def show(person: Person) -> Answer:
    circle = queries.circle_of(person.id)
    form = CircleForm(data=_circle_data(circle))
    if form.validate_on_submit():
        grants.change_circle(
            actor=actor(),
            person=person,
            circle=Circle(form.circle.data),
            organisation=form.organisation.data or "",
            department=form.department.data or "",
        )
        return see("people.show", public_id=person.public_id, message=gettext("Saved."))
    return _person_page(person, form, None, 422 if form.errors else 200)


def _circle_data(circle: Any) -> dict[str, str]:
    if circle is None:
        return {}
    return {
        "circle": circle.circle,
        "organisation": circle.organisation.name if circle.organisation else "",
        "department": circle.department.name if circle.department else "",
    }


def _person_page(person: Person, form: CircleForm, roles_form: RolesForm | None, status: int) -> Answer:
    held = queries.grants_of(person.id)
    host = {g.role for g in held if g.scope == "host"}
    data = {"administrator": "administrator" in host, "manager": "manager" in host}
    named = queries.successor_of(person.id)
    gone = person.disabled_at is not None or (named is not None and named[0].passed_at is not None)
    return respond(
        "people/show.html",
        status=status,
        person=person,
        form=form,
        roles_form=roles_form or RolesForm(formdata=None, data=data),
        address=queries.address_of(person.id),
        circle=queries.circle_of(person.id),
        succession=named[0] if named else None,
        successor=named[1] if named else None,
        duties=queries.duties(actor(), person.id, named[1].id if named else None) if gone else [],
    )


@bp.post("/people/<public_id>/roles")
@page(May.RUN_THE_PLACE, on=queries.get)
def roles(person: Person) -> Answer:
    form = RolesForm()
    if form.administrator.data and not form.sure.data and not _runs_the_place(person):
        return respond("people/confirm_administrator.html", person=person, form=form, address=queries.address_of(person.id))
    try:
        for role, wanted in ((Role.ADMINISTRATOR, form.administrator.data), (Role.MANAGER, form.manager.data)):
            if wanted:
                grants.grant_role(actor=actor(), person=person, role=role)
            else:
                grants.revoke_role(actor=actor(), person=person, role=role)
    except Invalid as error:
        form.administrator.errors = (MESSAGES[error.code],)
        circle = CircleForm(formdata=None, data=_circle_data(queries.circle_of(person.id)))
        return _person_page(person, circle, form, 422)
    return see("people.show", public_id=person.public_id, message=gettext("Saved."))


def _runs_the_place(person: Person) -> bool:
    return any(grant.role == Role.ADMINISTRATOR and grant.scope == "host" for grant in queries.grants_of(person.id))


@bp.post("/people/<public_id>/account")
@page(May.RUN_THE_PLACE, on=queries.get)
def switch(person: Person) -> Answer:
    off = request.form.get("value") == "off"
    try:
        grants.set_disabled(actor=actor(), person=person, disabled=off)
    except Invalid as error:
        return see("people.show", public_id=person.public_id, message=str(MESSAGES[error.code]), tone="stop")
    said = gettext("The account is switched off.") if off else gettext("The account is on again.")
    return see("people.show", public_id=person.public_id, message=said)
