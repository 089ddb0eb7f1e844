"""Forms of pages over several features."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from innovation.kernel.forms import REQUIRED, Form


class SettleForm(Form):
    """Why votes that were flagged stay, or go."""

    reason = TextAreaField(
        _l("Your reason"),
        validators=[DataRequired(REQUIRED), Length(max=2000)],
        render_kw={"rows": 3},
    )
