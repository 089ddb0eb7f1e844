"""Forms of awards."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, TextAreaField, URLField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from innovation.awards.models import Award
from innovation.awards.service.sharing import division
from innovation.kernel.forms import MONEY_ERRORS, REQUIRED, MoneyField, OnceForm, line, prose
from innovation.kernel.money import typed

AWARD_MESSAGES: dict[str, Any] = {
    "amount_not_above_zero": _l("Write an amount above zero."),
    "amount_too_large": MONEY_ERRORS["too_large"],
    "too_many_papers": _l("Name at most twenty papers."),
    "paper_too_long": _l("Name each paper in at most 200 characters, one on each line."),
    "paper_twice": _l("A paper is named twice."),
    "papers_need_a_day": _l("Say by when the papers are needed."),
    "day_is_past": _l("This day has passed. Choose a later one."),
    "day_before_the_last": _l("This day comes before the step it follows. Choose a later one."),
    "address_or_note": _l("Write where the paper is, or how you sent it."),
    "not_a_web_address": _l("Write a web address, such as https://…"),
    "day_to_come": _l("This day is still to come. Enter it once it is paid."),
    "day_before_offer": _l("The award was not offered yet on this day."),
    "reference_missing": REQUIRED,
    "reason_missing": REQUIRED,
    "text_missing": REQUIRED,
}


class OfferForm(OnceForm):
    title = line(_l("What the award is for"))
    amount = MoneyField(_l("Amount"), required=True)
    papers = TextAreaField(_l("Papers needed before it is paid"), render_kw={"rows": 4})
    accept_by = DateField(_l("Accept by"), validators=[InputRequired(REQUIRED)])
    papers_by = DateField(_l("Papers by"), validators=[Optional()])
    pay_by = DateField(_l("Pay by"), validators=[Optional()])

    def named_papers(self) -> list[str]:
        """The papers, one on each line; empty lines are none."""
        return [each.strip() for each in (self.papers.data or "").splitlines() if each.strip()]


class DivisionForm(OnceForm):
    """One amount for each winner, ``share_1`` and so on, in the order of the shares; made by :func:`division_form`."""

    seen = HiddenField()

    def amounts(self) -> list[int]:
        """What was typed, in minor units."""
        return [field.minor for field in self if isinstance(field, MoneyField) and field.minor is not None]


def division_form(award: Award, names: list[str]) -> DivisionForm:
    """The form to propose another division, beginning with the present one.

    Args:
        names: the winners', in the order of the shares.
    """
    fields: dict[str, Any] = {}
    present: dict[str, str] = {}
    for number, (share, name) in enumerate(zip(award.shares, names, strict=True), start=1):
        fields[f"share_{number}"] = MoneyField(name, currency=award.currency, required=True)
        present[f"share_{number}"] = typed(share.amount_minor, award.currency)
    form: DivisionForm = type("AskedDivisionForm", (DivisionForm,), fields)(seen=division(award), **present)
    return form


class AnswerForm(OnceForm):
    """Agreeing or declining: the division it is about."""

    seen = HiddenField()


class PaperForm(OnceForm):
    url = URLField(_l("Address"), validators=[Length(max=500)])
    note = line(_l("Note"), maximum=500, required=False)


class PaymentForm(OnceForm):
    paid_on = DateField(_l("Paid on"), validators=[InputRequired(REQUIRED)])
    reference = line(_l("Finance’s number of the payment"), maximum=100)


class ReasonForm(OnceForm):
    reason = TextAreaField(
        _l("Why is it taken back?"), validators=[DataRequired(REQUIRED), Length(max=2000)], render_kw={"rows": 4}
    )


class RemarkForm(OnceForm):
    text = prose(_l("Ask or answer"), maximum=5000, rows=4)
