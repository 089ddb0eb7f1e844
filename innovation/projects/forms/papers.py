"""A document, a decision of the team, a risk."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, URLField
from wtforms.validators import URL, DataRequired, InputRequired, Length, Optional

from innovation.kernel.forms import REQUIRED, OnceForm, line, prose

PAPER_MESSAGES: dict[str, Any] = {
    "not_a_web_address": _l("Write a web address, such as https://…"),
    "decided_in_the_future": _l("This day is yet to come."),
    "no_such_paper": _l("This is no longer there. Reload the page."),
}
LIKELIHOODS = [("1", _l("Unlikely")), ("2", _l("Possible")), ("3", _l("Likely"))]
IMPACTS = [("1", _l("Small")), ("2", _l("Serious")), ("3", _l("It would stop the proof"))]


class DocumentForm(OnceForm):
    title = line(_l("Title"))
    url = URLField(
        _l("Address"),
        validators=[
            DataRequired(REQUIRED),
            URL(require_tld=False, message=_l("Write a web address, such as https://…")),
            Length(max=500),
        ],
    )
    note = line(_l("What one finds there"), 500, required=False)


class LogForm(OnceForm):
    title = line(_l("What was decided"), 300)
    reason = prose(_l("Why"), maximum=2000, required=False, rows=3)
    decided_on = DateField(_l("On"), validators=[InputRequired(REQUIRED)])


class RiskForm(OnceForm):
    was = HiddenField()
    title = line(_l("What may go wrong"), 300)
    likelihood = SelectField(_l("How likely is it?"), choices=LIKELIHOODS, default="2")
    impact = SelectField(_l("How bad would it be?"), choices=IMPACTS, default="2")
    response = prose(_l("What is done about it"), maximum=2000, required=False, rows=3)
    owner = SelectField(_l("Who looks after it"), validators=[Optional()])
