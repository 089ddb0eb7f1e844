"""Who is told that something changed: whoever reads the thread, at once or nearly, and never more than there is room for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from innovation.discussion.models import Comment
from innovation.ideas.models import Idea
from innovation.ideas.service.writing import withdraw
from innovation.kernel import live
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.live import Hub, Pace
from innovation.kernel.usecase import transaction
from tests.integration.discussion.test_talk import say, thread_of
from tests.support.world import World

CHANGED = b"event: changed\ndata: -\n\n"


@pytest.fixture(autouse=True)
def quick(app: Flask) -> Iterator[None]:
    hub: Hub = app.extensions["innovation.live"]
    hub.pace = Pace(look=0.05, beat=0.3)
    yield
    hub.pace = Pace()
    until = time.monotonic() + 5
    while any(thread.name == "live" for thread in threading.enumerate()) and time.monotonic() < until:
        time.sleep(0.02)
    assert (len(hub), hub._watcher) == (0, None)


def begin(world: World) -> tuple[Idea, Actor, Comment]:
    idea, writer = world.idea(world.challenge()), world.person()
    return idea, writer, say(world, idea, writer)


def test_a_comment_wakes_those_who_listen_to_its_thread_and_nobody_else(world: World) -> None:
    idea, writer, said = begin(world)
    other = world.idea(world.again(idea.challenge))
    elsewhere = say(world, other, writer)
    hub: Hub = world.app.extensions["innovation.live"]
    here, there = (hub.listen(each.thread_id, lambda: False) for each in (said, elsewhere))
    assert here is not None
    assert there is not None
    try:
        assert (next(here), next(there)) == (b"retry: 3000\n\n", b"retry: 3000\n\n")
        say(world, idea, writer, "Something new.")
        assert (next(here), next(there)) == (CHANGED, b": still here\n\n")
    finally:
        here.close()
        there.close()


def test_whoever_has_an_old_page_is_told_when_he_comes(world: World) -> None:
    idea, writer, said = begin(world)
    browser = world.browser(writer)
    page = browser.get(f"/ideas/{idea.public_id}/talk", headers={"HX-Request": "true"}).get_data(as_text=True)
    version = page.split('data-version="')[1].split('"')[0]
    path = f"/live/{thread_of(said).public_id}"

    def first(seen: str) -> bytes:
        answer = browser.get(f"{path}?seen={seen}", buffered=False)
        assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
        messages = iter(answer.response)
        try:
            next(messages)
            return bytes(next(messages))  # type: ignore[arg-type]  # bytes in, bytes out
        finally:
            answer.close()

    assert first(version) == b": still here\n\n"
    say(world, idea, writer, "Something new.")
    assert first(version) == CHANGED


def test_only_readers_listen(world: World) -> None:
    challenge = world.sealed()
    author = world.person(circle=Circle.EXPERT)
    idea = world.idea(challenge, author)
    path = f"/live/{thread_of(say(world, idea, author)).public_id}"
    for who in (None, world.person(), world.manager):
        assert world.browser(who).get(path).status_code == 404


def test_above_the_budget_the_page_asks_by_itself(world: World) -> None:
    _idea, writer, said = begin(world)
    hub: Hub = world.app.extensions["innovation.live"]
    streams = [hub.listen(said.thread_id, lambda: False) for _ in range(world.settings.live_streams)]
    try:
        assert hub.listen(said.thread_id, lambda: False) is None
        answer = world.browser(writer).get(f"/live/{thread_of(said).public_id}")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    finally:
        for stream in streams:
            assert stream is not None
            stream.close()
            stream.close()
    again = hub.listen(said.thread_id, lambda: False)
    assert again is not None
    again.close()


def test_a_stream_ends_and_who_lost_the_right_to_read_gets_no_other(world: World) -> None:
    author, reader = world.person(), world.person()
    idea = world.idea(world.challenge(), author)
    path = f"/live/{thread_of(say(world, idea, reader)).public_id}"
    hub: Hub = world.app.extensions["innovation.live"]
    hub.pace.stream = 0.6
    browser = world.browser(reader)
    answer = browser.get(path, buffered=False)
    messages = iter(answer.response)
    assert next(messages) == b"retry: 3000\n\n"
    with transaction():
        withdraw(actor=author, idea=idea)
    begun = time.monotonic()
    assert all(message in {CHANGED, b": still here\n\n"} for message in messages)
    assert time.monotonic() - begun < 2
    answer.close()
    assert browser.get(path).status_code == 404


def test_a_number_that_is_committed_late_is_not_missed(world: World) -> None:
    """PostgreSQL gives numbers before a commit: a smaller one may appear after a larger one was seen."""
    _idea, _writer, said = begin(world)
    watch = live._Watch()
    watch.begin()
    assert watch.look() == []
    with transaction():
        last = db.session.query(Event).order_by(Event.id.desc()).first()
        assert last is not None
        columns = {c.key: getattr(last, c.key) for c in Event.__table__.columns if c.key not in {"id", "seal_no"}}
        number = last.id
        db.session.add(Event(id=number + 3, **columns))
    assert [each["thread_id"] for each in watch.look()] == [said.thread_id]
    with transaction():
        db.session.add(Event(id=number + 2, **columns))
    assert len(watch.look()) == 1
    assert watch.look() == []


def test_a_stream_holds_no_connection(world: World) -> None:
    _idea, writer, said = begin(world)
    answer = world.browser(writer).get(f"/live/{thread_of(said).public_id}", buffered=False)
    db.session.rollback()
    try:
        time.sleep(0.2)
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a queue pool on both databases
    finally:
        answer.close()
