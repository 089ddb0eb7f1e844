"""What is filled in about files that come in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import HiddenField, PasswordField

from innovation.kernel.forms import Form, OnceForm, line

IMPORT_MESSAGES: dict[str, Any] = {
    "nothing_to_take_in": _l("No row of this file is a new idea, so there is nothing to take in."),
    "file_too_large": _l("This file is too large to be looked through here. Split it, or ask the operators to import it."),
}


class ImportForm(OnceForm):
    """A file of ideas, looked through before anything is taken in."""

    file = FileField(
        _l("File with ideas (CSV)"),
        validators=[FileRequired(_l("Choose a file.")), FileAllowed(["csv", "txt"], _l("Choose a CSV file."))],
        render_kw={"accept": ".csv,text/csv"},
    )


class TakeInForm(OnceForm):
    """The yes after a file was looked through; ``key`` names what is kept of it."""

    key = HiddenField()
    name = HiddenField()


ERASURE_MESSAGES: dict[str, Any] = {
    "not_the_address": _l("This is not the address. Type it as it stands above."),
}


class ErasureForm(Form):
    """What is typed so that nobody is erased by a slip; the password where there is one."""

    typed = line(_l("Type the address once more"), render_kw={"autocomplete": "off"})
    password = PasswordField(_l("Your password"), render_kw={"autocomplete": "current-password"})
