"""Forms of operators."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from innovation.kernel.forms import Form, line, prose


class HouseForm(Form):
    name = line(_l("Name of this house"))
    about = line(_l("One sentence for the front page"), maximum=500, required=False)


class TextForm(Form):
    text = prose(_l("Text"), maximum=60_000, rows=20)
