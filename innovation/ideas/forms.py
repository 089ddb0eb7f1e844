"""Forms of ideas."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField
from wtforms.validators import DataRequired, Length

from innovation.ideas.service.writing import shortcomings
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import REQUIRED, Form, MoneyField, OnceForm, line, prose

MESSAGES: dict[str, Any] = {
    "title_missing": _l("Give the idea a title."),
    "text_missing": _l("Describe the idea."),
    "amount_missing": _l("Say what the idea needs from the budget."),
    "amount_above_budget": _l("This is more than the challenge's whole budget."),
    "changed_since_checked": _l("The text changed since you opened this page. Read it again, then send it."),
    "terms_not_accepted": _l("Accept the terms to send the idea."),
    "nobody_has_this_address": _l("Nobody here has this address. Ask for an invitation first."),
    "author_already": _l("This person is an author already."),
    "author_not_in_audience": _l("This person cannot take part in this challenge."),
}


class IdeaForm(OnceForm):
    """Title, text and, where there is a budget, the amount. A draft may be incomplete.

    ``state`` is the state the idea was in when the page was made, so that an old page is not taken for a new one.
    """

    state = HiddenField()
    title = line(_l("Title"), required=False, maximum=200)
    text = prose(_l("Your idea"), required=False, rows=14)
    requested = MoneyField(_l("What it needs from the budget"))

    def for_challenge(self, challenge: Any) -> IdeaForm:
        self.requested.currency = challenge.currency
        return self

    def values(self) -> dict[str, Any]:
        """What was typed, as the verbs take it."""
        return {"title": self.title.data or "", "text": self.text.data or "", "requested_minor": self.requested.minor}

    def complete(self, challenge: Any) -> bool:
        """Whether all is there that the challenge asks for; what is missing is said at its field."""
        for field, code in shortcomings(**self.values(), challenge=challenge):
            self.refuse(Invalid(code, field=field), MESSAGES)
        return not self.errors


class SubmitForm(Form):
    """The last look; ``checked`` is the fingerprint of the text that stood on the page."""

    checked = HiddenField()
    accept_terms = BooleanField(_l("I accept these terms, and the idea is mine to give."))


class AuthorForm(Form):
    email = EmailField(_l("E-mail address of the co-author"), validators=[DataRequired(REQUIRED), Length(max=320)])


class NoteForm(OnceForm):
    text = prose(_l("Your note"), maximum=4000, rows=5)
