"""Doors of joining: signing up, confirming an address, a new password by mail."""

from __future__ import annotations

from flask import request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from innovation.kernel.web import Answer, actor, gettext, public, respond, see, settings
from innovation.people import queries
from innovation.people.forms import ResetAskForm, ResetForm, SignUpForm
from innovation.people.routes import bp
from innovation.people.routes.sessions import begin_session, limiter, passwords, read_link
from innovation.people.service import accounts

MESSAGES = {
    "signs_in_there": _l("People with this address sign in with the button on the page “Sign in”, not with a password."),
}


@bp.route("/sign-up", methods=["GET", "POST"])
@limiter.limit("10 per hour", methods=["POST"], exempt_when=lambda: not settings().rate_limits)
@public
def sign_up() -> Answer:
    if not settings().sign_up:
        return respond("people/sign_up_closed.html")
    form = SignUpForm()
    if form.accepted(
        lambda: accounts.sign_up(
            actor=actor(),
            name=form.name.data or "",
            email=form.email.data or "",
            password_hash=passwords.hash(form.password.data or ""),
            language=str(get_locale()),
        ),
        MESSAGES,
    ):
        return respond("people/look_in_your_mail.html", email=form.email.data)
    return respond("people/sign_up.html", status=422 if form.errors else 200, form=form)


@bp.route("/confirmation/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> Answer:
    link_id, nonce = read_link("confirm", token)
    if queries.mail_link(link_id, nonce, "confirm") is None:
        return respond("people/link_spent.html", status=410)
    if request.method == "GET":
        # A mail scanner that opens the link must not use it up: only the button does.
        return respond("people/confirm.html")
    begin_session(accounts.confirm(actor=actor(), link_id=link_id, nonce=nonce))
    return see("pages.home", message=gettext("Your address is confirmed. Welcome."))


@bp.route("/password-reset", methods=["GET", "POST"])
@limiter.limit("10 per hour", methods=["POST"], exempt_when=lambda: not settings().rate_limits)
@public
def ask_reset() -> Answer:
    form = ResetAskForm()
    if form.accepted(lambda: accounts.ask_reset(actor=actor(), email=form.email.data or ""), MESSAGES):
        return respond("people/look_in_your_mail.html", email=form.email.data)
    return respond("people/ask_reset.html", status=422 if form.errors else 200, form=form)


@bp.route("/password-reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> Answer:
    link_id, nonce = read_link("reset", token)
    if queries.mail_link(link_id, nonce, "reset") is None:
        return respond("people/link_spent.html", status=410)
    form = ResetForm()
    if form.validate_on_submit():
        password_hash = passwords.hash(form.password.data or "")
        begin_session(accounts.reset(actor=actor(), link_id=link_id, nonce=nonce, password_hash=password_hash))
        return see("pages.home", message=gettext("Your new password is set. Other devices are signed out."))
    return respond("people/reset.html", status=422 if form.errors else 200, form=form)
