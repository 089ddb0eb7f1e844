"""Forms of pages over several features."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from innovation.kernel.forms import REQUIRED, Form, OnceForm

REPORT_MESSAGES = {
    "target_out_of_range": _l("Write a whole number that can be reached, or leave it empty."),
}


def _target(label: Any, most: int = 1_000_000) -> IntegerField:
    said = _l("Write a whole number between 0 and %(most)s, or leave it empty.", most=most)
    return IntegerField(label, validators=[Optional(), NumberRange(min=0, max=most, message=said)])


class FreezeForm(OnceForm):
    """Which quarter to freeze."""

    quarter = SelectField(_l("Quarter"), validators=[DataRequired(REQUIRED)])


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
