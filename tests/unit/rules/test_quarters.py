"""Quarters of a year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from innovation.rules.quarters import Quarter, parse, quarter_of


def test_a_quarter_is_read_and_said() -> None:
    assert [parse(text) for text in ("2026-Q4", "2026-Q5", "2026-q1", "26-Q1", "", "2026-Q1 ")] == [
        Quarter(2026, 4),
        *[None] * 5,
    ]
    assert (str(Quarter(2026, 1)), Quarter(2026, 1).before, Quarter(2026, 4).next) == (
        "2026-Q1",
        Quarter(2025, 4),
        Quarter(2027, 1),
    )


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2150, 1, 1)))
def test_every_instant_lies_in_exactly_one(moment: datetime) -> None:
    at = moment.replace(tzinfo=UTC)
    found = quarter_of(at)
    assert found.starts <= at < found.ends == found.next.starts
    assert quarter_of(found.ends - timedelta(microseconds=1)) == found == parse(str(found))
