"""Doors of operators, and the page on which developers read the mails of a house without a mail server."""

from __future__ import annotations

from email.message import EmailMessage

from flask import Response, abort, current_app, request
from markupsafe import escape

from innovation.admin import queries, service
from innovation.admin.forms import HouseForm, LookForm, TextForm
from innovation.kernel import ids, mail
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.i18n import language
from innovation.kernel.web import (
    Answer,
    actor,
    asked_here,
    blueprint,
    file_taking,
    gettext,
    page,
    public,
    respond,
    see,
    settings,
)
from innovation.people import queries as people
from innovation.people.queries.house_settings import TEXTS
from innovation.people.service import house_settings
from innovation.people.service.house_settings import LOGO_BYTES
from innovation.rules import colours
from innovation.rules.policy import May

bp = blueprint("admin", __name__)


@bp.route("/administration/first-run", methods=["GET", "POST"])
@page(May.RUN_THE_PLACE)
def first_run() -> Answer:
    """What a new house needs, what is there, and what is to be done; its name is said here."""
    form = _house_form()
    if form.validate_on_submit():
        house_settings.name_house(actor=actor(), name=form.name.data or "", about=form.about.data or "")
        current_app.extensions.pop("innovation.host", None)
        return see("admin.first_run", message=gettext("Saved."))
    return _first_run(form, LookForm(formdata=None, data={"accent": people.house_look().accent}))


def _house_form() -> HouseForm:
    host, sent = people.host(), request.form if request.endpoint == "admin.first_run" and request.form else None
    return HouseForm(formdata=sent, data={"name": host.name, "about": host.about} if host else None)


def _first_run(form: HouseForm, look: LookForm) -> Answer:
    return respond(
        "admin/first_run.html",
        status=422 if form.errors or look.errors else 200,
        form=look if look.errors else form,
        house_form=form,
        look_form=look,
        logo_bytes=LOGO_BYTES // 1024,
        findings=queries.findings(settings(), f"{request.scheme}://{request.host}"),
        own=people.address_of(actor().person_id or 0),
        settings=settings(),
    )


@bp.post("/administration/first-run/look")
@file_taking
@page(May.RUN_THE_PLACE, write=False)
def look() -> Answer:
    """Say in which colour and under which logo this house appears."""
    form = LookForm()
    if form.validate_on_submit():
        db.session.rollback()  # a picture is encoded anew with no transaction open
        try:
            sent = form.logo.data
            made = service.logo(sent.stream, sent.filename) if sent else None
            house_settings.dress(
                actor=actor(), accent=form.accent.data or "", logo=made, without_logo=form.without_logo.data
            )
        except Invalid as error:
            form.say(error)
        else:
            current_app.extensions.pop("innovation.host", None)
            return see("admin.first_run", message=gettext("Saved."), _anchor="name-part")
    return _first_run(_house_form(), form)


@bp.get("/house/<name>/logo")
@public
def logo(name: str) -> Answer:
    """The logo; its name changes with what it shows, so that it is fetched once."""
    found = people.house_logo(name)
    if found is None:
        abort(404)
    return _kept_for_good(Response(found[0], mimetype=found[1]))


@bp.get("/house/<colour>/look.css")
@public
def look_css(colour: str) -> Answer:
    """The colour as a style sheet; every page derives from it what is drawn with it."""
    found = colours.parse(colour)
    if found is None or found != f"#{colour}":
        abort(404)
    return _kept_for_good(Response(f":root {{ --accent: {found}; }}\n", mimetype="text/css"))


def _kept_for_good(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@bp.post("/administration/first-run/test-mail")
@page(May.RUN_THE_PLACE, write=False)
def test_mail() -> Answer:
    """Send a mail to oneself, here and now, and say what the server said."""
    own = people.address_of(actor().person_id or 0)
    db.session.rollback()  # nothing is held while the mail server is asked
    if own is None:
        return see("admin.first_run", message=gettext("You have no address here."), tone="stop")
    subject = gettext("A test mail")
    text = gettext("Mail reaches you from %(address)s. Does this link lead there?", address=settings().base_url)
    html = f"<p>{escape(text)}</p>"
    message = mail.Mail(own.typed, subject, text, html, f"test-{ids.token()[:16]}", language())
    taken, said = service.try_mail(message=message, settings=settings())
    server = queries.mail_server(settings())
    service.note_test_mail(actor=actor(), taken=taken, said=said, server=server)
    if not taken:
        return see("admin.first_run", message=gettext("It was not taken. Below stands what was said."), tone="stop")
    told = gettext("It was handed over. Look whether it arrives: %(email)s.", email=own.typed)
    return see("admin.first_run", message=told)


@bp.post("/administration/first-run/provider")
@page(May.RUN_THE_PLACE, write=False)
def test_provider() -> Answer:
    """Ask the sign-in provider whether it is there."""
    db.session.rollback()  # nothing is held while it is asked
    answers, why = service.try_provider()
    if answers:
        return see("admin.first_run", message=gettext("The sign-in of your organisation answers."))
    return see("admin.first_run", message=gettext("It does not answer: %(why)s", why=why or "–"), tone="stop")


@bp.route("/administration/texts/<what>", methods=["GET", "POST"])
@page(May.RUN_THE_PLACE)
def edit_text(what: str) -> Answer:
    """Give terms or privacy notice; what is sent becomes a version of its own."""
    if what not in TEXTS:
        abort(404)
    versions = people.house_text(what)
    form = TextForm(data={"text": versions[-1].text} if versions else None)
    if form.validate_on_submit():
        house_settings.say(actor=actor(), what=what, text=form.text.data or "")
        current_app.extensions.pop("innovation.host", None)
        return see(f"admin.{what}", message=gettext("Saved. It counts from now on."))
    status = 422 if form.errors else 200
    return respond("admin/edit_text.html", status=status, form=form, what=what, versions=versions)


@bp.get("/terms")
@public
def terms() -> Answer:
    return _text_page("terms")


@bp.get("/privacy")
@public
def privacy() -> Answer:
    return _text_page("privacy")


def _text_page(what: str) -> Answer:
    versions = people.house_text(what)
    asked = request.args.get("version", str(len(versions)))
    if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked[:9]) <= len(versions):
        abort(404)
    return respond("admin/text.html", what=what, versions=versions, number=int(asked))


@bp.get("/admin/deliveries")
@page(May.RUN_THE_PLACE)
def deliveries() -> Answer:
    """What failed, what waits, and how the clock is doing."""
    return respond(
        "admin/deliveries.html",
        page=queries.failed(request.args.get("after")),
        waiting=queries.waiting(),
        ticks=queries.ticks(),
    )


@bp.post("/admin/deliveries/<int(max=9223372036854775807):number>/retry")
@page(May.RUN_THE_PLACE)
def retry(number: int) -> Answer:
    again = service.retry(actor=actor(), delivery_id=number)
    said = gettext("It is being tried again.") if again else gettext("It is not waiting for this any more.")
    return see("admin.deliveries", message=said)


def _mails_are_files() -> None:
    """The page is there only where no mail server is set, for whoever may sign in as a demo person as well."""
    if settings().smtp_url or not asked_here():
        abort(404)


@bp.get("/dev/mail")
@public
def mails() -> Answer:
    _mails_are_files()
    return respond("admin/mails.html", mails=list(mail.kept(settings().mail_folder)))


@bp.get("/dev/mail/<name>")
@public
def one_mail(name: str) -> Answer:
    _mails_are_files()
    found = next((message for kept, message in mail.kept(settings().mail_folder, 10_000) if kept == name), None)
    if found is None:
        abort(404)
    return respond("admin/mail.html", mail=found, text=_text(found))


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain",))
    return str(body.get_content()) if body else ""
