"""Forms of a project's money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from innovation.kernel.forms import CHOOSE, MONEY_ERRORS, REQUIRED, MoneyField, OnceForm, line, options_of
from innovation.kernel.money import CURRENCIES
from innovation.projects.queries.money import Line
from innovation.rules.project import EntryKind

KINDS = [
    (EntryKind.PLAN, _l("Planned: what this line may cost")),
    (EntryKind.COMMIT, _l("Committed: ordered or promised, not paid yet")),
    (EntryKind.SPEND, _l("Spent: paid")),
]
MONEY_MESSAGES: dict[str, Any] = {
    "no_such_currency": _l("Choose one of these."),
    "line_already": _l("A line of this name and currency is there already."),
    "no_such_line": _l("Choose one of these."),
    "amount_not_above_zero": _l("Write an amount above zero. What was wrong is corrected in the list of entries."),
    "amount_too_large": MONEY_ERRORS["too_large"],
    "day_to_come": _l("This day is still to come. Enter it once it has happened."),
    "reason_missing": REQUIRED,
}


class LineForm(OnceForm):
    title = line(_l("What the money is for"))
    currency = SelectField(_l("Currency"), choices=list(CURRENCIES))


class EntryForm(OnceForm):
    position = SelectField(_l("Budget line"), validators=[DataRequired(CHOOSE)])
    kind = RadioField(_l("What is it?"), choices=KINDS, validators=[DataRequired(CHOOSE)])
    amount = MoneyField(_l("Amount"), required=True)
    happened_on = DateField(_l("Day"), validators=[InputRequired(REQUIRED)])
    note = line(_l("Note"), maximum=300, required=False)

    def of(self, lines: Sequence[Line], *, plan: bool) -> EntryForm:
        """The form for a project's open lines; the line chosen says in which currency the amount is.

        Args:
            plan: whether plans are taken now.
        """
        self.position.choices = options_of((str(each.position), f"{each.title} ({each.currency})") for each in lines)
        self.kind.choices = options_of(pair for pair in KINDS if plan or pair[0] != EntryKind.PLAN)
        currencies = {str(each.position): each.currency for each in lines}
        self.amount.currency = currencies.get(self.position.data or "", "EUR")
        return self


class CorrectionForm(OnceForm):
    reason = TextAreaField(
        _l("What was wrong?"), validators=[DataRequired(REQUIRED), Length(max=300)], render_kw={"rows": 2}
    )


class PaymentForm(OnceForm):
    amount = MoneyField(_l("Amount paid"), required=True)
    happened_on = DateField(_l("Day"), validators=[InputRequired(REQUIRED)])
    note = line(_l("Note"), maximum=300, required=False)
