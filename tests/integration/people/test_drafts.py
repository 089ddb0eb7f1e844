"""What is typed into a form is kept for its writer alone, until it is sent, for sixty days at most."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from innovation.kernel import clock
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.people.models import FormDraft
from innovation.people.service import drafts
from tests.support.browser import Browser
from tests.support.world import World

PLACE = "/ideas/abc/notes"


def keep(browser: Browser, text: str, place: str = PLACE, **more: str) -> int:
    return browser.post("/drafts", {"place": place, "text": text, **more}).status_code


def offered(browser: Browser, *places: str) -> dict[str, Any]:
    answer: dict[str, Any] = browser.get("/drafts", query_string={"place": list(places or [PLACE])}).get_json()
    return answer


def kept() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(FormDraft)) or 0


def test_what_was_typed_is_offered_again_on_any_device(world: World) -> None:
    who = world.person()
    train, desk = world.browser(who), world.browser(who)
    assert keep(train, "first") == 204
    assert keep(train, "second <b>") == 204
    found = offered(desk)
    assert found[PLACE]["fields"] == {"text": ["second <b>"]}
    assert "did not send it" in found[PLACE]["offer"]
    assert kept() == 1


def test_a_draft_is_its_writers_alone(world: World) -> None:
    writer, other = world.browser(world.person()), world.browser(world.person())
    keep(writer, "mine")
    assert offered(other) == {}
    other.post("/drafts/discarded", {"place": PLACE})
    keep(other, "theirs")
    assert offered(writer)[PLACE]["fields"] == {"text": ["mine"]}
    assert world.browser().get("/drafts").status_code == 303
    assert world.browser().post("/drafts", {"place": PLACE, "text": "x"}).status_code == 403


def test_what_is_nobodys_text_is_not_kept(world: World) -> None:
    browser = world.browser(world.person())
    keep(browser, "mine", once="a" * 32, new_password="secret", kept_draft="1")
    assert offered(browser)[PLACE]["fields"] == {"text": ["mine"]}


def test_an_emptied_form_leaves_no_draft(world: World) -> None:
    browser = world.browser(world.person())
    keep(browser, "a word")
    assert keep(browser, "  ") == 204
    assert kept() == 0


def test_a_discarded_draft_is_gone(world: World) -> None:
    browser = world.browser(world.person())
    keep(browser, "one", "/a/1/notes")
    keep(browser, "two", "/a/2/notes")
    browser.post("/drafts/discarded", {"place": "/a/1/notes"})
    assert list(offered(browser, "/a/1/notes", "/a/2/notes")) == ["/a/2/notes"]


@pytest.mark.parametrize(
    ("place", "size", "status"),
    [
        (PLACE, drafts.LARGEST - 100, 204),
        (PLACE, drafts.LARGEST, 422),
        ("https://elsewhere.example/", 1, 422),
        ("/" + "x" * 120, 1, 422),
    ],
)
def test_a_draft_has_an_end_and_a_place(world: World, place: str, size: int, status: int) -> None:
    assert keep(world.browser(world.person()), "x" * size, place) == status
    assert kept() == (status == 204)


def test_the_oldest_drafts_make_room(world: World) -> None:
    who, other = world.person(), world.person()
    keep(world.browser(other), "not mine to lose")
    for number in range(drafts.MOST + 2):
        drafts.keep(actor=who, place=f"/a/{number}", fields={"text": ["x"]})
    left = set(db.session.scalars(select(FormDraft.place).where(FormDraft.person_id == who.person_id)))
    assert left == {f"/a/{number}" for number in range(2, drafts.MOST + 2)}
    assert list(offered(world.browser(other))) == [PLACE]


def test_a_sent_form_leaves_no_draft_and_a_refused_one_keeps_it(world: World) -> None:
    who = world.person()
    browser, place = world.browser(who), "/people/me"
    challenge = world.challenge()
    place = f"/challenges/{challenge.public_id}/ideas/new"
    keep(browser, "typed", place)
    assert browser.post(place, {"title": "x" * 300, "kept_draft": "1"}).status_code == 422
    assert list(offered(browser, place)) == [place]
    assert browser.post(place, {"title": "Sent", "text": "It."}).status_code == 303
    assert list(offered(browser, place)) == [place]  # this form did not say that it has one
    assert browser.post(place, {"title": "Sent", "text": "It.", "kept_draft": "1"}).status_code == 303
    assert offered(browser, place) == {}


def test_nobody_comes_back_after_sixty_days(world: World) -> None:
    browser = world.browser(world.person())
    keep(browser, "old", "/a/old")
    keep(browser, "young", "/a/young")
    for place, days in (("/a/old", 60), ("/a/young", 59)):
        db.session.rollback()
        then = clock.now() - timedelta(days=days, minutes=1)
        db.session.execute(update(FormDraft).where(FormDraft.place == place).values(saved_at=then))
        db.session.commit()
    drafts.forget_old(actor=house(Origin.CLOCK))
    assert list(offered(browser, "/a/old", "/a/young")) == ["/a/young"]
