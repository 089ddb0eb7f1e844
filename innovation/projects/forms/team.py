"""Asking somebody into a team."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField
from wtforms.validators import DataRequired, Length

from innovation.kernel.forms import REQUIRED, OnceForm, line

TEAM_MESSAGES: dict[str, Any] = {
    "nobody_has_this_address": _l("Nobody here has this address. Invite the person first."),
    "member_already": _l("This person is in the team already."),
    "asked_already": _l("This person was asked before and has not answered yet."),
}


class AskForm(OnceForm):
    email = EmailField(_l("E-mail address"), validators=[DataRequired(REQUIRED), Length(max=320)])
    task = line(_l("Task in the team"), required=False)
