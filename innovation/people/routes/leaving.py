"""Doors of leaving: who takes over what a person owns."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.people import queries
from innovation.people.forms import SuccessorForm
from innovation.people.models import Person
from innovation.people.routes import bp
from innovation.people.service import leaving
from innovation.rules.policy import May

MESSAGES = {
    "nobody_has_this_address": _l("Nobody here has this address. Look for a misspelling, or invite the person first."),
    "own_successor": _l("Name somebody else: this is the person who leaves."),
    "successor_is_yourself": _l(
        "Name somebody else: who takes over reads what this person could read. Ask a colleague to name you."
    ),
    "successor_is_off": _l("This account is switched off. Name somebody who can sign in."),
}


@bp.route("/people/<public_id>/leaving", methods=["GET", "POST"])
@page(May.RUN_THE_PLACE, on=queries.get)
def leaves(person: Person) -> Answer:
    form = SuccessorForm()
    if form.accepted(lambda: leaving.name_successor(actor=actor(), person=person, email=form.email.data or ""), MESSAGES):
        return see("people.leaves", public_id=person.public_id, message=gettext("Saved."))
    found = queries.successor_of(person.id)
    return respond(
        "people/leaving.html",
        status=422 if form.errors else 200,
        form=form,
        person=person,
        succession=found[0] if found else None,
        successor=found[1] if found else None,
        duties=queries.duties(actor(), person.id, found[1].id if found else None),
    )


@bp.post("/people/<public_id>/leaving/nobody")
@page(May.RUN_THE_PLACE, on=queries.get)
def leaves_nothing(person: Person) -> Answer:
    leaving.name_nobody(actor=actor(), person=person)
    return see("people.leaves", public_id=person.public_id, message=gettext("Nobody is named any more."))
