"""Doors for people: joining, signing in and out, one's account, and managing others."""

from __future__ import annotations

import functools
from typing import Any

from flask import Flask, abort, redirect, request, session
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, login_user, logout_user
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from innovation.kernel import clock
from innovation.kernel.actor import Circle
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.web import (
    Answer,
    account,
    actor,
    asked_here,
    blueprint,
    gettext,
    page,
    public,
    respond,
    safe_next,
    searched,
    see,
    settings,
)
from innovation.people import queries
from innovation.people.forms import (
    AcceptForm,
    CircleForm,
    InviteForm,
    NamingForm,
    PasswordForm,
    ProfileForm,
    ResetAskForm,
    ResetForm,
    ResultsPageForm,
    RolesForm,
    SignInForm,
    SignUpForm,
)
from innovation.people.models import Invitation, Organisation, Person
from innovation.people.service import accounts, grants, invitations, links, organisations
from innovation.rules.policy import May
from innovation.rules.predicates import Role

bp = blueprint("people", __name__)
limiter = Limiter(get_remote_address, default_limits=[], in_memory_fallback_enabled=True)
passwords = PasswordHash((Argon2Hasher(),))


@functools.cache
def _nobodys_hash() -> str:
    """A hash to verify against where there is no account; made when first needed, since hashing is slow by design."""
    return passwords.hash("nobody has this password")


MESSAGES = {
    "address_taken": _l("This address belongs to an account already. Sign in with it instead."),
    "already_here": _l("This person has an account already; change the circle on the person's page."),
    "last_administrator": _l("Make somebody else administrator first: the house needs one."),
    "role_needs_a_challenge": _l("This role is given on a challenge."),
}


class SessionUser(UserMixin):
    """What Flask-Login keeps for the length of a request."""

    def __init__(self, token: str, profile: queries.Profile) -> None:
        self.id = token
        self.actor = profile.actor
        self.language = profile.language
        self.theme = profile.theme
        self.sign_in_id = profile.sign_in_id
        self.public_id = profile.public_id


def init(app: Flask) -> None:
    """Teach Flask-Login who is signed in."""
    manager = LoginManager(app)
    manager.session_protection = ""
    manager.user_loader(load_user)
    limiter.init_app(app)


def load_user(token: str) -> SessionUser | None:
    profile = queries.signed_in(token)
    return SessionUser(token, profile) if profile else None


def _read_link(purpose: str, token: str) -> tuple[int, str]:
    return links.read_link(settings().signing_keys, purpose, token)


def _begin_session(person_id: int) -> None:
    """Sign in on this device; the session is made anew, so that nothing planted in it before survives."""
    token = accounts.sign_in(actor=actor(), person_id=person_id, device=request.user_agent.string)
    session.clear()
    user = load_user(token)
    if user is not None:
        login_user(user)


@bp.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"], exempt_when=lambda: not settings().rate_limits)
@public
def sign_in() -> Answer:
    target = safe_next(request.values.get("next"))
    form = SignInForm()
    if form.validate_on_submit():
        found = queries.credential(form.email.data or "")
        # The same work for a known and an unknown address, so that time does not tell them apart.
        good = passwords.verify(form.password.data or "", found[1] if found else _nobodys_hash())
        db.session.rollback()
        if found and good:
            _begin_session(found[0])
            return redirect(target or "/", 303)
        said = gettext("Address and password do not belong together. Try again, or ask for a new password.")
        form.password.errors = (said,)
    ready = queries.demo_people(DEMO_KEYS) if asked_here() else []
    status = 422 if form.errors else 200
    return respond("people/sign_in.html", status=status, form=form, next=target, ready=ready)


DEMO_KEYS = ("sponsor", "expert", "manager")


@bp.route("/demo/<key>", methods=["GET", "POST"])
@public
def demo_sign_in(key: str) -> Answer:
    people = {p.foreign_id: p for p in queries.demo_people(DEMO_KEYS)} if asked_here() else {}
    if key not in people:
        abort(404)
    if request.method == "GET":
        return respond("people/demo.html", person=people[key], key=key)
    _begin_session(people[key].id)
    return redirect("/", 303)


@bp.post("/sign-out")
@page(May.LOOK, write=False)
def sign_out() -> Answer:
    who = account()
    if who is not None:
        accounts.sign_out(actor=who.actor, sign_in_id=who.sign_in_id)  # type: ignore[attr-defined]
    logout_user()
    session.clear()
    return see("pages.home", message=gettext("You are signed out."))


@bp.post("/sign-out-everywhere")
@page(May.USE_ACCOUNT, write=False)
def sign_out_everywhere() -> Answer:
    accounts.sign_out_everywhere(actor=actor())
    logout_user()
    session.clear()
    return see("people.sign_in", message=gettext("You are signed out on every device."))


@bp.route("/sign-up", methods=["GET", "POST"])
@limiter.limit("10 per hour", methods=["POST"], exempt_when=lambda: not settings().rate_limits)
@public
def sign_up() -> Answer:
    if not settings().sign_up:
        return respond("people/sign_up_closed.html")
    form = SignUpForm()
    if form.validate_on_submit():
        accounts.sign_up(
            actor=actor(),
            name=form.name.data or "",
            email=form.email.data or "",
            password_hash=passwords.hash(form.password.data or ""),
            language=str(get_locale()),
        )
        return respond("people/look_in_your_mail.html", email=form.email.data)
    return respond("people/sign_up.html", status=422 if form.errors else 200, form=form)


@bp.route("/confirmation/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> Answer:
    link_id, nonce = _read_link("confirm", token)
    if queries.mail_link(link_id, nonce, "confirm") is None:
        return respond("people/link_spent.html", status=410)
    if request.method == "GET":
        # A mail scanner that opens the link must not use it up: only the button does.
        return respond("people/confirm.html")
    _begin_session(accounts.confirm(actor=actor(), link_id=link_id, nonce=nonce))
    return see("pages.home", message=gettext("Your address is confirmed. Welcome."))


@bp.route("/password-reset", methods=["GET", "POST"])
@limiter.limit("10 per hour", methods=["POST"], exempt_when=lambda: not settings().rate_limits)
@public
def ask_reset() -> Answer:
    form = ResetAskForm()
    if form.validate_on_submit():
        accounts.ask_reset(actor=actor(), email=form.email.data or "")
        return respond("people/look_in_your_mail.html", email=form.email.data)
    return respond("people/ask_reset.html", status=422 if form.errors else 200, form=form)


@bp.route("/password-reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> Answer:
    link_id, nonce = _read_link("reset", token)
    if queries.mail_link(link_id, nonce, "reset") is None:
        return respond("people/link_spent.html", status=410)
    form = ResetForm()
    if form.validate_on_submit():
        password_hash = passwords.hash(form.password.data or "")
        _begin_session(accounts.reset(actor=actor(), link_id=link_id, nonce=nonce, password_hash=password_hash))
        return see("pages.home", message=gettext("Your new password is set. Other devices are signed out."))
    return respond("people/reset.html", status=422 if form.errors else 200, form=form)


@bp.route("/invitation/<public_id>/<nonce>", methods=["GET", "POST"])
@public
def invitation(public_id: str, nonce: str) -> Answer:
    found = queries.invitation(public_id, nonce)
    if found is None:
        abort(404)
    if not _open(found):
        return respond("people/invitation_spent.html", status=410, invitation=found)
    form = AcceptForm(name=found.name)
    if form.validate_on_submit():
        password_hash = passwords.hash(form.password.data or "")
        try:
            person_id = invitations.accept(
                actor=actor(), invitation_id=found.id, name=form.name.data or "", password_hash=password_hash
            )
        except Invalid:
            return respond("people/invitation_spent.html", status=410, invitation=found)
        _begin_session(person_id)
        return see("pages.home", message=gettext("Welcome. Your address is confirmed by the invitation."))
    return respond("people/invitation.html", status=422 if form.errors else 200, form=form, invitation=found)


def _open(found: Invitation) -> bool:
    return found.accepted_at is None and found.expires_at > clock.now()


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
        person=person,
        address=queries.address_of(person.id),
        circle=queries.circle_of(person.id),
        has_password=queries.password_of(person.id) is not None,
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
            _begin_session(who.person_id)
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


# --- managing people -----------------------------------------------------------------------------------------------


@bp.get("/people")
@page(May.INVITE)
def index() -> Answer:
    search, circle = searched(), request.args.get("circle", "")
    found = queries.people_page(search, circle, request.args.get("after"))
    return respond("people/index.html", page=found, search=search, circle=circle)


@bp.route("/people/invitations", methods=["GET", "POST"])
@page(May.INVITE, once=True)
def invite() -> Answer:
    form = InviteForm()
    if form.validate_on_submit():
        try:
            invitations.invite(
                actor=actor(),
                email=form.email.data or "",
                name=form.name.data or "",
                circle=Circle(form.circle.data),
                organisation=form.organisation.data or "",
                department=form.department.data or "",
                language=form.language.data,
            )
            return see("people.invite", message=gettext("Invited: %(email)s.", email=form.email.data))
        except Invalid as error:
            form.refuse(error, MESSAGES)
    found = queries.invitations_page(request.args.get("after"))
    return respond("people/invite.html", status=422 if form.errors else 200, form=form, page=found, now=clock.now())


@bp.route("/people/<public_id>", methods=["GET", "POST"])
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
    return respond(
        "people/show.html",
        status=status,
        person=person,
        form=form,
        roles_form=roles_form or RolesForm(formdata=None, data=data),
        address=queries.address_of(person.id),
        circle=queries.circle_of(person.id),
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


@bp.get("/organisations")
@page(May.KEEP_RESULTS_PAGE)
def list_organisations() -> Answer:
    return respond("people/organisations.html", page=queries.organisations_page(request.args.get("after")))


@bp.route("/organisations/<public_id>", methods=["GET", "POST"])
@page(May.KEEP_RESULTS_PAGE, on=queries.organisation)
def organisation(organisation: Organisation) -> Answer:
    form = ResultsPageForm(data={"shown": organisation.results_page, "intro": organisation.results_intro})
    if form.validate_on_submit():
        organisations.keep_results_page(
            actor=actor(), organisation=organisation, shown=form.shown.data, intro=form.intro.data or ""
        )
        return see("people.organisation", public_id=organisation.public_id, message=gettext("Saved."))
    return respond("people/organisation.html", status=422 if form.errors else 200, form=form, organisation=organisation)
