"""Forms of projects."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, HiddenField, RadioField, SelectField, TextAreaField, URLField
from wtforms.validators import URL, DataRequired, InputRequired, Length, Optional

from innovation.kernel.forms import REQUIRED, Form, OnceForm, line, prose

STATUSES = [("on_track", _l("On track")), ("at_risk", _l("At risk")), ("late", _l("Late"))]

MESSAGES: dict[str, Any] = {
    "nobody_has_this_address": _l("Nobody here has this address. Invite the person first."),
    "member_already": _l("This person is in the team already."),
}


class DescribeForm(Form):
    title = line(_l("Name of the project"))
    goal = prose(_l("What it wants to show"), maximum=2000, rows=4)
    work_url = URLField(
        _l("The work is kept in (address)"),
        validators=[Optional(), URL(message=_l("Write a web address, such as https://…")), Length(max=500)],
    )


class UpdateForm(OnceForm):
    status = RadioField(_l("How is it going?"), choices=STATUSES, validators=[DataRequired(REQUIRED)])
    text = TextAreaField(
        _l("Three lines: done, next, in the way"),
        validators=[DataRequired(REQUIRED), Length(max=2000)],
        render_kw={"rows": 4},
    )


class MilestoneForm(OnceForm):
    title = line(_l("What will be there"))
    due_on = DateField(_l("By"), validators=[InputRequired(REQUIRED)])
    owner = SelectField(_l("Who"), validators=[Optional()])


class MemberForm(OnceForm):
    email = EmailField(_l("E-mail address"), validators=[DataRequired(REQUIRED), Length(max=320)])
    task = line(_l("Task in the team"), required=False)


class GateForm(Form):
    gate = HiddenField()
    decision = RadioField(
        _l("Decision"),
        choices=[
            ("pass", _l("Pass: go on to the next gate")),
            ("stop", _l("Stop: the project ends here, with what was learned")),
        ],
        validators=[DataRequired(REQUIRED)],
    )
    reason = TextAreaField(
        _l("Reason, for everyone to read"),
        validators=[DataRequired(REQUIRED), Length(max=4000)],
        render_kw={"rows": 4},
    )
