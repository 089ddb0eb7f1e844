"""Forms of promotion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from innovation.kernel.forms import CHOOSE, REQUIRED, Form
from innovation.promotion.models import Decision, Judgement


class PickForm(Form):
    chosen = RadioField(
        _l("Your choice"),
        choices=[("yes", _l("Choose it: it becomes a project")), ("no", _l("Do not choose it"))],
        validators=[DataRequired(CHOOSE)],
    )
    reason = TextAreaField(
        _l("Reason; the authors read it word for word"),
        validators=[DataRequired(REQUIRED), Length(max=4000)],
        render_kw={"rows": 3},
    )


class CallsForm(Form):
    """A choice and a reason for each idea that was too close to call; what is left empty stays open."""

    def of(self, idea: str) -> tuple[bool, str]:
        """What is said of an idea, by public id: whether it is chosen, and why."""
        return self[f"chosen-{idea}"].data == "yes", self[f"reason-{idea}"].data or ""

    def said(self, ideas: Iterable[str]) -> list[str]:
        """The ideas about which something is said. A choice without its reason, or the reverse, becomes an error there."""
        found = []
        for idea in ideas:
            chosen, reason = self[f"chosen-{idea}"], self[f"reason-{idea}"]
            if chosen.data and not reason.data:
                reason.errors = (*reason.errors, _l("Give a reason: the authors of the idea will read it."))
            elif reason.data and not chosen.data:
                chosen.errors = (*chosen.errors, _l("Choose it, or do not choose it."))
            elif chosen.data:
                found.append(idea)
        return found


def calls_form(calls: Iterable[tuple[Decision, Judgement | None]], titles: Mapping[str, str]) -> CallsForm:
    """The form of a run's calls, filled with those made so far."""
    fields: dict[str, Any] = {}
    data: dict[str, str] = {}
    for made, judgement in calls:
        idea = made.idea.public_id
        about = titles.get(idea, idea)
        fields[f"chosen-{idea}"] = RadioField(
            _l("Your decision about “%(title)s”", title=about),
            choices=[("yes", _l("Choose it")), ("no", _l("Do not choose it"))],
            validators=[Optional()],
        )
        fields[f"reason-{idea}"] = TextAreaField(
            _l("Reason; the authors read it word for word"),
            filters=[lambda text: text.strip() if text else ""],
            validators=[Length(max=4000)],
            render_kw={"rows": 2},
        )
        if judgement is not None:
            data |= {f"chosen-{idea}": "yes" if judgement.promoted else "no", f"reason-{idea}": judgement.reason}
    form: CallsForm = type("AskedCallsForm", (CallsForm,), fields)(data=data)
    return form
