"""Doors of what a person says of himself."""

from __future__ import annotations

from typing import Any

from innovation.kernel.db import db
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.people.forms import PROFILE_MESSAGES, OwnProfileForm
from innovation.people.models import Person
from innovation.people.routes import bp
from innovation.people.service import profile
from innovation.rules.policy import May


@bp.route("/account/profile", methods=["GET", "POST"])
@page(May.USE_ACCOUNT)
def own_profile() -> Answer:
    """What one knows about, where that can be seen, in which languages, and what to be asked for."""
    person = db.session.get_one(Person, actor().person_id)
    form = OwnProfileForm(data=_said(person))

    def say() -> None:
        profile.say(
            actor=actor(),
            expertise=form.phrases(),
            links=form.links(),
            spoken=form.spoken.data or (),
            ask_me=form.ask_me.data or "",
        )

    if form.accepted(say, PROFILE_MESSAGES):
        return see("pages.person", public_id=person.public_id, message=gettext("Saved."))
    return respond("people/profile.html", status=422 if form.errors else 200, form=form, person=person)


def _said(person: Person) -> dict[str, Any]:
    links: dict[str, str] = {}
    for place, link in enumerate(person.shown_by, start=1):
        links |= {f"label_{place}": link["label"], f"url_{place}": link["url"]}
    return {"expertise": "\n".join(person.expertise), "ask_me": person.ask_me, "spoken": person.spoken} | links
