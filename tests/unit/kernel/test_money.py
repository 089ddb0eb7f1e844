"""Amounts as people type them, exact."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innovation.kernel.money import CURRENCIES, Money, MoneyError, parse_minor, typed


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("25000", "EUR", 2_500_000),
        ("25.000", "EUR", 2_500_000),
        ("25,000", "EUR", 2_500_000),
        ("1.250,50", "EUR", 125_050),
        ("1,250.50", "EUR", 125_050),
        ("€ 12,5", "EUR", 1_250),
        ("0", "EUR", 0),
        ("1 250 000", "EUR", 125_000_000),
        ("5000", "JPY", 5000),
    ],
)
def test_amounts_are_read_as_meant(text: str, currency: str, minor: int) -> None:
    assert parse_minor(text, currency) == minor


READ = {
    # text: (by an English reader, by a Dutch one, in a file)
    "99.999": ("too_precise", 9_999_900, 9_999_900),
    "99,999": (9_999_900, "too_precise", 9_999_900),
    "25.000": ("too_precise", 2_500_000, 2_500_000),
    "25,000": (2_500_000, "too_precise", 2_500_000),
    "1.250.000": (125_000_000,) * 3,
    "1,250,000": (125_000_000,) * 3,
    "1.250,50": (125_050,) * 3,
    "1,250.50": (125_050,) * 3,
    "12.5": (1_250,) * 3,
    "12,5": (1_250,) * 3,
    "1,250.500": ("too_precise",) * 3,
    "1.250,500": ("too_precise",) * 3,
    "0.125": ("too_precise",) * 3,
    "0,125": ("too_precise",) * 3,
    ".500": ("too_precise",) * 3,
    "1234.567": ("too_precise",) * 3,
    "1234,567": ("too_precise",) * 3,
    "-1,250": ("negative", "negative", "negative"),
}


def _read(text: str, language: str | None, currency: str = "EUR") -> int | str:
    try:
        return parse_minor(text, currency, language)
    except MoneyError as error:
        return error.code


@pytest.mark.parametrize("text", READ)
def test_a_sign_before_three_digits_is_what_it_is_in_the_readers_language(text: str) -> None:
    assert tuple(_read(text, language) for language in ("en", "nl", None)) == READ[text]


def test_a_currency_without_decimals_has_thousands_all_the_same() -> None:
    read = [_read(text, language, "JPY") for text in ("5.000", "5,000") for language in ("en", "nl", None)]
    assert read == ["too_precise", 5000, 5000, 5000, "too_precise", 5000]


@given(st.integers(min_value=0, max_value=10**15), st.sampled_from(sorted(CURRENCIES)), st.sampled_from(["en", "nl", None]))
def test_what_a_form_begins_with_is_read_back_in_every_language(minor: int, currency: str, language: str | None) -> None:
    assert parse_minor(typed(minor, currency), currency, language) == minor


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "not_a_number"), ("much", "not_a_number"), ("12a", "not_a_number"), ("-5", "negative"), ("1.2345", "too_precise")],
)
def test_what_is_no_amount_says_why(text: str, code: str) -> None:
    with pytest.raises(MoneyError) as refused:
        parse_minor(text, "EUR")
    assert refused.value.code == code


@given(st.integers(min_value=0, max_value=10**15))
def test_every_amount_comes_back(minor: int) -> None:
    assert parse_minor(f"{Money(minor, 'EUR').major():.2f}", "EUR") == minor
    assert Money(minor, "EUR").major() == Decimal(minor) / 100
