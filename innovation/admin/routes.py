"""Doors of operators, and the page on which developers read the mails of a house without a mail server."""

from __future__ import annotations

from email.message import EmailMessage

from flask import abort, request

from innovation.admin import queries, service
from innovation.kernel import mail
from innovation.kernel.web import Answer, actor, asked_here, blueprint, gettext, page, public, respond, see, settings
from innovation.rules.policy import May

bp = blueprint("admin", __name__)


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
