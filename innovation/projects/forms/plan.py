"""What a team fills in about its plan: the description, milestones, tasks, and how it is going."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField, URLField
from wtforms.validators import URL, DataRequired, InputRequired, Length, Optional

from innovation.kernel.forms import CHOOSE, REQUIRED, Form, OnceForm, line, options_of, prose
from innovation.projects.models import Project

STATUSES = [("on_track", _l("On track")), ("at_risk", _l("At risk")), ("late", _l("Late"))]

PLAN_MESSAGES: dict[str, Any] = {
    "starts_after_due": _l("This is after the day it is due."),
    "plan_is_full": _l("The plan is full. Take out a milestone first, or write this one as a task."),
    "board_is_full": _l("The board is full. Take off tasks first, or keep them in your own tool."),
    "no_such_milestone": _l("This milestone is no longer there. Reload the page."),
}


class DescribeForm(Form):
    title = line(_l("Name of the project"))
    goal = prose(_l("What it wants to show"), maximum=2000, rows=4)
    work_url = URLField(
        _l("The work is kept in (address)"),
        validators=[
            Optional(),
            URL(require_tld=False, message=_l("Write a web address, such as https://…")),
            Length(max=500),
        ],
    )


class UpdateForm(OnceForm):
    status = RadioField(_l("How is it going?"), choices=STATUSES, validators=[DataRequired(CHOOSE)])
    done = line(_l("What is done"), 500)
    following = line(_l("What is next"), 500)
    obstacle = line(_l("What is in the way"), 500, required=False)


class MilestoneForm(OnceForm):
    was = HiddenField()
    title = line(_l("What will be there"))
    starts_on = DateField(_l("Work on it begins"), validators=[Optional()])
    due_on = DateField(_l("By"), validators=[InputRequired(REQUIRED)])
    owner = SelectField(_l("Who"), validators=[Optional()])


class TaskForm(OnceForm):
    was = HiddenField()
    title = line(_l("What is to do"))
    owner = SelectField(_l("Who"), validators=[Optional()])
    due_on = DateField(_l("By"), validators=[Optional()])
    milestone = SelectField(_l("For the milestone"), validators=[Optional()])


def owners(project: Project) -> list[Any]:
    """Who can look after something: the members who have accepted, or nobody yet."""
    members = ((each.person.public_id, each.person.name) for each in project.members if each.accepted_at)
    return options_of([("", _l("Nobody yet")), *members])
