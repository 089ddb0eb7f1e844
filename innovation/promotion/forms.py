"""Forms of promotion."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, Length

from innovation.kernel.forms import REQUIRED, Form


class PickForm(Form):
    chosen = RadioField(
        _l("Your choice"),
        choices=[("yes", _l("Choose it: it becomes a project")), ("no", _l("Do not choose it"))],
        validators=[DataRequired(REQUIRED)],
    )
    reason = TextAreaField(
        _l("Reason; the authors read it word for word"),
        validators=[DataRequired(REQUIRED), Length(max=4000)],
        render_kw={"rows": 3},
    )


class CallForm(Form):
    chosen = RadioField(
        _l("Your decision"),
        choices=[("yes", _l("Choose it")), ("no", _l("Do not choose it"))],
        validators=[DataRequired(REQUIRED)],
    )
    reason = TextAreaField(
        _l("Reason; the authors read it word for word"),
        validators=[DataRequired(REQUIRED), Length(max=4000)],
        render_kw={"rows": 2},
    )
