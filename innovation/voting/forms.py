"""Forms of voting."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired

from innovation.kernel.forms import CHOOSE, Form


class MergeForm(Form):
    into = SelectField(_l("Into which idea"), validators=[DataRequired(CHOOSE)])
