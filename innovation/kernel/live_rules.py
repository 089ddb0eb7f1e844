"""A field's rules as attributes of its input, so that a browser can say at once what the server would say later.

The server judges all the same: these are its own words, told sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import DateField, Field, IntegerField
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange

from innovation.kernel.forms import MONEY_ERRORS, REQUIRED, STOCK, MoneyField, WallTimeField


def live_rules(field: Field) -> dict[str, str]:
    """What a browser can check by itself when a field is left: ``data-…`` attributes with the words of each rule."""
    found: dict[str, str] = {}
    for kinds, said in _KINDS:
        if isinstance(field, kinds):
            found.update(said())
            break
    for validator in field.validators:
        for rule, told in _RULES.items():
            if isinstance(validator, rule):
                found.update(told(validator))
    return found


def _required(rule: Any) -> dict[str, str]:
    return {"data-required": str(rule.message or REQUIRED)}


def _length(rule: Any) -> dict[str, str]:
    low, high = rule.min > 0, rule.max != -1
    said = _said(rule.message or STOCK[_LENGTHS[low, high]], rule)
    found = {"data-longest": str(rule.max), "data-longest-said": said} if high else {}
    return found | ({"data-shortest": str(rule.min), "data-shortest-said": said} if low else {})


def _range(rule: Any) -> dict[str, str]:
    missing = {(False, True): "at most %(max)s", (True, False): "at least %(min)s"}
    stock = missing.get((rule.min is not None, rule.max is not None), "between %(min)s and %(max)s")
    said = _said(rule.message or STOCK[f"Number must be {stock}."], rule)
    ends = {"data-lowest": rule.min, "data-highest": rule.max}
    return {"data-range-said": said, **{name: str(end) for name, end in ends.items() if end is not None}}


def _email(rule: Any) -> dict[str, str]:
    return {"data-address": str(rule.message or STOCK["Invalid email address."])}


def _said(message: Any, rule: Any) -> str:
    return str(message) % {"min": rule.min, "max": rule.max}


_LENGTHS = {
    (False, True): "Field cannot be longer than %(max)d character.",
    (True, False): "Field must be at least %(min)d character long.",
    (True, True): "Field must be between %(min)d and %(max)d characters long.",
}
"""(is there a shortest, is there a longest): what the form library would say."""
_RULES: dict[Any, Callable[[Any], dict[str, str]]] = {
    DataRequired: _required,
    InputRequired: _required,
    Length: _length,
    NumberRange: _range,
    Email: _email,
}
_KINDS: tuple[tuple[Any, Callable[[], dict[str, str]]], ...] = (
    (IntegerField, lambda: {"data-number": str(STOCK["Not a valid integer value."]), "data-whole": "1"}),
    (MoneyField, lambda: {"data-money": str(MONEY_ERRORS["not_a_number"])}),
    (WallTimeField, lambda: {"data-date": str(STOCK["Not a valid datetime value."])}),
    (DateField, lambda: {"data-date": str(STOCK["Not a valid date value."])}),
)
