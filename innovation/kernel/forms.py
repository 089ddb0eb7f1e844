"""Form pieces with no business words: the base form, dates with a zone, money, Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, Field, HiddenField, SelectChoice, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from innovation.kernel.errors import Invalid
from innovation.kernel.money import MoneyError, parse_minor
from innovation.kernel.web import once_key

REQUIRED = _l("Fill this in.")
MONEY_ERRORS = {
    "not_a_number": _l("Write an amount, such as 25000 or 1250.50."),
    "negative": _l("The amount cannot be below zero."),
    "too_precise": _l("Use at most two decimals."),
    "too_large": _l("This amount is too large."),
}


class Form(FlaskForm):
    """Base of every form. Text is stripped; what was typed is kept on an error."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            filters = unbound_field.kwargs.get("filters", ())
            if issubclass(unbound_field.field_class, StringField) and _strip not in filters:
                unbound_field.kwargs["filters"] = (*filters, _strip)
            if isinstance(unbound_field.kwargs.get("choices"), list):
                unbound_field.kwargs["choices"] = options_of(unbound_field.kwargs["choices"])
            return super().bind_field(form, unbound_field, options)

    def refuse(self, error: Invalid, messages: dict[str, Any]) -> None:
        """Put a verb's refusal at the field it concerns (the first one where it names none)."""
        field: Field = self[error.field] if error.field and error.field in self else next(iter(self))
        field.errors = (*field.errors, messages.get(error.code, error.code))


class OnceForm(Form):
    """A form that makes something: a second click on its button finds what the first one made."""

    once = HiddenField(default=once_key)


def options_of(choices: Iterable[Any]) -> list[Any]:
    """(value, label) pairs as what WTForms takes for a choice; what is one already stays."""
    return [SelectChoice(*each) if isinstance(each, tuple) else each for each in choices]


def _strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def line(label: Any, maximum: int = 200, *, required: bool = True, **kwargs: Any) -> StringField:
    """One line of text."""
    return StringField(label, validators=_text_rules(maximum, required), **kwargs)


def prose(label: Any, maximum: int = 20_000, *, required: bool = True, rows: int = 8, **kwargs: Any) -> TextAreaField:
    """Markdown text."""
    return TextAreaField(label, validators=_text_rules(maximum, required), render_kw={"rows": rows}, **kwargs)


def _text_rules(maximum: int, required: bool) -> list[Any]:
    length = Length(max=maximum, message=_l("Use at most %(n)s characters.", n=maximum))
    return [DataRequired(REQUIRED), length] if required else [length]


class WallTimeField(DateTimeLocalField):
    """A date and time as a clock on the wall shows it; the form says in which zone."""

    def __init__(self, label: Any, *, required: bool = True, **kwargs: Any) -> None:
        rules = [InputRequired(REQUIRED)] if required else []
        super().__init__(label, validators=rules, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: datetime | None = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValidationError(_l("Write a date and time, such as 2026-11-27 17:00.")) from None
        # Far years leave no room for the days that a schedule adds to them.
        found: Any = self.data
        if found is not None and not 2000 <= found.year <= 2200:
            self.data = None
            raise ValidationError(_l("Write a date and time, such as 2026-11-27 17:00."))


class MoneyField(StringField):
    """An amount a person types; ``minor`` holds minor units after validation (None when empty)."""

    def __init__(self, label: Any, *, currency: str = "EUR", required: bool = False, **kwargs: Any) -> None:
        rules = [InputRequired(REQUIRED)] if required else []
        super().__init__(label, validators=rules, **kwargs)
        self.currency = currency
        self.minor: int | None = None

    def pre_validate(self, form: Any) -> None:
        self.minor = None
        if not self.data:
            return
        try:
            self.minor = parse_minor(self.data, self.currency)
        except MoneyError as error:
            raise ValidationError(MONEY_ERRORS[error.code]) from None
