"""Forms of what is done with a challenge once it is written, and of a new programme: a line or two each."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import DataRequired

from innovation.kernel.forms import CHOOSE, REQUIRED, Form, OnceForm, WallTimeField, line, prose

HOST = "host"


class PublicResultsForm(Form):
    """Whether a challenge's results may be public, and whose question it is: an organisation's public id, or the host's."""

    shown = BooleanField(_l("Its results may stand on the public results page"))
    organisation = SelectField(_l("Whose question it is"), default=HOST, validators=[DataRequired(CHOOSE)])


class ReturnForm(Form):
    note = TextAreaField(_l("What should be changed?"), validators=[DataRequired(REQUIRED)], render_kw={"rows": 3})


class StopForm(Form):
    note = TextAreaField(
        _l("Why does it stop, and what happens to the ideas?"), validators=[DataRequired(REQUIRED)], render_kw={"rows": 3}
    )


class ExtendForm(Form):
    closes = WallTimeField(_l("New closing time"))


class NamePersonForm(Form):
    email = line(_l("E-mail address"))
    role = SelectField(
        _l("As"), choices=[("sponsor", _l("Sponsor: reads, answers, decides")), ("panel", _l("Panel member: reads along"))]
    )


class ProgrammeForm(OnceForm):
    title = line(_l("Name of the programme"))
    description = prose(_l("What it is for"), required=False, rows=4)
