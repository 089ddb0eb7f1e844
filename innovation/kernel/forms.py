"""Form pieces with no business words: the base form, dates with a zone, money, Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, Field, HiddenField, SelectChoice, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from innovation.kernel import clock
from innovation.kernel.errors import Invalid
from innovation.kernel.i18n import language
from innovation.kernel.money import MoneyError, digits, parse_minor
from innovation.kernel.web import once_key

REQUIRED = _l("Fill this in.")
CHOOSE = _l("Choose one.")
"""What a list of dots or of options says when nothing in it was chosen; nobody fills one in."""
MONEY_ERRORS = {
    "not_a_number": _l("Write an amount, such as 25000 or 1250.50."),
    "negative": _l("The amount cannot be below zero."),
    "too_precise": _l("Use at most two decimals. A point begins them; a comma sets thousands apart, as in 25,000."),
    "too_large": _l("This amount is too large."),
}
TIME_ERRORS = {
    "nonexistent": _l("This time does not exist: the clocks are put forward then. Choose another."),
    "ambiguous": _l("This time exists twice: the clocks are put back then. Choose another."),
}
STOCK: dict[str, Any] = {
    "Not a valid choice.": _l("Choose one of these."),
    "Invalid Choice: could not coerce.": _l("Choose one of these."),
    "'%(value)s' is not a valid choice for this field.": _l("Choose one of these."),
    "Not a valid integer value.": _l("Write a whole number."),
    "Number must be between %(min)s and %(max)s.": _l("Write a number from %(min)s to %(max)s."),
    "Number must be at least %(min)s.": _l("Write a number of at least %(min)s."),
    "Number must be at most %(max)s.": _l("Write a number of at most %(max)s."),
    "Not a valid date value.": _l("Write a date, such as 2026-11-27."),
    "Not a valid datetime value.": _l("Write a date and time, such as 2026-11-27 17:00."),
    "Field cannot be longer than %(max)d character.": _l("Use at most %(max)d characters."),
    "Field must be at least %(min)d character long.": _l("Use at least %(min)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": _l("Use %(min)d to %(max)d characters."),
    "Invalid email address.": _l("Write an e-mail address such as name@company.com."),
    "Invalid URL.": _l("Write a web address, such as https://…"),
    "This field is required.": REQUIRED,
}
"""What the form library says by itself, and what we say instead. A rule with a message of its own does not come here."""


class OurWords:
    """The form library's messages in this product's words and languages."""

    def gettext(self, string: str) -> str:
        return str(STOCK.get(string, string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(STOCK.get(singular, singular if n == 1 else plural))


class Form(FlaskForm):
    """Base of every form. Text is stripped; what was typed is kept on an error."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            return OurWords()

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            filters = unbound_field.kwargs.get("filters", ())
            if issubclass(unbound_field.field_class, StringField) and _strip not in filters:
                unbound_field.kwargs["filters"] = (*filters, _strip)
            if isinstance(unbound_field.kwargs.get("choices"), list):
                unbound_field.kwargs["choices"] = options_of(unbound_field.kwargs["choices"])
            return super().bind_field(form, unbound_field, options)

    def accepted(self, act: Callable[[], object], messages: dict[str, Any]) -> bool:
        """Whether the form was sent, is in order, and the verb took it; what the verb refuses stands at its field."""
        if not self.validate_on_submit():
            return False
        try:
            act()
        except Invalid as error:
            self.refuse(error, messages)
            return False
        return True

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

    def pre_validate(self, form: Any) -> None:
        """A time that the form's zone skips or repeats is said here, together with everything else that is wrong."""
        if self.data is None or "zone" not in form:
            return
        try:
            form["zone"].pre_validate(form)
        except ValidationError:
            return  # the zone's own error is enough
        try:
            clock.to_utc(self.data, form["zone"].data)
        except clock.WallTimeError as error:
            raise ValidationError(TIME_ERRORS[error.code]) from None


class MoneyField(StringField):
    """An amount as the reader's language writes it; ``minor`` holds minor units after validation (None when empty)."""

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
            self.minor = parse_minor(self.data, self.currency, language())
        except MoneyError as error:
            if error.code == "too_precise" and digits(self.currency) == 0:
                raise ValidationError(_l("Use no decimals: %(currency)s has none.", currency=self.currency)) from None
            raise ValidationError(MONEY_ERRORS[error.code]) from None
