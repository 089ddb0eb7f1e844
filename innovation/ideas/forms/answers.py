"""A field for each kind of answer. They judge nothing: a draft keeps whatever is typed, and sending asks the rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField

from innovation.challenges.models import OwnQuestion
from innovation.ideas.service.answering import FIELD
from innovation.kernel.i18n import language, written
from innovation.kernel.money import DECIMAL_SIGNS
from innovation.rules.answers import NO, TYPED_AT_MOST, YES, AnswerKind, is_number, number
from innovation.rules.file_kinds import ACCEPTED

FILE = "_file"
"""Behind the name of a question's field: the name of the field in which a file is chosen on one's own machine."""
SHORT_TEXT = 150
MOST_DOTS = 6
"""With more options than this, or where none need be chosen, they are a list to open rather than dots."""


class NumberAnswer(StringField):
    """A number as the reader's language writes it; what is none stays as it was typed."""

    def process_data(self, value: Any) -> None:
        self.data = written(value) if value and is_number(value) else value

    def kept(self) -> str:
        typed = self.data or ""
        found = number(typed, DECIMAL_SIGNS.get(language(), "."))
        return typed if found is None else found


def answer_fields(asked: Iterable[OwnQuestion], files: dict[str, str]) -> dict[str, Any]:
    """The form's fields for these questions, by name.

    Args:
        files: the idea's files that can be an answer: address -> name.
    """
    fields: dict[str, Any] = {}
    for each in asked:
        name = FIELD + each.public_id
        if each.kind == AnswerKind.FILE:
            if files:
                choices = [("", _l("No file")), *files.items()]
                fields[name] = SelectField(each.label, choices=choices, description=each.help, validate_choice=False)
            kwargs = {"render_kw": {"accept": ACCEPTED}}
            fields[name + FILE] = FileField(each.label, description=each.help, **kwargs)
        else:
            fields[name] = _field(each)
    return fields


def _field(question: OwnQuestion) -> Any:
    said: dict[str, Any] = {"label": question.label, "description": question.help}
    if question.kind == AnswerKind.NUMBER:
        return NumberAnswer(**said, render_kw={"inputmode": "decimal", "autocomplete": "off"})
    if question.kind == AnswerKind.YES_NO:
        return RadioField(**said, choices=_dots([(YES, _l("Yes")), (NO, _l("No"))], question), validate_choice=False)
    if question.kind == AnswerKind.CHOICE:
        offered = [(each, each) for each in question.options]
        if len(offered) <= MOST_DOTS:
            return RadioField(**said, choices=_dots(offered, question), validate_choice=False)
        return SelectField(**said, choices=[("", _l("Choose one")), *offered], validate_choice=False)
    if question.most is not None and question.most <= SHORT_TEXT:
        return StringField(**said)
    return TextAreaField(**said, render_kw={"rows": 4 if (question.most or 0) <= 600 else 7})


def _dots(offered: list[tuple[Any, Any]], question: OwnQuestion) -> list[tuple[Any, Any]]:
    """A dot cannot be taken away again, so where no answer is needed there is one for none."""
    return offered if question.required else [*offered, ("", _l("No answer"))]


def answers_given(fields: dict[str, Field]) -> dict[str, str]:
    """What was sent, as it is kept, by the question's address. A field that was not on the page says nothing."""
    found = {}
    for name, field in fields.items():
        if not name.startswith(FIELD) or name.endswith(FILE) or name not in request.form:
            continue
        value = field.kept() if isinstance(field, NumberAnswer) else str(field.data or "")
        found[name.removeprefix(FIELD)] = value[:TYPED_AT_MOST]
    return found
