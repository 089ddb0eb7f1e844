"""Amounts as people type them, exact."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innovation.kernel.money import Money, MoneyError, parse_minor


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
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
def test_amounts_are_read_as_meant(typed: str, currency: str, minor: int) -> None:
    assert parse_minor(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "not_a_number"), ("much", "not_a_number"), ("12a", "not_a_number"), ("-5", "negative"), ("1.2345", "too_precise")],
)
def test_what_is_no_amount_says_why(typed: str, code: str) -> None:
    with pytest.raises(MoneyError) as refused:
        parse_minor(typed, "EUR")
    assert refused.value.code == code


@given(st.integers(min_value=0, max_value=10**15))
def test_every_amount_comes_back(minor: int) -> None:
    assert parse_minor(f"{Money(minor, 'EUR').major():.2f}", "EUR") == minor
    assert Money(minor, "EUR").major() == Decimal(minor) / 100
