"""The page of choices: the table of topics and ways, digests, follows and mutes, one's inbox."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from innovation.ideas.service import writing
from innovation.kernel.actor import Circle
from innovation.kernel.db import db
from innovation.notifications import queries
from innovation.notifications.models import Message, Watch
from innovation.notifications.service import choosing
from innovation.people import queries as people
from innovation.rules.notices import PLANS, Topic, Way
from tests.conftest import counting
from tests.integration.notifications.conftest import Told
from tests.support.pages import words
from tests.support.world import World

PATH = "/account/notifications"


def boxes(page: str) -> dict[str, str]:
    """The boxes of the table by name: ``on``, ``off``, ``fixed``."""
    found = {}
    for tag in re.findall(r'<input type="checkbox"[^>]*>', page):
        name = re.search(r'name="([^"]+)"', tag)
        assert name is not None
        found[name[1]] = "fixed" if " disabled" in tag and " checked" in tag else "on" if " checked" in tag else "off"
    return found


def test_the_table_shows_what_is_chosen_and_what_must_be(world: World) -> None:
    page = world.browser(world.person("Who")).get(PATH)
    found = boxes(page.text)
    expected = {}
    for topic, plan in PLANS.items():
        for way in Way:
            if not plan.only_mail and (not plan.must or way in plan.ways):
                expected[f"{topic}.{way}"] = "fixed" if plan.must else "on" if way in plan.ways else "off"
    assert found == expected
    assert words(page).count("Always reaches you") == sum(plan.must and not plan.only_mail for plan in PLANS.values())
    table = page.text[page.text.index("<table") : page.text.index("</table")]
    assert (table.count('scope="row"'), table.count('scope="col"')) == (len(PLANS) - 1, 4)


def test_what_is_saved_holds_and_a_must_stays(world: World) -> None:
    who = world.person("Who")
    browser = world.browser(who)
    answer = browser.post(PATH, {"comment.digest": "yes", "digest": "weekly", "decision.digest": "yes"})
    assert answer.status_code == 303
    matrix = queries.matrix(who)
    assert (matrix[Topic.COMMENT], matrix[Topic.MENTION]) == (frozenset({Way.DIGEST}), frozenset())
    assert matrix[Topic.DECISION] == PLANS[Topic.DECISION].ways
    page = browser.get(PATH).text
    assert re.search(r'value="weekly" checked', page)
    found = boxes(page)
    assert (found["comment.digest"], found["comment.mail"], found["decision.mail"]) == ("on", "off", "fixed")


def test_nobody_else_reads_or_writes_them(world: World) -> None:
    assert world.browser().get(PATH).status_code == 303
    for path in (PATH, "/follows", "/account/feed-key", "/account/feed-key/revocation", "/inbox/line"):
        assert world.browser().post(path).status_code == 403


# --- following ---------------------------------------------------------------------------------------------------------


def follow(world: World, browser: object, kind: str, name: str, level: str = "follow") -> int:
    return browser.post("/follows", {"kind": kind, "id": name, "level": level}).status_code  # type: ignore[attr-defined,no-any-return]


def test_follow_mute_and_let_go(world: World) -> None:
    challenge, who = world.challenge(title="Warm water?"), world.person("Who")
    browser = world.browser(who)
    for level, kept in (("follow", "follow"), ("mute", "mute"), ("mute", "mute"), ("none", "")):
        form = {"kind": "challenge", "id": challenge.public_id, "level": level, "next": "/challenges"}
        answer = browser.post("/follows", form)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/challenges")
        assert queries.level(who, "challenge", challenge.public_id) == kept
        page = words(browser.get(PATH))
        assert (kept == "" or "Warm water?" in page) is True
    assert db.session.scalars(select(Watch)).all() == []


def test_every_kind_can_be_followed_by_whoever_sees_it(world: World) -> None:
    challenge = world.challenge()
    author = world.person("Author", Circle.STAFF, organisation="Acme")
    idea = world.idea(challenge, author)
    reader, expert = world.browser(world.person("Reader")), world.browser(world.person("Expert", Circle.EXPERT))
    organisation = people.organisation_by_id(author.organisation_id)
    assert organisation is not None
    person = people.persons([author.person_id or 0])[0]
    for kind, name in (
        ("challenge", challenge.public_id),
        ("idea", idea.public_id),
        ("person", person.public_id),
        ("organisation", organisation.public_id),
    ):
        assert follow(world, reader, kind, name) == 303
    page = words(reader.get(PATH))
    assert [each in page for each in (challenge.title, idea.title, "Author", "Acme")] == [True] * 4
    for kind, name in (("challenge", challenge.public_id), ("idea", idea.public_id)):
        assert follow(world, expert, kind, name) == 404


@pytest.mark.parametrize("kind", ["challenge", "idea", "person", "organisation", "project", ""])
def test_what_is_absent_cannot_be_followed(world: World, kind: str) -> None:
    browser = world.browser(world.person())
    assert follow(world, browser, kind, "0000000000") == 404
    assert follow(world, browser, kind, "0000000000", "none") == 404
    assert follow(world, browser, "challenge", world.challenge().public_id, "louder") == 404


def test_what_is_no_longer_seen_is_named_no_more_and_can_be_let_go(world: World) -> None:
    challenge, author, reader = world.challenge(), world.person("Author"), world.person("Reader")
    idea = world.idea(challenge, author, "Warm water")
    browser = world.browser(reader)
    follow(world, browser, "idea", idea.public_id)
    assert "Warm water" in words(browser.get(PATH))
    writing.withdraw(actor=author, idea=world.idea_again(idea))
    page = words(browser.get(PATH))
    assert ("Warm water" in page, "something you may no longer see" in page) == (False, True)
    assert follow(world, browser, "idea", idea.public_id, "none") == 303
    assert db.session.scalars(select(Watch)).all() == []


def test_the_fragment_says_what_was_chosen(world: World) -> None:
    challenge = world.challenge()
    browser = world.browser(world.person())
    form = {"kind": "challenge", "id": challenge.public_id, "level": "follow"}
    answer = browser.post("/follows", form, headers={"HX-Request": "true"})
    assert (answer.status_code, "You follow this" in answer.text, "<html" in answer.text) == (200, True, False)


def test_a_longer_list_of_follows_asks_no_more(world: World) -> None:
    who = world.person()
    browser = world.browser(who)

    def asked(count: int) -> int:
        programme = world.programme()
        for _ in range(count):
            challenge = world.challenge(programme=programme)
            choosing.watch(actor=who, kind="challenge", subject_id=challenge.id, level="follow")
        browser.get(PATH)
        with counting() as sent:
            browser.get(PATH)
        return len(sent)

    assert asked(1) == asked(8)


# --- the inbox ---------------------------------------------------------------------------------------------------------


def test_one_line_is_marked_and_no_other_and_nobody_elses(world: World, told: Told) -> None:
    author, other = world.person("Author"), world.person("Other")
    challenge = world.challenge()
    for number in (1, 2):
        world.idea(challenge, author, f"Idea number {number}")
    told()
    browser = world.browser(author)

    def new() -> list[int]:
        mine = Message.channel == "inbox", Message.person_id == author.person_id, Message.read_at.is_(None)
        return list(db.session.scalars(select(Message.id).where(*mine).order_by(Message.id)))

    first, second = new()

    for read, left in (("yes", [second]), ("no", [first, second])):
        assert browser.post("/inbox/line", {"message": str(first), "read": read}).status_code == 303
        assert new() == left
    for bad in (str(first), "0", "x", "9" * 40):
        assert world.browser(other).post("/inbox/line", {"message": bad}).status_code == 404
    assert new() == [first, second]


def test_the_inbox_shows_one_topic(world: World, told: Told) -> None:
    author = world.person("Author")
    challenge = world.challenge()
    world.idea(challenge, author, "Warm water")
    world.announced(challenge)
    told()
    browser = world.browser(author)
    assert "Your idea is in: Warm water" in words(browser.get("/inbox?topic=terms"))
    decided = words(browser.get("/inbox?topic=decision"))
    assert ("Your idea is in" in decided, "Your idea was" in decided) == (False, True)
    assert "No message about this" in words(browser.get("/inbox?topic=mention"))
    assert browser.get("/inbox?topic=nonsense").status_code == 200
