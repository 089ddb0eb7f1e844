"""Ideas that come in as a file: looked through first, with what is wrong row by row, then taken in as long work."""

from __future__ import annotations

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.exchange.forms import IMPORT_MESSAGES, ImportForm, TakeInForm
from innovation.exchange.routes import bp
from innovation.exchange.service import orders
from innovation.exchange.service.orders import incoming
from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.files import store
from innovation.kernel.i18n import language
from innovation.kernel.web import Answer, actor, file_taking, gettext, page, respond, see, settings
from innovation.rules.policy import May

SHOWN = 200
"""Rows with something wrong that the page lists; there may be more."""


@bp.route("/challenges/<public_id>/ideas/import", methods=["GET", "POST"])
@file_taking
@page(May.IMPORT_IDEAS, on=challenges.get, write=False)
def import_ideas(challenge: Challenge) -> Answer:
    """Choose a file; it is looked through, and nothing is taken in yet."""
    form = ImportForm()
    if not form.validate_on_submit():
        return _form(challenge, form)
    content = form.file.data.read(settings().file_megabytes * 1024 * 1024 + 1)
    try:
        if len(content) > settings().file_megabytes * 1024 * 1024:
            raise Invalid("file_too_large", field="file")
        found = orders.checked(content, challenge, clock.now())
        key = incoming.keep(store(), content, clock.now()) if found.new else ""
    except Invalid as error:
        form.refuse(error, IMPORT_MESSAGES)
        return _form(challenge, form)
    yes = TakeInForm(formdata=None, data={"key": key, "name": (form.file.data.filename or "")[:200]})
    return respond("exchange/import_check.html", challenge=challenge, found=found, form=yes, shown=SHOWN)


@bp.post("/challenges/<public_id>/ideas/import-orders")
@page(May.IMPORT_IDEAS, on=challenges.get, once=True)
def take_in_ideas(challenge: Challenge) -> Answer:
    """Yes: take in what was looked through."""
    form = TakeInForm()
    if not form.validate_on_submit() or not incoming.is_kept(store(), form.key.data or ""):
        return see(
            "exchange.import_ideas",
            public_id=challenge.public_id,
            message=gettext("Choose the file once more."),
            tone="stop",
        )
    made = orders.ask_import(
        actor=actor(),
        challenge=challenge,
        file_key=form.key.data or "",
        file_name=(form.name.data or "")[:200],
        language=language(),
    )
    said = gettext("The import is on its way. You can leave this page; you get a message when it is done.")
    return see("exchange.order", public_id=made.public_id, message=said)


def _form(challenge: Challenge, form: ImportForm) -> Answer:
    return respond("exchange/import.html", status=422 if form.errors else 200, challenge=challenge, form=form)
