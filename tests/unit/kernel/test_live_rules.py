"""A field tells a browser its own rules, in the words the server would use."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from wtforms import DateField, EmailField, Form, IntegerField, StringField
from wtforms.validators import DataRequired, Email, Length, NumberRange, Optional

from innovation.kernel.forms import REQUIRED, MoneyField, OurWords, WallTimeField
from innovation.kernel.live_rules import live_rules


class Sample(Form):
    class Meta:
        def get_translations(self, form: Any) -> Any:
            return OurWords()

    name = StringField(validators=[DataRequired(REQUIRED), Length(max=5, message="At most five.")])
    word = StringField(validators=[Length(min=2, max=5)])
    email = EmailField(validators=[Email()])
    days = IntegerField(validators=[NumberRange(min=1, max=42)])
    least = IntegerField(validators=[Optional(), NumberRange(min=1)])
    budget = MoneyField("Budget")
    due = DateField()
    closes = WallTimeField("Closes", required=False)


@pytest.fixture(autouse=True)
def _words() -> Any:
    app = Flask("sample")
    Babel(app)
    with app.test_request_context():
        yield


def test_each_rule_comes_with_its_words() -> None:
    form = Sample()
    assert live_rules(form.name) == {
        "data-required": "Fill this in.",
        "data-longest": "5",
        "data-longest-said": "At most five.",
    }
    assert live_rules(form.email) == {"data-address": "Write an e-mail address such as name@company.com."}
    assert live_rules(form.days) == {
        "data-number": "Write a whole number.",
        "data-whole": "1",
        "data-range-said": "Write a number from 1 to 42.",
        "data-lowest": "1",
        "data-highest": "42",
    }
    assert live_rules(form.least)["data-range-said"] == "Write a number of at least 1."
    assert live_rules(form.budget) == {"data-money": "Write an amount, such as 25000 or 1250.50."}
    assert live_rules(form.due) == {"data-date": "Write a date, such as 2026-11-27."}
    assert live_rules(form.closes) == {"data-date": "Write a date and time, such as 2026-11-27 17:00."}


@pytest.mark.parametrize(
    ("name", "typed", "attribute"),
    [
        ("name", "", "data-required"),
        ("name", "sixsix", "data-longest-said"),
        ("word", "a", "data-shortest-said"),
        ("word", "sixsix", "data-longest-said"),
        ("email", "ada", "data-address"),
        ("days", "43", "data-range-said"),
        ("days", "many", "data-number"),
        ("least", "0", "data-range-said"),
    ],
)
def test_the_words_are_those_the_server_says_later(name: str, typed: str, attribute: str) -> None:
    from werkzeug.datastructures import MultiDict

    form = Sample(MultiDict({name: typed}))
    form.validate()
    assert live_rules(form[name])[attribute] == str(form[name].errors[0])
