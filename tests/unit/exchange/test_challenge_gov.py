"""Challenge.gov's format on feeds made here."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from innovation.exchange.service.challenge_gov import read
from innovation.exchange.service.rows import Bundle, ChallengeRow


def feed(path: Path, *rows: Any, name: str = "feed-open.json") -> Path:
    file = path / name
    file.write_text(json.dumps({"title": "Open challenges", "_challenge": list(rows)}), encoding="utf-8")
    return file


def challenge(**values: Any) -> dict[str, Any]:
    return {"challenge-id": "7", "challenge-title": "Cleaner solvents"} | values


def one(path: Path, **values: Any) -> tuple[ChallengeRow, Bundle]:
    bundle = read(feed(path, challenge(**values)))
    [row] = bundle.challenges
    return row, bundle


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("07/15/2019 11:59 PM", datetime(2019, 7, 16, 3, 59, tzinfo=UTC)),
        ("7/5/2019 8:00 AM", datetime(2019, 7, 5, 12, tzinfo=UTC)),
        ("2020/03/19 12 p.m.", datetime(2020, 3, 19, 16, tzinfo=UTC)),
        ("2020/03/19 12 a.m.", datetime(2020, 3, 19, 4, tzinfo=UTC)),
        ("2021/12/03 11:59 p.m.", datetime(2021, 12, 4, 4, 59, tzinfo=UTC)),
        ("2021-12-03T17:30:00", datetime(2021, 12, 3, 22, 30, tzinfo=UTC)),
        ("2021-12-03T17:30:00Z", datetime(2021, 12, 3, 17, 30, tzinfo=UTC)),
        ("09/08/2020 11:59PM", datetime(2020, 9, 9, 3, 59, tzinfo=UTC)),
        ("10/08/2020 5:59:59 PM", datetime(2020, 10, 8, 21, 59, 59, tzinfo=UTC)),
        ("10/08/2019  11:00 AM", datetime(2019, 10, 8, 15, tzinfo=UTC)),
        ("06/24/2021 12:00 AM ET", datetime(2021, 6, 24, 4, tzinfo=UTC)),
        ("06/24/2021 5 PM PDT", datetime(2021, 6, 25, 0, tzinfo=UTC)),
        ("10/19/2019 ", datetime(2019, 10, 19, 4, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_eastern_time(tmp_path: Path, written: str, utc: datetime) -> None:
    row, bundle = one(tmp_path, **{"submission-start": written})
    assert row.opens == utc
    assert (row.zone, bundle.problems) == ("America/New_York", ())


def test_a_day_without_a_time_closes_at_its_end(tmp_path: Path) -> None:
    row, _ = one(tmp_path, **{"submission-end": "01/31/2021"})
    assert row.closes == datetime(2021, 2, 1, 4, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["04/23/ 10:00 AM", "03/02/20202 05:00 PM", "soon", "13/31/2020", "02/30/2020", "01/01/2020 13:00 PM",
     "01/01/2020 5", "01/01/2020 25:00", "01/01/2020 5 PM XYZ", "12/31/9999 11:00 PM"],
)  # fmt: skip
def test_a_date_that_means_nothing_is_left_open_and_kept(tmp_path: Path, written: str) -> None:
    row, bundle = one(tmp_path, **{"submission-end": written})
    assert row.closes is None
    assert row.extra["submission-end"] == written
    assert [(problem.code, problem.line, problem.lost) for problem in bundle.problems] == [("not_a_time", 1, False)]


def test_a_time_that_clocks_skip_is_taken_an_hour_later(tmp_path: Path) -> None:
    row, bundle = one(tmp_path, **{"submission-end": "03/14/2021 2:30 AM"})
    assert row.closes == datetime(2021, 3, 14, 7, 30, tzinfo=UTC)
    assert [problem.code for problem in bundle.problems] == ["no_such_time"]


def test_closing_before_opening_leaves_the_opening_open(tmp_path: Path) -> None:
    row, bundle = one(tmp_path, **{"submission-start": "02/01/2021", "submission-end": "01/01/2021"})
    assert (row.opens, row.closes) == (None, datetime(2021, 1, 2, 4, 59, 59, tzinfo=UTC))
    assert [problem.code for problem in bundle.problems] == ["closes_before_opens"]


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("", None),
        ("$1,000,000", 100_000_000),
        ("$15,000,000.00", 1_500_000_000),
        ("$250", 25_000),
        ("$1.2 million", 120_000_000),
        ("5000", 500_000),
    ],
)
def test_prizes_are_cents(tmp_path: Path, written: str, cents: int | None) -> None:
    row, bundle = one(tmp_path, **{"total-prize-offered-cash": written})
    assert (row.prize, row.currency, bundle.problems) == (cents, None if cents is None else "USD", ())


@pytest.mark.parametrize("written", ["up to $500", "$1,00", "tbd", "$-5"])
def test_a_prize_that_is_no_amount_is_reported_and_kept(tmp_path: Path, written: str) -> None:
    row, bundle = one(tmp_path, **{"total-prize-offered-cash": written})
    assert (row.prize, row.extra["total-prize-offered-cash"]) == (None, written)
    assert [problem.code for problem in bundle.problems] == ["not_money"]


@pytest.mark.parametrize(
    ("written", "types"),
    [
        (None, ()),
        ("", ()),
        ("Scientific", ("Scientific",)),
        (["Ideas", "Scientific", "Ideas"], ("Ideas", "Scientific")),
        ("Ideas; Business Plans", ("Ideas", "Business plans")),
        ("Ideas, scientific", ("Ideas", "Scientific")),
        (
            "Software/Apps; Analytics, visualization, and algorithms",
            ("Software and apps", "Analytics, visualizations, algorithms"),
        ),
        (
            "Analytics, visualizations and algorithms, ideas",
            ("Analytics, visualizations, algorithms", "Ideas"),
        ),
        (["Ideas", "Baking, of bread"], ("Ideas", "Baking, of bread")),
        ("Creative (design & multimedia)", ("Creative (multimedia & design)",)),
        (["Ideas", None, 3], ("Ideas",)),
        (17, ()),
    ],
)
def test_types_come_as_text_list_or_nothing(tmp_path: Path, written: Any, types: tuple[str, ...]) -> None:
    assert one(tmp_path, **{"type-of-challenge": written})[0].types == types


def test_html_is_kept_as_it_came_under_headings(tmp_path: Path) -> None:
    hostile = "<p onclick='x()'>Hello</p><script>x()</script>\n"
    row, _ = one(tmp_path, description=hostile, rules="<p>Be kind</p>", judging="\n", prizes=None)
    assert row.brief == f"{hostile}\n<h2>Rules</h2>\n<p>Be kind</p>"
    assert row.brief_format == "html"


def test_what_has_no_column_is_kept_and_redactions_are_not(tmp_path: Path) -> None:
    row, _ = one(tmp_path, **{"fiscal-year": "FY21", "challenge-manager": "REDACTED", "agency": "REDACTED", "x": [1]})
    assert (row.extra, row.sponsor) == ({"fiscal-year": "FY21", "x": "[1]"}, "")


def test_a_challenge_without_id_or_title_is_lost_and_the_others_are_kept(tmp_path: Path) -> None:
    rows = [
        challenge(**{"challenge-title": " "}),
        {"challenge-title": "No id"},
        "text",
        challenge(),
        challenge(),
    ]
    bundle = read(feed(tmp_path, *rows))
    assert [row.title for row in bundle.challenges] == ["Cleaner solvents"]
    assert [(problem.line, problem.code, problem.lost) for problem in bundle.problems] == [
        (1, "missing_value", True),
        (2, "missing_value", True),
        (3, "not_readable", True),
        (5, "twice", True),
    ]


def test_a_permalink_stands_in_for_an_id(tmp_path: Path) -> None:
    row, _ = one(tmp_path, **{"challenge-id": "", "permalink": "https://example.org/c/1"})
    assert (row.foreign_id, row.source_url) == ("https://example.org/c/1", "https://example.org/c/1")


def test_a_folder_is_read_open_feeds_first(tmp_path: Path) -> None:
    feed(tmp_path, challenge(challenge_status="closed"), name="feed-closed.json")
    feed(tmp_path, challenge(challenge_status="open"))
    bundle = read(tmp_path)
    assert [row.state for row in bundle.challenges] == ["open"]
    assert [problem.code for problem in bundle.problems] == ["twice"]


@pytest.mark.parametrize("content", ["{", "[1", '{"challenges": []}', "3"])
def test_a_file_that_is_no_feed_is_one_problem(tmp_path: Path, content: str) -> None:
    file = tmp_path / "feed-open.json"
    file.write_text(content, encoding="utf-8")
    [problem] = read(file).problems
    assert (problem.code, problem.lost, problem.file) == ("not_readable", True, "feed-open.json")


def test_an_absent_or_empty_folder_is_one_problem(tmp_path: Path) -> None:
    assert [problem.code for problem in read(tmp_path).problems] == ["absent"]
    assert [problem.code for problem in read(tmp_path / "nowhere").problems] == ["absent"]
