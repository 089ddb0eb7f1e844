"""Forms of what a project is worth and of what came of it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired

from innovation.kernel.forms import CHOOSE, MONEY_ERRORS, REQUIRED, Form, MoneyField, OnceForm, prose
from innovation.kernel.money import CURRENCIES
from innovation.projects.service.worth import Worth

OUTCOMES = [
    ("adopt", _l("Adopted: we go on with it as it is")),
    ("iterate", _l("Taken up again: we go on with it in another form")),
    ("shelve", _l("Stopped: the proof is there, and we do not go on with it")),
]
OUTCOME_MESSAGES: dict[str, Any] = {
    "no_such_currency": _l("Choose one of these."),
    "no_such_outcome": _l("Choose one of these."),
    "amount_too_large": MONEY_ERRORS["too_large"],
    "basis_missing": REQUIRED,
    "lesson_missing": REQUIRED,
    "reason_missing": REQUIRED,
}


class ValueForm(OnceForm):
    amount = MoneyField(_l("Amount"), required=True)
    currency = SelectField(_l("Currency"), choices=list(CURRENCIES))
    per = RadioField(
        _l("How often"),
        choices=[("once", _l("Once")), ("year", _l("Every year"))],
        default="year",
        validators=[DataRequired(CHOOSE)],
    )
    basis = prose(_l("How it was worked out"), maximum=4000, rows=4)

    def process(self, *args: Any, **kwargs: Any) -> None:
        super().process(*args, **kwargs)
        self.amount.currency = self.currency.data or "EUR"

    def worth(self) -> Worth:
        """What was typed, after validation."""
        assert self.amount.minor is not None
        return Worth(
            amount_minor=self.amount.minor, currency=self.currency.data, per=self.per.data, basis=self.basis.data or ""
        )


class SettleForm(OnceForm):
    outcome = RadioField(_l("What comes of it?"), choices=OUTCOMES, validators=[DataRequired(CHOOSE)])
    lesson = prose(_l("What was learned?"), maximum=8000, rows=6)


class UnsettleForm(OnceForm):
    reason = prose(_l("Why does it no longer hold?"), maximum=4000, rows=4)


class LessonForm(Form):
    lesson = prose(_l("What was learned"), maximum=8000, rows=8)
