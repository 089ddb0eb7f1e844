"""Forms of operators."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField

from innovation.attachments.forms import words_of
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import Form, line, prose

MESSAGES: dict[str, Any] = {
    "not_a_colour": _l("Write the colour as web pages do: # and six digits from 0 to f, such as #0b5c8a."),
    "logo_too_large": _l("This logo takes more than %(most)s KB. Send a simpler or smaller one."),
    "logo_not_an_image": _l("Send a picture: PNG, JPEG or WebP."),
}


class HouseForm(Form):
    name = line(_l("Name of this house"))
    about = line(_l("One sentence for the front page"), maximum=500, required=False)


class LookForm(Form):
    accent = line(_l("Colour"), required=False)
    logo = FileField(_l("Logo"), render_kw={"accept": ".png,.jpg,.jpeg,.webp"})
    without_logo = BooleanField(_l("Take the logo away"))

    def say(self, error: Invalid) -> None:
        """Put what was refused at its field; a picture's own troubles are said as everywhere."""
        said = MESSAGES.get(error.code)
        words = {error.code: str(said) % error.params if said else words_of(error)}
        self.refuse(Invalid(error.code, field="accent" if error.field == "accent" else "logo"), words)


class TextForm(Form):
    text = prose(_l("Text"), maximum=60_000, rows=20)
