"""The door of the first administrator of an empty house."""

from __future__ import annotations

from flask import request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, actor, gettext, public, respond, see, settings
from innovation.people import queries
from innovation.people.forms import FirstRunForm
from innovation.people.routes import bp
from innovation.people.routes.sessions import begin_session, limiter, passwords
from innovation.people.service import first_run

MESSAGES = {"address_taken": _l("This address belongs to an account already. Take another, or make that one administrator.")}


@bp.route("/first-run/<token>", methods=["GET", "POST"])
@limiter.limit("30 per minute", exempt_when=lambda: not settings().rate_limits)
@public
def begin_house(token: str) -> Answer:
    """Looking uses nothing up; only the button does."""
    if not queries.setup_link_holds(token, clock.now()):
        return respond("people/first_run_spent.html", status=410)
    form = FirstRunForm()
    if request.method == "POST" and form.validate():
        password_hash = passwords.hash(form.password.data or "")
        try:
            person_id = first_run.begin(
                actor=actor(),
                token=token,
                name=form.name.data or "",
                email=form.email.data or "",
                password_hash=password_hash,
                language=str(get_locale()),
            )
        except Invalid as error:
            if error.field is None:
                return respond("people/first_run_spent.html", status=410)
            form.refuse(error, MESSAGES)
        else:
            begin_session(person_id)
            return see("admin.first_run", message=gettext("Welcome. You run this place now."))
    return respond("people/first_run.html", status=422 if form.errors else 200, form=form, token=token)
