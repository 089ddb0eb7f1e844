"""The form of one of a challenge's own questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from innovation.challenges.models import OwnQuestion
from innovation.challenges.service.questions import Wording
from innovation.kernel.forms import CHOOSE, OnceForm, line, options_of
from innovation.rules.answers import LONGEST_TEXT, USUAL_TEXT, AnswerKind

KIND_NAMES: dict[str, Any] = {
    AnswerKind.TEXT: _l("Words"),
    AnswerKind.NUMBER: _l("A number"),
    AnswerKind.CHOICE: _l("One of several answers"),
    AnswerKind.FILE: _l("A file"),
    AnswerKind.YES_NO: _l("Yes or no"),
}
QUESTION_MESSAGES: dict[str, Any] = {
    "question_missing": _l("Write the question."),
    "question_twice": _l("This question stands here already."),
    "limit_out_of_range": _l("Write a number from 1 to %(most)s.", most=LONGEST_TEXT),
    "options_out_of_range": _l("Give two to twelve answers to choose from, one on each line."),
    "option_twice": _l("One of these answers stands here twice."),
}


class QuestionForm(OnceForm):
    """One question. What its kind has no use for is not kept."""

    label = line(_l("The question"), 300, required=False)
    kind = RadioField(
        _l("How is it answered?"),
        choices=[(str(kind), name) for kind, name in KIND_NAMES.items()],
        default=str(AnswerKind.TEXT),
        validators=[DataRequired(CHOOSE)],
    )
    most = IntegerField(_l("At most so many characters"), default=USUAL_TEXT, validators=[Optional()])
    unit = line(_l("In which unit"), 40, required=False)
    options = TextAreaField(
        _l("The answers to choose from"),
        validators=[Length(max=4000, message=_l("Use at most %(n)s characters.", n=4000))],
        render_kw={"rows": 5},
    )
    help = line(_l("A line of help"), 500, required=False)
    criterion = SelectField(_l("What the panel judges by it"), default="")
    required = BooleanField(_l("An idea cannot be sent without an answer"))

    def of_panel(self, criteria: Sequence[str]) -> QuestionForm:
        """Offer the panel's criteria, by their names in their order."""
        named = [(str(place), name) for place, name in enumerate(criteria, start=1)]
        self.criterion.choices = options_of([("", _l("Nothing in particular")), *named])
        return self

    def wording(self) -> Wording:
        return Wording(
            kind=AnswerKind(self.kind.data),
            label=self.label.data or "",
            help=self.help.data or "",
            required=bool(self.required.data),
            most=self.most.data,
            unit=self.unit.data or "",
            options=(self.options.data or "").splitlines(),
            criterion=int(self.criterion.data) if self.criterion.data else None,
        )


def question_data(question: OwnQuestion) -> dict[str, Any]:
    """A question as its form shows it."""
    return {
        "label": question.label,
        "kind": question.kind,
        "most": question.most or USUAL_TEXT,
        "unit": question.unit,
        "options": "\n".join(question.options),
        "help": question.help,
        "criterion": str(question.criterion or ""),
        "required": question.required,
    }
