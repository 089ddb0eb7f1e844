"""The form of words to be kept."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired

from innovation.challenges.models import Programme
from innovation.kernel.forms import CHOOSE, OnceForm, line, options_of, prose
from innovation.kernel.i18n import LANGUAGES
from innovation.rules.sending import MOST_WORDS
from innovation.steering.forms.words import ACTS

HOUSE = ""
"""Stands for the whole house where a programme is chosen."""


class ReasonForm(OnceForm):
    """Words to be kept."""

    act = SelectField(_l("What the words are for"), choices=list(ACTS.items()), validators=[DataRequired(CHOOSE)])
    programme = SelectField(_l("Where they are offered"), choices=[])
    language = SelectField(_l("Their language"), choices=list(LANGUAGES.items()))
    title = line(_l("Name in the list"), maximum=120)
    text = prose(_l("The words"), maximum=MOST_WORDS, rows=8)

    def offer(self, programmes: Sequence[Programme], *, whole_house: bool) -> None:
        """Fill the list of places: the programmes, and the whole house for who keeps its words."""
        places = [(HOUSE, _l("In the whole house"))] if whole_house else []
        self.programme.choices = options_of([*places, *((each.public_id, each.title) for each in programmes)])
