"""A manager's Monday, from the mail of the morning to a desk that is done: counted in clicks and pages."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from innovation.app import create_app
from innovation.challenges import queries as challenges
from innovation.challenges.models import Programme
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.people import queries as people
from innovation.settings import Settings
from tests.browser.conftest import RunningHouse, wait_until
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

Visit = Callable[..., Page]
WAYS = [(1280, True), (390, False)]


def _named(what: str, width: int, script: bool) -> str:
    return f"{what} {width}{script:d}?"


def _fill_the_desk(home: Path, base: str) -> None:
    """For every way of walking: three challenges to approve, a result to announce, two answers that are late."""
    app = create_app(Settings(home=home, secret_key="test-secret", testing=True, base_url=base, rate_limits=False))
    with app.app_context():
        world = World(app)
        ids = {person.foreign_id: person.id for person in people.demo_people(("sponsor",))}
        sponsor = world.actor(ids["sponsor"])
        programme_id = db.session.scalars(select(Programme.id).order_by(Programme.id)).first()
        for width, script in WAYS:
            for what in ("First", "Second", "Third"):
                programme = db.session.get_one(Programme, programme_id)
                world.handed_in(world.draft_challenge(sponsor, programme, title=_named(what, width, script)))
            programme = db.session.get_one(Programme, programme_id)
            decided = world.challenge(sponsor, programme, title=_named("Result", width, script))
            world.vote(world.idea(decided))
            world.decided(decided)
            for what in ("Late", "Later"):
                programme = db.session.get_one(Programme, programme_id)
                made = world.challenge(sponsor, programme, title=_named(what, width, script))
                world.close(made)
                with transaction():
                    challenges.by_id(made.id).answer_by = world.now() - timedelta(days=2)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def monday_house(demo_home: Path, tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Iterator[RunningHouse]:
    """The demo with a full desk, on a working day whose mail is due."""
    house = RunningHouse(shutil.copytree(demo_home, tmp_path_factory.mktemp("monday") / "home"), redis_url)
    _fill_the_desk(house.home, house.base)
    house.environ["INNOVATION_DESK_MAIL"] = "00:00"
    weekday = datetime.now(UTC).weekday()
    try:
        house.start(days_later=max(0, 7 - weekday) if weekday > 4 else 0)
        wait_until(lambda: bool(house.mails("femke")), "the mail of the morning", 120)
        yield house
    finally:
        house.stop()


class Counted:
    """A page on which every click and every page that it opened is counted. Typing is no click."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.pages = page, 0, 0
        page.on("framenavigated", lambda frame: self._opened(frame.url))

    def _opened(self, url: str) -> None:
        self.pages += 1

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def press(self, what: Locator) -> None:
        self.clicks += 1
        what.click()
        self.page.wait_for_load_state()

    def button(self, name: str, within: Locator | None = None) -> None:
        self.press((within or self.main).get_by_role("button", name=name, exact=True))

    def pick(self, title: str, within: Locator) -> None:
        self.clicks += 1
        within.get_by_role("checkbox", name=f"Pick: {title}").check()

    def part(self, name: str) -> Locator:
        """A list of the desk, by its heading."""
        return self.main.get_by_role("region", name=name)

    def says(self, text: str) -> None:
        expect(self.main).to_contain_text(text)

    def to_desk(self) -> None:
        self.press(self.page.get_by_role("navigation", name="Main").get_by_role("link", name="Insight"))


def _opened_from_the_mail(house: RunningHouse, page: Page) -> Counted:
    """The manager, signed in, follows the link in his mail."""
    page.goto("/demo/manager")
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_load_state()
    counted = Counted(page)
    counted.clicks += 1
    page.goto(house.link_in_mail("femke", "/desk"))
    return counted


def _write(manager: Counted, reason: str | None, words: str = "") -> None:
    if reason:
        manager.clicks += 1
        manager.page.get_by_label("A saved reason").select_option(label=reason)
        manager.button("Use these words")
    else:
        manager.page.get_by_label("What is said to each of them").fill(words)
    manager.button("Look at the mails")
    manager.says("They leave at")
    manager.button("Send")
    manager.says("Nothing has left yet")


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_a_monday_takes_so_many_clicks(monday_house: RunningHouse, visit: Visit, width: int, script: bool) -> None:
    def named(what: str) -> str:
        return _named(what, width, script)

    manager = _opened_from_the_mail(monday_house, visit(monday_house, width=width, script=script))
    expect(manager.page.get_by_role("heading", level=1)).to_have_text("Desk")

    # Two are approved together.
    waiting = manager.part("Challenges to approve")
    for what in ("First", "Second"):
        manager.pick(named(what), waiting)
    manager.press(waiting.get_by_role("button", name="Publish", exact=True))
    manager.says("Publish these 2 challenges?")
    manager.button("Publish")
    manager.says("2 challenges are published.")

    # One result is announced in its row.
    row = manager.part("Results to announce").get_by_role("row").filter(has_text=named("Result"))
    manager.press(row.locator("summary"))
    manager.button("Announce it", row)
    manager.says("1 result is announced.")

    # One challenge goes back with words that were kept for it.
    waiting = manager.part("Challenges to approve")
    manager.pick(named("Third"), waiting)
    manager.press(waiting.get_by_role("button", name="Send back", exact=True))
    reason = manager.page.get_by_label("A saved reason").locator("option").nth(1).inner_text()
    _write(manager, reason)

    # Two sponsors are reminded, and that is stopped after all.
    manager.to_desk()
    manager.says("Leaves soon, and can still be stopped")
    late = manager.part("Answers promised this week, or late")
    for what in ("Late", "Later"):
        manager.pick(named(what), late)
    manager.press(late.get_by_role("button", name="Remind", exact=True))
    _write(manager, None, "The authors wait. When can they hear from you?")
    manager.button("Stop all of it")
    manager.says("It was stopped")
    manager.to_desk()
    expect(manager.main.get_by_role("region", name="Leaves soon")).to_contain_text("Send 1 challenge back")
    print(f"{width} {'with' if script else 'without'} script: {manager.clicks} clicks, {manager.pages} pages")
    assert (manager.clicks, manager.pages) == (21, 14)
