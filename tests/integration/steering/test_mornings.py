"""The manager's mail in the morning: counts and links, once, to who has something on his desk, and nothing by name."""

from __future__ import annotations

import re
from datetime import date

import pytest

from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.notifications.service import choosing, mornings
from innovation.rules.notices import Topic, Way
from innovation.settings import SettingsError, load
from tests.integration.steering.test_desk import Monday
from tests.support.letters import Letter
from tests.support.pages import words
from tests.support.race import at_once
from tests.support.world import World

CLOCK = house(Origin.CLOCK)
DAY = date(2026, 11, 23)


@pytest.fixture
def monday(world: World) -> Monday:
    return Monday(world)


def _morning(monday: Monday, day: date = DAY) -> list[Letter]:
    """The desk mails so far, after a morning."""
    db.session.rollback()
    mornings.tell_managers(actor=CLOCK, day=day)
    monday.world.settle()
    return [each for each in monday.world.letters() if "on your desk" in each.subject]


def test_the_mail_counts_what_the_desk_shows(monday: Monday) -> None:
    world = monday.world
    monday.proposed(title="Planted title?")
    monday.proposed()
    monday.decided(title="Planted result?")
    monday.promised(world.challenge(monday.sponsor, monday.programme, title="Planted promise?"), days=-1)
    (letter,) = [each for each in _morning(monday) if each.to == "mona@example.org"]
    page = words(monday.browser.get("/desk"))
    told = dict(re.findall(r"^- (.+?): (\d+)", letter.text, re.M))
    assert told == {"Challenges to approve": "2", "Results to announce": "1", "Answers promised this week, or late": "1"}
    assert [f"{name} {count}" in page for name, count in told.items()] == [True] * 3
    assert letter.subject == "4 things wait on your desk"
    assert "1 (1 late)" in letter.text
    assert [f"/desk/{name}" in letter.text for name in ("approvals", "results", "answers")] == [True] * 3
    assert ["Planted" in part for part in (letter.subject, letter.text, letter.html)] == [False] * 3


def test_it_comes_once_a_day_and_not_at_all_where_nothing_waits(monday: Monday) -> None:
    assert _morning(monday) == []
    monday.proposed()
    # The morning is over: what comes later waits for the next one.
    assert _morning(monday) == []
    following = date(2026, 11, 24)
    assert len([each for each in _morning(monday, following) if each.to == "mona@example.org"]) == 1
    assert len([each for each in _morning(monday, following) if each.to == "mona@example.org"]) == 1


def test_who_switched_it_off_gets_none(monday: Monday) -> None:
    choosing.choose(actor=monday.manager, wanted={Topic.DESK: set[Way]()}, digest="daily")
    monday.proposed()
    assert [each.to for each in _morning(monday)] == ["manager@example.org"]


def test_what_was_decided_meanwhile_is_not_counted_and_an_empty_mail_does_not_leave(monday: Monday) -> None:
    world = monday.world
    made = monday.proposed()
    db.session.rollback()
    mornings.tell_managers(actor=CLOCK, day=DAY)
    monday.browser.post("/desk/decisions/publication", {"chosen": f"challenge:{made.public_id}", "confirmed": "yes"})
    world.settle()
    assert [each for each in world.letters() if "on your desk" in each.subject] == []


def test_two_clocks_at_once_tell_a_manager_once(monday: Monday) -> None:
    monday.proposed()
    db.session.rollback()
    at_once(monday.world.app, [lambda: mornings.tell_managers(actor=CLOCK, day=DAY)] * 4)
    monday.world.settle()
    told = [each.to for each in monday.world.letters() if "on your desk" in each.subject]
    assert sorted(told) == ["manager@example.org", "mona@example.org"]


@pytest.mark.parametrize("written", ["half past seven", "25:00", "07:30+01:00"])
def test_an_hour_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(SettingsError, match="INNOVATION_DESK_MAIL"):
        load({"INNOVATION_DESK_MAIL": written})


def test_the_mail_can_be_switched_off_for_the_house(tmp_path: object) -> None:
    found = [
        load({"INNOVATION_DESK_MAIL": each, "INNOVATION_HOME": str(tmp_path)}).desk_mail_hour for each in ("off", "06:00")
    ]
    assert [each and each.isoformat("minutes") for each in found] == [None, "06:00"]
