"""Forms of the full part of a brief: writing it, accepting its terms, answering who asks."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField

from innovation.kernel.forms import Form, prose

FULL_ACCESS = [
    ("none", _l("There is none: the brief is all there is")),
    ("terms", _l("It opens to whoever accepts its terms")),
    ("approval", _l("It opens to whoever accepts its terms and is let in by a sponsor")),
]
FULL_MESSAGES: dict[str, Any] = {
    "full_access_unknown": _l("Choose one of these."),
    "full_text_missing": _l("Write the full part, or choose that there is none."),
    "full_terms_missing": _l("Write the terms that readers accept first."),
    "full_terms_changed": _l("The terms were changed while you read. Read them again, then accept them."),
    "full_terms_not_accepted": _l("Tick the box to accept the terms. Without that the full part stays closed."),
    "full_reason_missing": _l("Say in a sentence why you ask: the sponsor decides by it."),
    "full_refusal_missing": _l("Say why not: the person who asked reads it."),
    "sponsor_was_named": _l("The challenge was published with the name, so it can no longer be withheld."),
}


class FullPartForm(Form):
    """Whether a brief has a full part, what it says and how it opens; and whether the sponsor is named."""

    access = RadioField(_l("Is there a full part, and how does it open?"), choices=FULL_ACCESS, default="none")
    text = prose(_l("The full part"), 40_000, required=False, rows=14)
    terms = prose(_l("The terms of confidentiality that readers accept"), 20_000, required=False, rows=10)
    withheld = BooleanField(_l("Withhold the sponsor’s name"))


class FullTermsForm(Form):
    """Accepting a full part's terms; ``seen`` is the hash of the text above the box."""

    seen = HiddenField()
    accept = BooleanField(_l("I have read these terms, and accept them"))
    reason = prose(_l("Why do you ask?"), 2_000, required=False, rows=4)


class FullAnswerForm(Form):
    """Refusing somebody the full part."""

    reason = prose(_l("Why not?"), 1_000, required=False, rows=2)
