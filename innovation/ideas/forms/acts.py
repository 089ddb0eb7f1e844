"""Forms of what is done with an idea once it is written."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, RadioField
from wtforms.validators import DataRequired, Length

from innovation.kernel.forms import CHOOSE, REQUIRED, Form, OnceForm, prose

ACCEPT = _l("I accept these terms, and the idea is mine to give.")


class SubmitForm(Form):
    """The last look; ``checked`` is the fingerprint of the text that stood on the page."""

    checked = HiddenField()
    accept_terms = BooleanField(ACCEPT)


class AuthorForm(Form):
    email = EmailField(_l("E-mail address of the co-author"), validators=[DataRequired(REQUIRED), Length(max=320)])


class ReasonForm(Form):
    """Why somebody opens a sealed idea who keeps the place it stands in."""

    why = RadioField(
        _l("Why do you have to read it?"),
        choices=[
            ("asked", _l("An author asked for it")),
            ("complaint", _l("A complaint is looked into")),
            ("law", _l("The law or a court asks for it")),
            ("nobody_left", _l("Nobody else is left to decide")),
            ("fault", _l("A technical fault is being repaired")),
        ],
        validators=[DataRequired(CHOOSE)],
    )


class NoteForm(OnceForm):
    text = prose(_l("Your note"), maximum=4000, rows=5)
