"""The brief coach on the briefs of 160 real challenges: how many get which hint, and that most hints are rare."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from innovation.challenges.service.coaching import lines
from innovation.exchange.service.challenge_gov import read
from innovation.rules.coach import Draft, Finding, lix, look_at

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "challenge_gov"
pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the published feeds are not in {DATA}"),
]


@cache
def drafts() -> list[Draft]:
    """Every brief as the coach reads one: what is judged by, the description, and the rules as limits."""
    published: dict[str, dict[str, Any]] = {}
    for name in ("feed-open.json", "feed-closed.json"):
        rows = json.loads((DATA / name).read_text(encoding="utf-8"))["_challenge"]
        published |= {row["challenge-id"]: row for row in rows}
    found = []
    for row in read(DATA).challenges:
        source = published[row.foreign_id]
        assert row.closes is not None
        found.append(
            Draft(
                title=row.title,
                summary=lines(row.question, "html"),
                must=lines(source["judging"], "html"),
                background=lines(source["description"], "html"),
                constraints=lines(source["rules"], "html"),
                opens=row.opens or row.closes,
                closes=row.closes,
                outsiders=True,
                prize_minor=row.prize,
                currency="USD",
            )
        )
    return found


@cache
def findings() -> list[list[Finding]]:
    return [look_at(draft) for draft in drafts()]


def test_so_many_briefs_get_each_hint() -> None:
    """Not one title is a question; 72 briefs say nothing of how they judge, 60 nothing of limits. All else is rarer."""
    assert Counter(finding.code for found in findings() for finding in found) == {
        "no_question": 160,
        "thin_must": 72,
        "no_limits": 60,
        "abbreviations": 52,
        "long_brief": 39,
        "closes_soon": 12,
        "closes_late": 10,
        "not_measurable": 9,
        "long_sentences": 8,
        "hard_to_read": 2,
        "much_for_nothing": 2,
    }


def test_what_is_not_simply_missing_is_told_of_few() -> None:
    missing = {"no_question", "thin_must", "no_limits"}
    rest = sorted(sum(finding.code not in missing for finding in found) for found in findings())
    assert (rest[80], rest[150], max(rest)) == (0, 3, 4)


def test_public_briefs_read_like_a_trade_journal_and_are_not_called_hard() -> None:
    measured = sorted(score for draft in drafts() if (score := lix(draft.whole)) is not None)
    assert 48 < measured[len(measured) // 2] < 54
    assert sum(score > 60 for score in measured) == 2
