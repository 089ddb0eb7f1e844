"""Calendar and feeds: opened by a token alone, valid, stable, and silent about what their reader may not see."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from icalendar import Calendar
from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.service import course
from innovation.ideas.service import writing
from innovation.kernel import clock, ids
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.notifications.models import FeedKey
from innovation.notifications.service import choosing, feeds
from innovation.people.models import Person
from innovation.projects.models import Project
from tests.conftest import counting
from tests.support.pages import words
from tests.support.world import World

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def calendar(world: World, token: str) -> list[dict[str, Any]]:
    """The deadlines a token opens."""
    answer = world.browser().get(f"/feeds/{token}/deadlines.ics")
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    whole = Calendar.from_ical(answer.get_data())
    return [
        {
            "uid": str(event["UID"]),
            "at": event["DTSTART"].dt,
            "title": str(event["SUMMARY"]),
            "text": str(event["DESCRIPTION"]),
            "url": str(event["URL"]),
        }
        for event in whole.walk("VEVENT")
    ]


def news(world: World, token: str) -> ElementTree.Element:
    answer = world.browser().get(f"/feeds/{token}/news.atom")
    assert (answer.status_code, answer.content_type) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(answer.get_data())


def titles(feed: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in feed.findall("a:entry/a:title", ATOM)]


def valid(feed: ElementTree.Element, own: str) -> None:
    """What RFC 4287 asks of a feed and of each entry."""
    for part in (feed, *feed.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            (found,) = part.findall(f"a:{name}", ATOM)
            assert found.text
        stamp = part.findtext("a:updated", namespaces=ATOM) or ""
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp)
        assert (part.findtext("a:id", namespaces=ATOM) or "").startswith("tag:127.0.0.1,2026:")
        assert len(part.findall("a:link[@rel='alternate']", ATOM)) == 1
    (itself,) = feed.findall("a:link[@rel='self']", ATOM)
    assert itself.get("href") == own
    assert feed.findtext("a:author/a:name", namespaces=ATOM)
    names = [each.text for each in feed.findall("a:entry/a:id", ATOM)]
    assert len(names) == len(set(names))
    latest = max((each.text or "" for each in feed.findall("a:entry/a:updated", ATOM)), default=None)
    assert latest is None or feed.findtext("a:updated", namespaces=ATOM) == latest


# --- deadlines -------------------------------------------------------------------------------------------------------


def test_the_calendar_has_the_days_of_what_is_mine(world: World) -> None:
    mine, followed, other = (world.challenge(title=f"Question {number}") for number in (1, 2, 3))
    who = world.person("Who")
    world.draft_idea(mine, who)
    choosing.watch(actor=who, kind="challenge", subject_id=followed.id, level="follow")
    token = feeds.make_key(actor=who)
    found = calendar(world, token)
    assert {each["title"] for each in found} == {
        f"{what}: Question {number}" for what in ("Ideas close", "Voting closes", "Answer promised") for number in (1, 2)
    }
    again = challenges.by_id(mine.id)
    (closes,) = [each for each in found if each["title"] == "Ideas close: Question 1"]
    assert (closes["at"], closes["at"].tzname()) == (again.closes_at.replace(microsecond=0), "UTC")
    assert "(Europe/Amsterdam)" in closes["text"]
    assert closes["url"] == f"http://127.0.0.1:8000/challenges/{mine.public_id}"
    assert other.public_id not in str(found)
    course.extend(actor=world.manager, challenge=world.again(mine), closes=world.wall(days=31), reason="More time.")
    (moved,) = [each for each in calendar(world, token) if each["title"] == "Ideas close: Question 1"]
    assert (moved["uid"], moved["at"] > closes["at"]) == (closes["uid"], True)


def test_the_calendar_has_the_gates_of_my_project_and_names_a_sealed_one_by_reference(world: World) -> None:
    author = world.person("Author")
    project = world.project(author)
    token = feeds.make_key(actor=author)
    gates = [each for each in calendar(world, token) if each["title"].startswith("Gate")]
    assert [project.title in each["title"] for each in gates] == [True] * len(project.gates)
    with transaction():
        db.session.get_one(Project, project.id).visibility = "sealed"
    gates = [each for each in calendar(world, token) if each["title"].startswith("Gate")]
    assert gates
    assert [(project.title in str(each), project.public_id in each["title"]) for each in gates] == [(False, True)] * len(
        gates
    )


def test_what_one_may_no_longer_see_leaves_the_calendar(world: World) -> None:
    challenge = world.challenge(who_may="experts")
    expert = world.person("Expert", Circle.EXPERT)
    choosing.watch(actor=expert, kind="challenge", subject_id=challenge.id, level="follow")
    token = feeds.make_key(actor=expert)
    assert len(calendar(world, token)) == 3
    with transaction():
        challenges.by_id(challenge.id).audience[:] = []
    assert calendar(world, token) == []


def test_a_longer_calendar_asks_no_more(world: World) -> None:
    who = world.person("Who")
    token = feeds.make_key(actor=who)

    def asked(count: int) -> int:
        programme = world.programme()
        for _ in range(count):
            world.draft_idea(world.challenge(programme=programme), who)
        browser = world.browser()
        browser.get(f"/feeds/{token}/deadlines.ics")
        with counting() as sent:
            browser.get(f"/feeds/{token}/deadlines.ics")
        return len(sent)

    assert asked(1) == asked(8)


# --- news -------------------------------------------------------------------------------------------------------------


def test_the_feed_is_valid_and_stays_the_same(world: World) -> None:
    author = world.person("Author")
    world.idea(world.challenge(), author, "Warm <water> & \x0bsteam")
    world.settle()
    token = feeds.make_key(actor=author)
    feed = news(world, token)
    valid(feed, f"http://127.0.0.1:8000/feeds/{token}/news.atom")
    assert titles(feed) == ["Your idea is in: Warm <water> & steam"]
    path = f"/feeds/{token}/news.atom"
    browser = world.browser()
    first = browser.get(path)
    assert first.get_data() == browser.get(path).get_data()
    assert browser.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    fresh = feeds.make_key(actor=author)
    assert [each.text for each in news(world, fresh).findall("a:entry/a:id", ATOM)] == [
        each.text for each in feed.findall("a:entry/a:id", ATOM)
    ]


def test_the_feed_leaves_out_what_is_hidden_and_names_no_sealed_idea(world: World) -> None:
    challenge, sealed = world.challenge(), world.sealed()
    author, follower = world.person("Author", Circle.EXPERT), world.person("Follower")
    world.open_to(challenge, "circle", "expert")
    choosing.watch(actor=follower, kind="challenge", subject_id=challenge.id, level="follow")
    gone, _stays = (world.idea(challenge, author, title) for title in ("Goes away", "Stays here"))
    world.idea(sealed, author, "zyzzyva")
    world.settle()
    writing.withdraw(actor=author, idea=world.idea_again(gone))
    assert titles(news(world, feeds.make_key(actor=follower))) == ["A new idea: Stays here"]
    own = world.browser().get(f"/feeds/{feeds.make_key(actor=author)}/news.atom").text
    assert ("Stays here" in own, "zyzzyva" in own) == (True, False)


def test_an_empty_feed_is_valid_too(world: World) -> None:
    token = feeds.make_key(actor=world.person("Who"))
    feed = news(world, token)
    valid(feed, f"http://127.0.0.1:8000/feeds/{token}/news.atom")
    assert titles(feed) == []


# --- the public one ---------------------------------------------------------------------------------------------------


def test_everybody_reads_the_challenges_a_visitor_sees(world: World) -> None:
    shown = world.challenge(title="For all of us?", who_may="everyone")
    world.challenge(title="For staff only?")
    world.draft_challenge(world.person(), title="Not yet?")
    for browser in (world.browser(), world.browser(world.manager)):
        answer = browser.get("/feeds/challenges.atom")
        feed = ElementTree.fromstring(answer.get_data())
        valid(feed, "http://127.0.0.1:8000/feeds/challenges.atom")
        assert titles(feed) == ["For all of us?"]
        assert f"/challenges/{shown.public_id}" in answer.text
    dutch = world.browser().get("/feeds/challenges.atom", headers={"Accept-Language": "nl"})
    assert ElementTree.fromstring(dutch.get_data()).get("{http://www.w3.org/XML/1998/namespace}lang") == "nl"


# --- the key -----------------------------------------------------------------------------------------------------------


def paths(token: str) -> Iterator[str]:
    yield from (f"/feeds/{token}/deadlines.ics", f"/feeds/{token}/news.atom")


def statuses(world: World, token: str) -> set[int]:
    return {world.browser().get(path).status_code for path in paths(token)}


def test_a_key_is_shown_once_and_only_its_digest_is_kept(world: World) -> None:
    browser = world.browser(world.person("Who"))
    page = browser.post("/account/feed-key").text
    (token,) = set(re.findall(r"/feeds/([\w-]+)/", page))
    assert statuses(world, token) == {200}
    assert token not in browser.get("/account/notifications").text
    row = db.session.scalars(select(FeedKey)).one()
    assert row.token_digest == ids.digest(token)
    assert token not in repr(vars(row))


def test_replaced_revoked_and_unknown_keys_are_alike(world: World) -> None:
    who = world.person("Who")
    browser = world.browser(who)
    first = feeds.make_key(actor=who)
    second = feeds.make_key(actor=who)
    assert (statuses(world, first), statuses(world, second)) == ({404}, {200})
    assert browser.post("/account/feed-key/revocation").status_code == 303
    asked = [path for token in (first, second, ids.token(), "x") for path in paths(token)]
    pages = {words(world.browser().get(path)) for path in asked}
    assert (statuses(world, second), len(pages)) == ({404}, 1)


@pytest.mark.parametrize("column", ["disabled_at", "erased_at"])
def test_the_key_of_somebody_who_left_opens_nothing(world: World, column: str) -> None:
    who = world.person("Who")
    token = feeds.make_key(actor=who)
    with transaction():
        setattr(db.session.get_one(Person, who.person_id), column, clock.now())
    assert statuses(world, token) == {404}


def test_feeds_set_no_cookie_and_are_in_no_index(world: World) -> None:
    token = feeds.make_key(actor=world.person("Who"))
    for path in (*paths(token), "/feeds/challenges.atom"):
        answer = world.browser(world.manager).get(path)
        assert answer.status_code == 200
        assert (answer.headers.get("Set-Cookie"), answer.headers["X-Robots-Tag"]) == (None, "noindex")
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_whoever_asks_too_often_is_asked_to_wait(world: World) -> None:
    token, other = (feeds.make_key(actor=world.person()) for _ in range(2))
    settings = world.settings
    world.app.extensions["innovation.settings"] = dataclasses.replace(settings, rate_limits=True)
    try:
        path, browser = f"/feeds/{token}/deadlines.ics", world.browser()
        found = [browser.get(path).status_code for _ in range(61)]
        assert (set(found[:60]), found[60]) == ({200}, 429)
        assert browser.get(f"/feeds/{other}/deadlines.ics").status_code == 200
    finally:
        world.app.extensions["innovation.settings"] = settings


def test_another_persons_days_stand_in_no_calendar(world: World) -> None:
    mine, other = world.person("Mine"), world.person("Other")
    challenge = world.challenge()
    world.draft_idea(challenge, other)
    assert _days(world, mine) == []
    assert len(_days(world, other)) == 3


def _days(world: World, who: Actor) -> list[dict[str, Any]]:
    return calendar(world, feeds.make_key(actor=who))


def test_a_day_long_over_leaves_the_calendar(world: World) -> None:
    who = world.person("Who")
    challenge = world.challenge()
    world.draft_idea(challenge, who)
    token = feeds.make_key(actor=who)
    with transaction():
        row = challenges.by_id(challenge.id)
        row.closes_at = clock.now() - timedelta(days=31)
    assert [each["title"][:5] for each in calendar(world, token)] == ["Votin", "Answe"]
