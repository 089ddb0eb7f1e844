"""One's own data: all of it as a file; and being erased, by oneself or on request by an administrator."""

from __future__ import annotations

import functools
from typing import Any

from flask import session
from flask_login import logout_user
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from innovation.exchange.forms import ERASURE_MESSAGES, ErasureForm
from innovation.exchange.queries import personal as queries
from innovation.exchange.routes import bp
from innovation.exchange.service import orders
from innovation.exchange.service.personal import erasing
from innovation.kernel import clock
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.i18n import language
from innovation.kernel.web import Answer, account, actor, gettext, page, respond, see, settings
from innovation.kernel.web.throttle import limiter
from innovation.people import queries as people
from innovation.people.models import Person
from innovation.rules.policy import May


@functools.cache
def _passwords() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@bp.get("/account/data")
@page(May.USE_ACCOUNT)
def own_data() -> Answer:
    """What a person can have of what is held of him, and how."""
    return respond("exchange/personal_data.html")


@bp.post("/account/data")
@page(May.USE_ACCOUNT, once=True)
def ask_own_data() -> Answer:
    made = orders.ask_own_data(actor=actor(), language=language())
    said = gettext("Your file is being made. You can leave this page; you get a message when it is done.")
    return see("exchange.order", public_id=made.public_id, message=said)


@bp.route("/account/erasure", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"], exempt_when=lambda: not settings().rate_limits)
@page(May.USE_ACCOUNT, write=False)
def own_erasure() -> Answer:
    """What goes and what stays, and the last word on it."""
    who, form, refused = actor(), ErasureForm(), False
    assert who.person_id is not None
    held = people.password_of(who.person_id)
    proved = held is not None or queries.proved_lately(who, _sign_in_id(), clock.now())
    if proved and form.validate_on_submit():
        if held is not None and not _passwords().verify(form.password.data or "", held):
            form.password.errors = (gettext("This is not your password."),)
        else:
            try:
                erasing.erase_myself(actor=who, typed=form.typed.data or "")
                return _gone()
            except Invalid as error:
                form.refuse(error, ERASURE_MESSAGES)
            except NotPossible:
                refused = True
    return respond(
        "exchange/personal_erasure.html",
        status=_status(form, refused),
        form=form,
        own=True,
        proved=proved,
        has_password=held is not None,
        can_withdraw=queries.can_still_withdraw(who.person_id),
        **_about(who.person_id),
    )


@bp.route("/people/<public_id>/erasure", methods=["GET", "POST"])
@page(May.RUN_THE_PLACE, on=people.get)
def erasure(person: Person) -> Answer:
    """Erasing somebody who asked for it."""
    form, refused = ErasureForm(), False
    if form.validate_on_submit():
        try:
            erasing.erase_other(actor=actor(), person=person, typed=form.typed.data or "")
            return see("people.index", message=gettext("The person is erased."))
        except Invalid as error:
            form.refuse(error, ERASURE_MESSAGES)
        except NotPossible:
            refused = True
    return respond(
        "exchange/personal_erasure.html",
        status=_status(form, refused),
        form=form,
        own=False,
        proved=True,
        has_password=False,
        person=person,
        can_withdraw=(),
        **_about(person.id),
    )


def _status(form: ErasureForm, refused: bool) -> int:
    return 409 if refused else 422 if form.errors else 200


def _about(person_id: int) -> dict[str, Any]:
    """What has to be typed, and what stands in the way."""
    address = people.address_of(person_id)
    return {
        "typed": address.typed if address else people.names([person_id]).get(person_id, ""),
        "duties": queries.to_hand_over(person_id),
    }


def _sign_in_id() -> int | None:
    return getattr(account(), "sign_in_id", None)


def _gone() -> Answer:
    logout_user()
    session.clear()
    return see("pages.home", message=gettext("You are erased. Thank you for what you gave; goodbye."))
