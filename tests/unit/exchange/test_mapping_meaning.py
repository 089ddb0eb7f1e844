"""What a row means by a mapping: words, days, lists, and what is told where it means nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from innovation.exchange.service.mapping import guessing
from innovation.exchange.service.mapping.fields import FIELDS, Kind
from innovation.exchange.service.mapping.meaning import Entry, Mapping, Reader, Take
from innovation.exchange.service.mapping.sheets import Line


def _idea(said: str, **more: str) -> Entry:
    takes = {name: Take(name) for name in ("id", "challenge", "title", "submitted")}
    reader = Reader(Mapping(Kind.IDEAS, takes, **more), ["id", "challenge", "title", "submitted"])  # type: ignore[arg-type]
    return reader.read(Line(2, ["1", "C", "T", said]))


@pytest.mark.parametrize(
    ("said", "order", "zone", "instant"),
    [
        ("3-4-2021", "dmy", "UTC", datetime(2021, 4, 3, tzinfo=UTC)),
        ("3/4/2021", "mdy", "UTC", datetime(2021, 3, 4, tzinfo=UTC)),
        ("3.4.21 7:05", "dmy", "Europe/Amsterdam", datetime(2021, 4, 3, 5, 5, tzinfo=UTC)),
        ("3/4/2021 7:05 PM", "mdy", "America/New_York", datetime(2021, 3, 5, 0, 5, tzinfo=UTC)),
        ("3/4/2021 12:05 am", "mdy", "UTC", datetime(2021, 3, 4, 0, 5, tzinfo=UTC)),
        ("2021/4/3", "mdy", "UTC", datetime(2021, 4, 3, tzinfo=UTC)),
        ("2021-04-03", "mdy", "Europe/Amsterdam", datetime(2021, 4, 2, 22, tzinfo=UTC)),
        ("2021-04-03T10:00:00Z", "dmy", "Europe/Amsterdam", datetime(2021, 4, 3, 10, tzinfo=UTC)),
        ("2021-04-03 10:00:00 +0200", "dmy", "UTC", datetime(2021, 4, 3, 8, tzinfo=UTC)),
        ("2021-04-03 10:00:00 UTC", "dmy", "Europe/Amsterdam", datetime(2021, 4, 3, 10, tzinfo=UTC)),
        ("1403067224363", "dmy", "UTC", datetime(2014, 6, 18, 4, 53, 44, tzinfo=UTC)),
        ("1403067224", "dmy", "UTC", datetime(2014, 6, 18, 4, 53, 44, tzinfo=UTC)),
    ],
)
def test_days_are_read_as_they_are_written(said: str, order: str, zone: str, instant: datetime) -> None:
    row = _idea(said, dates=order, zone=zone).row
    assert getattr(row, "submitted_at", None) == instant


@pytest.mark.parametrize("said", ["31-2-2021", "13/13/2021", "soon", "0-0-0", "2021-99-99", "99999999999999999999"])
def test_a_day_that_does_not_exist_is_told_as_it_stands(said: str) -> None:
    entry = _idea(said)
    assert (entry.row, [(each.code, each.params["value"]) for each in entry.problems]) == (None, [("not_a_date", said)])


def test_a_word_without_a_meaning_is_told_and_not_guessed() -> None:
    takes = {"id": Take("a"), "name": Take("b"), "circle": Take("c", "partner")}
    reader = Reader(Mapping(Kind.PEOPLE, takes, {"circle": {"friend": "expert"}}), ["a", "b", "c"])
    said = [reader.read(Line(2, ["1", "N", word])) for word in ("Friend", "", "STAFF", "enemy")]
    assert [getattr(entry.row, "circle", None) for entry in said] == ["expert", "partner", "staff", None]
    assert [each.code for each in said[3].problems] == ["no_meaning"]


def test_a_mapping_is_kept_whole_and_forgets_fields_that_are_no_more() -> None:
    mapping = Mapping(
        Kind.VOTES, {"idea": Take("a"), "value": Take("", "1")}, {"value": {"ja": "1"}}, "mdy", ";", "Europe/Amsterdam"
    )
    kept = mapping.as_json()
    kept["takes"]["gone"] = {"column": "x", "value": ""}
    assert Mapping.from_json(Kind.VOTES, kept) == mapping


def test_what_is_long_is_told_and_not_cut() -> None:
    takes = {name: Take(name) for name in ("id", "challenge", "title")}
    entry = Reader(Mapping(Kind.IDEAS, takes), ["id", "challenge", "title"]).read(Line(2, ["1", "C", "T" * 301]))
    assert [(each.code, each.params["limit"]) for each in entry.problems] == [("too_long_for", 300)]


def test_every_field_is_found_by_its_own_name_and_each_column_is_used_once() -> None:
    for kind, fields in FIELDS.items():
        headings = [each.name for each in fields]
        found = guessing.guess(kind, headings, [])
        assert {name: take.column for name, take in found.takes.items()} == {name: name for name in headings}


def test_month_first_is_told_by_a_number_that_is_no_month() -> None:
    lines = [Line(2, ["1", "C", "T", "3/4/2021"]), Line(3, ["2", "C", "T", "3/14/2021"])]
    headings = ["id", "challenge", "title", "submitted"]
    guessed = [guessing.guess(Kind.IDEAS, headings, lines[:number]).dates for number in (1, 2)]
    assert guessed == ["dmy", "mdy"]
