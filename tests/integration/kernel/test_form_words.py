"""What a form says is wrong: in this product's words and languages, never in those of the form library."""

from __future__ import annotations

import gettext
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import SelectFieldBase
from wtforms.i18n import messages_path

from innovation.kernel.forms import CHOOSE, REQUIRED, STOCK, Form, MoneyField, OnceForm, OurWords, WallTimeField, options_of
from tests.support.world import World


def _forms() -> Iterator[type[Form]]:
    """Every form of the product."""
    waiting = [Form]
    while waiting:
        each = waiting.pop()
        waiting += each.__subclasses__()
        if each.__module__.startswith("innovation.") and each not in (Form, OnceForm):
            yield each


def _stock() -> set[str]:
    """What the form library says by itself, both in English and with its numbers cut off."""
    catalog = gettext.translation("wtforms", messages_path(), ["nl"])
    keys = vars(catalog)["_catalog"]
    return {(key[0] if isinstance(key, tuple) else key).split("%")[0] for key in keys} - {""}


def _errors(form: type[Form], value: str) -> list[str]:
    return [str(message) for messages in _sent(form, value).errors.values() for message in messages]


def _sent(form: type[Form], value: str | None) -> Form:
    """A form as it answers to one value in every field, or to fields that are not there."""
    made = form(formdata=MultiDict())
    typed = MultiDict(() if value is None else ((name, value) for name in made._fields))
    filled = form(formdata=typed)
    for field in filled:
        if isinstance(field, SelectFieldBase) and field.choices is None:  # type: ignore[attr-defined]
            field.choices = options_of([("a", "A")])  # type: ignore[attr-defined]
    filled.validate()
    return filled


@pytest.mark.parametrize("value", ["nonsense", "-5", "9" * 30, "x" * 30_000, "", "1.5"])
def test_no_form_speaks_in_the_librarys_words(embedded: World, value: str) -> None:
    stock = _stock()
    with embedded.app.test_request_context("/", method="POST"):
        said = [(form.__name__, each) for form in _forms() for each in _errors(form, value)]
    assert len({name for name, _ in said}) > 3
    assert [(name, each) for name, each in said if any(each.startswith(part) for part in stock)] == []


def test_the_words_stand_for_messages_that_the_library_has() -> None:
    keys = vars(gettext.translation("wtforms", messages_path(), ["nl"]))["_catalog"]
    known = {key[0] if isinstance(key, tuple) else key for key in keys}
    assert STOCK.keys() - known == set()


def test_a_message_with_a_number_keeps_its_number(embedded: World) -> None:
    with embedded.app.test_request_context("/"):
        said = OurWords().ngettext("Field cannot be longer than %(max)d character.", "", 40) % {"max": 40}
    assert said == "Use at most 40 characters."


# --- money ---------------------------------------------------------------------------------------------------------


PRECISE = "Use at most two decimals. A point begins them; a comma sets thousands apart, as in 25,000."


class _Amount(Form):
    amount = MoneyField("Amount")


@pytest.mark.parametrize(
    ("currency", "typed", "said"),
    [
        ("JPY", "12.5", "Use no decimals: JPY has none."),
        ("EUR", "12.555,5555", PRECISE),
        ("EUR", "99.999", PRECISE),
        ("EUR", "99,999", None),
        ("JPY", "1250", None),
    ],
)
def test_too_many_decimals_are_told_by_what_the_currency_has(
    embedded: World, currency: str, typed: str, said: str | None
) -> None:
    with embedded.app.test_request_context("/", method="POST", data={"amount": typed}):
        form = _Amount()
        form.amount.currency = currency
        form.validate()
        found = [str(each) for each in form.amount.errors]
    assert found == ([said] if said else [])


@pytest.mark.parametrize(("language", "typed", "minor"), [("en", "99,999", 9_999_900), ("nl", "99.999", 9_999_900)])
def test_thousands_are_set_apart_as_the_reader_does(embedded: World, language: str, typed: str, minor: int) -> None:
    for text, found in ((typed, minor), (typed.translate(str.maketrans(".,", ",.")), None)):
        cookie = {"Cookie": f"language={language}"}
        with embedded.app.test_request_context("/", method="POST", data={"amount": text}, headers=cookie):
            form = _Amount()
            assert (form.validate(), form.amount.minor) == (found is not None, found)


# --- one of several ------------------------------------------------------------------------------------------------


def test_a_list_where_nothing_was_chosen_asks_for_a_choice_and_a_text_to_be_filled_in(embedded: World) -> None:
    with embedded.app.test_request_context("/", method="POST"):
        said = {
            (isinstance(field, SelectFieldBase), str(message))
            for form in _forms()
            for field in _sent(form, None)
            for message in field.errors
            if str(message) in {str(REQUIRED), str(CHOOSE)}
        }
    assert said == {(True, "Choose one."), (False, "Fill this in.")}


# --- a bad request --------------------------------------------------------------------------------------------------


def test_null_characters_have_a_page_of_their_own(app: Flask) -> None:
    browser = app.test_client()
    for page in (browser.get("/challenges?show=%00"), browser.post("/sign-in", data={"email": "a\x00b"})):
        assert page.status_code == 400
        text = page.get_data(as_text=True)
        assert ("We cannot read what was sent" in text, "We cannot find this page" in text) == (True, False)


def test_wall_times_are_left_alone_where_the_form_names_no_zone(embedded: World) -> None:
    class Plain(Form):
        at = WallTimeField("At")

    with embedded.app.test_request_context("/", method="POST", data={"at": "2027-03-28T02:30"}):
        assert Plain().validate() is True
