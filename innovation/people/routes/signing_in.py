"""Doors of signing in and out."""

from __future__ import annotations

from flask import abort, redirect, request, session
from flask_login import logout_user

from innovation.kernel import openid
from innovation.kernel.db import db
from innovation.kernel.web import (
    Answer,
    account,
    actor,
    asked_here,
    gettext,
    page,
    public,
    respond,
    safe_next,
    see,
    settings,
)
from innovation.people import queries
from innovation.people.forms import SignInForm
from innovation.people.routes import bp
from innovation.people.routes.sessions import begin_session, limiter, nobodys_hash, passwords
from innovation.people.service import accounts
from innovation.rules.policy import May

DEMO_KEYS = ("sponsor", "expert", "manager")


@bp.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"], exempt_when=lambda: not settings().rate_limits)
@public
def sign_in() -> Answer:
    target = safe_next(request.values.get("next"))
    form = SignInForm()
    if form.validate_on_submit():
        if queries.signs_in_there(form.email.data or ""):
            form.email.errors = (gettext("People with this address sign in with the button, not with a password."),)
            return _sign_in_page(form, target)
        found = queries.credential(form.email.data or "")
        # The same work for a known and an unknown address, so that time does not tell them apart.
        good = passwords.verify(form.password.data or "", found[1] if found else nobodys_hash())
        db.session.rollback()
        if found and good:
            begin_session(found[0])
            return redirect(target or "/", 303)
        said = gettext("Address and password do not belong together. Try again, or ask for a new password.")
        form.password.errors = (said,)
    return _sign_in_page(form, target)


def _sign_in_page(form: SignInForm, target: str | None) -> Answer:
    ready = queries.demo_people(DEMO_KEYS) if asked_here() else []
    status = 422 if form.errors else 200
    there = openid.provider()
    return respond("people/sign_in.html", status=status, form=form, next=target, ready=ready, provider=there)


@bp.route("/demo/<key>", methods=["GET", "POST"])
@public
def demo_sign_in(key: str) -> Answer:
    people = {p.foreign_id: p for p in queries.demo_people(DEMO_KEYS)} if asked_here() else {}
    if key not in people:
        abort(404)
    if request.method == "GET":
        return respond("people/demo.html", person=people[key], key=key)
    begin_session(people[key].id)
    return redirect("/", 303)


@bp.post("/sign-out")
@page(May.LOOK, write=False)
def sign_out() -> Answer:
    who = account()
    if who is not None:
        accounts.sign_out(actor=who.actor, sign_in_id=who.sign_in_id)
    logout_user()
    session.clear()
    back = safe_next(request.form.get("next"))
    return redirect(back, 303) if back else see("pages.home", message=gettext("You are signed out."))


@bp.post("/sign-out-everywhere")
@page(May.USE_ACCOUNT, write=False)
def sign_out_everywhere() -> Answer:
    accounts.sign_out_everywhere(actor=actor())
    logout_user()
    session.clear()
    return see("people.sign_in", message=gettext("You are signed out on every device."))
