"""A new idea is a draft as soon as something is typed: once, however often the browser asks."""

from __future__ import annotations

from sqlalchemy import select

from innovation.ideas.models import Idea
from innovation.kernel.db import db
from tests.support.world import World


def test_the_first_words_begin_a_draft_and_say_where_it_goes_on(world: World) -> None:
    challenge, browser = world.challenge(), world.browser(world.person())
    answer = browser.post(f"/challenges/{challenge.public_id}/ideas", {"title": "Ste", "once": "k" * 32})
    assert answer.status_code == 303
    told = browser.get(answer.headers["Location"]).get_json()
    idea = db.session.scalars(select(Idea)).one()
    assert told["edit"] == f"/ideas/{idea.public_id}/edit"
    assert told["autosave"] == f"/ideas/{idea.public_id}/draft"
    assert (told["state"], idea.state, idea.title) == ("draft", "draft", "Ste")
    assert browser.get(told["edit"]).status_code == 200


def test_asked_again_with_the_same_words_it_is_begun_once(world: World) -> None:
    challenge, browser = world.challenge(), world.browser(world.person())
    path, form = f"/challenges/{challenge.public_id}/ideas", {"title": "Ste", "once": "k" * 32}
    first, second = browser.post(path, form), browser.post(path, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(db.session.scalars(select(Idea)).all()) == 1


def test_words_that_are_not_complete_begin_one_too(world: World) -> None:
    challenge, browser = world.challenge(), world.browser(world.person())
    answer = browser.post(f"/challenges/{challenge.public_id}/ideas", {"title": "x" * 300, "requested": "a lot"})
    assert answer.status_code == 303
    assert db.session.scalars(select(Idea)).one().title == "x" * 200


def test_where_a_draft_stands_is_told_to_its_authors_alone(world: World) -> None:
    idea = world.draft_idea(world.challenge(), world.person())
    assert world.browser(world.person()).get(f"/ideas/{idea.public_id}/draft").status_code == 404
    assert world.browser().get(f"/ideas/{idea.public_id}/draft").status_code in {303, 404}


def test_nothing_begins_where_no_ideas_come_in(world: World) -> None:
    challenge, browser = world.draft_challenge(world.person()), world.browser(world.person())
    assert browser.post(f"/challenges/{challenge.public_id}/ideas", {"title": "Ste"}).status_code in {404, 409}
    assert db.session.scalars(select(Idea)).all() == []
