"""From an invitation's mail to the challenge: one click, two pages, no password; and the way out, one click too."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningHouse, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

Visit = Callable[..., Page]


class Counted:
    """A page on which clicks and opened pages are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = self.pages = 0
        page.on("response", self._opened)

    def _opened(self, response: object) -> None:
        request = response.request  # type: ignore[attr-defined]  # playwright's own events are untyped
        if request.is_navigation_request() and request.resource_type == "document" and response.status < 300:  # type: ignore[attr-defined]  # as above
            self.pages += 1

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
        self.clicks += 1


def _manager(visit: Visit, house: RunningHouse) -> Page:
    manager = visit(house)
    manager.goto("/demo/manager")
    manager.get_by_role("main").get_by_role("button").first.click()
    return manager


def _invite(manager: Page, email: str, name: str) -> str:
    """Invite somebody to the first question on offer; its words."""
    manager.goto("/people/invitations")
    manager.get_by_label("E-mail address").fill(email)
    manager.get_by_label("Name", exact=True).or_(manager.get_by_label("Name (optional)")).first.fill(name)
    offered = manager.get_by_label("Which question is it about?")
    offered.select_option(index=1)
    question = offered.locator("option:checked").inner_text()
    manager.get_by_role("button", name="Send invitation").click()
    expect(manager.get_by_role("main")).to_contain_text(f"Taken: {email}.")
    return question


@pytest.mark.parametrize("script", [True, False])
def test_from_the_mail_to_the_challenge_in_one_click(demo_house: RunningHouse, visit: Visit, script: bool) -> None:
    email = f"ada.{'with' if script else 'without'}@example.net"
    question = _invite(_manager(visit, demo_house), email, "Ada Expert")
    link = demo_house.link_in_mail(email, "/invitation/")

    ada = Counted(visit(demo_house, script=script, width=390))
    ada.page.goto(link)
    expect(ada.page.get_by_role("heading", level=1)).to_have_text(question)
    expect(ada.page.get_by_label("Your name")).to_have_value("Ada Expert")
    ada.press("Take part")
    expect(ada.page).to_have_url(re.compile("/challenges/[0-9a-z]{10}$"))
    expect(ada.page.get_by_role("heading", level=1)).to_have_text(question)
    expect(ada.page.get_by_role("main")).to_contain_text("Welcome, you are in")
    assert (ada.clicks, ada.pages) == (1, 2)

    ada.page.goto(link)
    expect(ada.page.get_by_role("heading", level=1)).to_have_text("You have joined already")
    stranger = visit(demo_house)
    stranger.goto(link)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This invitation was used")


def test_a_list_is_looked_through_sent_and_answered_with_a_no(demo_house: RunningHouse, visit: Visit) -> None:
    manager = _manager(visit, demo_house)
    manager.goto("/people/invitations/list")
    manager.get_by_label("One person a line").fill("Bo List <bo@example.net>\nCy <cy@example.net>\nBO@example.net\nnobody")
    manager.get_by_role("button", name="Look through the list").click()
    expect(manager.get_by_role("main")).to_contain_text("2 people will be invited.")
    manager.get_by_role("button", name="Invite 2 people").click()
    expect(manager.get_by_role("heading", level=1)).to_have_text("2 people invited")
    wait_until(lambda: len(demo_house.mails("bo@example.net")) == 1, "the mail to Bo")

    bo = Counted(visit(demo_house))
    bo.page.goto(demo_house.link_in_mail("bo@example.net", "/invitation/"))
    bo.press("Never invite me again")
    expect(bo.page.get_by_role("heading", level=1)).to_have_text("You are not invited any more")
    assert bo.clicks == 1

    manager.reload()
    expect(manager.get_by_role("main")).to_contain_text("Said no")
    expect(manager.get_by_role("link", name="Fetch the lines that could not be used")).to_be_visible()
