"""Challenge.gov's own feeds: all 160 challenges are read, the odd ones too."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from innovation.exchange.service.challenge_gov import TYPES, read
from innovation.exchange.service.rows import Bundle

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "challenge_gov"
pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the published feeds are not in {DATA}"),
]


@cache
def bundle() -> Bundle:
    return read(DATA)


@cache
def published() -> dict[str, dict[str, Any]]:
    rows = []
    for name in ("feed-open.json", "feed-closed.json"):
        rows += json.loads((DATA / name).read_text(encoding="utf-8"))["_challenge"]
    return {row["challenge-id"]: row for row in rows}


def test_all_challenges_are_read() -> None:
    assert len(bundle().challenges) == 160
    assert {row.foreign_id for row in bundle().challenges} == set(published())
    assert sorted(row.state or "" for row in bundle().challenges) == ["closed"] * 145 + ["open"] * 15


def test_only_two_dates_mean_nothing_and_they_are_kept_as_written() -> None:
    told = {(problem.code, problem.params["value"]) for problem in bundle().problems}
    assert told == {("not_a_time", "03/02/20202 05:00 PM"), ("not_a_time", "04/23/ 10:00 AM")}
    undated = [row for row in bundle().challenges if row.opens is None]
    assert sorted(row.extra["submission-start"] for row in undated) == [
        "03/02/20202 05:00 PM",
        "04/23/ 10:00 AM",
    ]
    assert all(row.closes is not None for row in bundle().challenges)


def test_every_text_is_the_publishers_own() -> None:
    for row in bundle().challenges:
        source = published()[row.foreign_id]
        for name in ("description", "prizes", "rules", "judging", "how-to-enter"):
            assert source[name] in row.brief or not source[name].strip()
        assert row.brief_format == "html"
        assert row.title == source["challenge-title"].strip()


def test_prizes_are_the_amounts_of_the_feed() -> None:
    for row in bundle().challenges:
        written = published()[row.foreign_id]["total-prize-offered-cash"]
        digits = written.partition(".")[0].replace("$", "").replace(",", "")
        assert row.prize == (int(digits) * 100 if digits else None)
    assert sum(row.prize is not None for row in bundle().challenges) == 115


def test_types_survive_as_the_publishers_list_or_as_written() -> None:
    odd = {name for row in bundle().challenges for name in row.types} - set(TYPES)
    assert odd == {"Creative", "Ideation", "Technology", "Virtual Reality", "technology demonstration"}
    assert [row.foreign_id for row in bundle().challenges if not row.types] == [
        name for name, row in published().items() if row["type-of-challenge"] is None
    ]


def test_nothing_redacted_is_taken_for_a_fact() -> None:
    for row in bundle().challenges:
        assert "REDACTED" not in (row.sponsor, *row.extra.values())
