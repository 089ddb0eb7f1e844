"""Every kind of message has one topic; what a person chooses holds, but for what he must know."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

import innovation
from innovation.rules import notices
from innovation.rules.notices import _KINDS, PLANS, TOPICS, Frequency, Topic, Way, last_morning, once_each, ways, working_day

HOUSE = Path(innovation.__file__).parent
ZONE = "Europe/Amsterdam"


def test_every_topic_has_a_plan_and_every_kind_one_topic() -> None:
    assert set(PLANS) == set(Topic) == set(_KINDS)
    kinds = [kind for its in _KINDS.values() for kind in its]
    assert len(kinds) == len(set(kinds)) == len(TOPICS)
    assert max(map(len, kinds)) <= 40


def test_every_kind_that_is_written_belongs_to_a_topic() -> None:
    """Whatever the doors of facts name as a kind, in a call or in a table of theirs, has its topic."""
    told: set[str] = set()
    for path in sorted((HOUSE / "notifications" / "work").glob("*.py")):
        text = path.read_text("utf-8")
        for pattern in (
            r'service\.(?:tell|write)\(\s*event,\s*"(\w+)"',
            r'_(?:tell|link_mail)\(event, "(\w+)"',
            r'"[A-Z]\w+": "(\w+)"',
            r'[\[,] ?\("(\w+)", (?:\w+\.)?\w+[,()]',
            r'kind = "(\w+)" if ',
            r'kind = "\w+" if .* else "(\w+)"',
        ):
            told |= set(re.findall(pattern, text))
    assert len(told) > 40
    assert told - TOPICS.keys() == set()


MUST = {
    "decision": "decision",
    "deadline_moved": "deadline",
    "answer_due": "deadline",
    "closing_draft": "deadline",
    "idea_received": "terms",
    "author_named": "terms",
    "invitation": "invitation",
    "member_asked": "invitation",
    "reset": "account",
    "confirmation": "account",
    "comment_removed": "moderated",
}


@pytest.mark.parametrize("kind", MUST)
def test_a_must_reaches_whoever_switched_it_off_and_muted_it(kind: str) -> None:
    topic = TOPICS[kind]
    nothing = dict.fromkeys(Way, False)
    assert topic == MUST[kind]
    assert ways(topic, nothing, muted=True, digest="off") == PLANS[topic].ways
    assert Way.MAIL in PLANS[topic].ways
    assert [notices.can_choose(topic, way) for way in Way] == [False] * 3


def test_what_is_no_must_follows_choices_mutes_and_the_digest() -> None:
    free = [topic for topic, plan in PLANS.items() if not plan.must]
    assert len(free) == 9
    for topic in free:
        assert ways(topic, {}, muted=False, digest="daily") == PLANS[topic].ways
        assert ways(topic, {}, muted=True, digest="daily") == frozenset()
        assert ways(topic, dict.fromkeys(Way, False), muted=False, digest="daily") == frozenset()
        assert ways(topic, dict.fromkeys(Way, True), muted=False, digest="daily") == frozenset(Way)
        assert ways(topic, dict.fromkeys(Way, True), muted=False, digest="off") == {Way.PAGE, Way.MAIL}


def test_each_person_is_told_once_and_by_the_first_group() -> None:
    groups = [("answer", [3, 1]), ("idea", [1, 2, 9]), ("follow", [1, 2, 3, 4])]
    assert once_each(groups, but={9, 4}) == [("answer", [1, 3]), ("idea", [2]), ("follow", [])]


@pytest.mark.parametrize(
    ("now", "frequency", "morning"),
    [
        ("2026-11-18T06:00", "daily", "2026-11-18T06:00"),  # a Wednesday, seven o'clock in winter
        ("2026-11-18T05:59", "daily", "2026-11-17T06:00"),
        ("2026-11-18T06:00", "weekly", "2026-11-16T06:00"),
        ("2026-11-16T05:59", "weekly", "2026-11-09T06:00"),
        ("2026-11-16T06:00", "weekly", "2026-11-16T06:00"),
        ("2026-07-01T05:00", "daily", "2026-07-01T05:00"),  # summer
        ("2026-10-25T05:59", "daily", "2026-10-24T05:00"),  # the night the clocks went back
        ("2026-10-25T06:00", "daily", "2026-10-25T06:00"),
        ("2026-10-25T06:00", "off", None),
    ],
)
def test_the_last_morning_is_seven_on_the_wall(now: str, frequency: str, morning: str | None) -> None:
    expected = datetime.fromisoformat(morning).replace(tzinfo=UTC) if morning else None
    assert last_morning(datetime.fromisoformat(now).replace(tzinfo=UTC), frequency, ZONE) == expected


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-23T06:30", "2026-11-23"),  # a Monday, half past seven in winter
        ("2026-11-23T06:29", None),
        ("2026-11-23T22:59", "2026-11-23"),
        ("2026-11-20T23:10", None),  # a Saturday by now
        ("2026-11-22T12:00", None),
        ("2026-07-03T05:30", "2026-07-03"),  # a Friday in summer
    ],
)
def test_a_working_days_mail_is_due_from_its_hour_on(now: str, day: str | None) -> None:
    found = working_day(datetime.fromisoformat(now).replace(tzinfo=UTC), time(7, 30), ZONE)
    assert (found.isoformat() if found else None) == day


def test_the_frequencies_are_those_of_a_person() -> None:
    assert [str(each) for each in Frequency] == ["off", "daily", "weekly"]
