"""Forms of pages over several features."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, EmailField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Email, Length, NumberRange, Optional

from innovation.kernel.forms import CHOOSE, REQUIRED, Form, MoneyField, OnceForm, line, prose

REPORT_MESSAGES = {
    "target_out_of_range": _l("Write a whole number that can be reached, or leave it empty."),
}


def _target(label: Any, most: int = 1_000_000) -> IntegerField:
    said = _l("Write a whole number between 0 and %(most)s, or leave it empty.", most=most)
    return IntegerField(label, validators=[Optional(), NumberRange(min=0, max=most, message=said)])


class FreezeForm(OnceForm):
    """Which quarter to freeze."""

    quarter = SelectField(_l("Quarter"), validators=[DataRequired(CHOOSE)])


class TargetsForm(Form):
    """What a programme aims at in a quarter; empty: nothing."""

    started = _target(_l("Challenges started"))
    ideas = _target(_l("Ideas received"))
    kept = _target(_l("Answered in time, in percent"), most=100)
    chosen = _target(_l("Ideas chosen"))
    passed = _target(_l("Proofs passed"))
    adopted = _target(_l("Proofs adopted"))


class SettleForm(Form):
    """Why votes that were flagged stay, or go."""

    reason = TextAreaField(
        _l("Your reason"),
        validators=[DataRequired(REQUIRED), Length(max=2000)],
        render_kw={"rows": 3},
    )


class DeskDayForm(Form):
    """A later day for what was promised, and why."""

    day = DateField(_l("New day"), validators=[DataRequired(_l("Choose a day."))])
    reason = prose(_l("Why does it take longer?"), maximum=2_000, rows=3)


class DeskPersonForm(Form):
    """Who stands in for those who have to act."""

    email = line(_l("E-mail address of the stand-in"))


class SampleForm(Form):
    """One field of each kind, for the style guide."""

    class Meta(Form.Meta):
        csrf = False

    title = line("Title")
    text = prose("Your idea", description="What you propose, and what is still uncertain.", rows=6)
    email = EmailField("E-mail address", validators=[DataRequired(REQUIRED), Email()])
    amount = IntegerField("How many days", validators=[DataRequired(REQUIRED), NumberRange(min=1, max=42)])
    budget = MoneyField("What it needs from the budget")
    due = DateField("Due", validators=[Optional()])
    zone = SelectField("Zone", choices=[("Europe/Amsterdam", "Europe/Amsterdam"), ("Asia/Tokyo", "Asia/Tokyo")])
    who = RadioField(
        "Who can take part", choices=[("staff", "Our own staff"), ("all", "Everybody")], validators=[DataRequired(CHOOSE)]
    )
    score = RadioField(
        "Would it work?", choices=[(str(n), str(n)) for n in range(1, 6)], description="As far as you can tell."
    )
    sure = BooleanField("I am sure")
