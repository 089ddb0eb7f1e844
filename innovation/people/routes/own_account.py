"""Doors of one's own account: profile, being named, password, and how the pages look."""

from __future__ import annotations

from flask import redirect, request

from innovation.kernel import openid
from innovation.kernel.db import db
from innovation.kernel.web import Answer, account, actor, gettext, page, public, respond, safe_next, see
from innovation.people import queries
from innovation.people.forms import NamingForm, PasswordForm, ProfileForm, ShortcutsForm
from innovation.people.models import Person
from innovation.people.routes import bp
from innovation.people.routes.sessions import begin_session, passwords
from innovation.people.service import accounts
from innovation.rules.policy import May


@bp.route("/account", methods=["GET", "POST"])
@page(May.USE_ACCOUNT)
def own_account() -> Answer:
    person = db.session.get_one(Person, actor().person_id)
    form = ProfileForm(obj=person)
    if form.validate_on_submit():
        accounts.change_profile(
            actor=actor(), name=form.name.data or "", language=form.language.data, job_title=form.job_title.data or ""
        )
        answer = see("people.own_account", message=gettext("Saved."))
        answer.delete_cookie("language")
        return answer
    return _account_page(person, form, PasswordForm(), 422 if form.errors else 200)


def _account_page(
    person: Person, form: ProfileForm, password: PasswordForm, status: int, naming: NamingForm | None = None
) -> Answer:
    assert person.id is not None
    return respond(
        "people/account.html",
        status=status,
        form=form,
        password_form=password,
        naming_form=naming or NamingForm(formdata=None, naming="yes" if person.named_publicly_at else "no"),
        shortcuts_form=ShortcutsForm(formdata=None, on=person.shortcuts),
        person=person,
        address=queries.address_of(person.id),
        circle=queries.circle_of(person.id),
        has_password=queries.password_of(person.id) is not None,
        provider=openid.provider() if queries.person_signs_in_there(person.id) else None,
    )


@bp.post("/account/naming")
@page(May.USE_ACCOUNT)
def naming() -> Answer:
    form = NamingForm()
    if form.validate_on_submit():
        agreed = form.naming.data == "yes"
        accounts.answer_naming(actor=actor(), agreed=agreed)
        yes, no = gettext("Public pages may name you from now on."), gettext("No public page names you from now on.")
        return see("people.own_account", message=yes if agreed else no)
    person = db.session.get_one(Person, actor().person_id)
    return _account_page(person, ProfileForm(formdata=None, obj=person), PasswordForm(formdata=None), 422, form)


@bp.post("/account/shortcuts")
@page(May.USE_ACCOUNT)
def shortcuts() -> Answer:
    form = ShortcutsForm()
    accounts.choose_shortcuts(actor=actor(), on=bool(form.on.data))
    on, off = gettext("Single keys do something from now on."), gettext("Single keys do nothing from now on.")
    return see("people.own_account", message=on if form.on.data else off)


@bp.post("/account/password")
@page(May.USE_ACCOUNT, write=False)
def change_password() -> Answer:
    form = PasswordForm()
    person = db.session.get_one(Person, actor().person_id)
    held = queries.password_of(person.id)
    if form.validate_on_submit():
        if held is None or passwords.verify(form.present.data or "", held):
            who = actor()
            accounts.change_password(actor=who, password_hash=passwords.hash(form.password.data or ""))
            assert who.person_id is not None
            begin_session(who.person_id)
            return see("people.own_account", message=gettext("Your password is changed. Other devices are signed out."))
        form.present.errors = (gettext("This is not your present password."),)
    return _account_page(person, ProfileForm(formdata=None, obj=person), form, 422)


@bp.post("/look")
@public
def look() -> Answer:
    """Light or dark, English or Dutch: kept with the person, or in a cookie for a visitor."""
    theme, language = request.form.get("theme"), request.form.get("language")
    theme = theme if theme in {"auto", "light", "dark"} else None
    language = language if language in {"en", "nl"} else None
    if account() is not None:
        accounts.choose_look(actor=actor(), theme=theme, language=language)
    answer = redirect(safe_next(request.form.get("next")) or "/", 303)
    for name, value in (("theme", theme), ("language", language)):
        if value:
            answer.set_cookie(name, value, max_age=31_536_000, samesite="Lax", httponly=True, secure=request.is_secure)
    return answer
