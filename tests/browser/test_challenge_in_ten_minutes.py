"""A sponsor's way from signing in to a published challenge, counted in clicks and pages, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningHouse

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

Visit = Callable[..., Page]


class Counted:
    """A page on which every click and every page that it opened is counted. Typing is no click."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.seen = page, 0, {page.url}

    def click(self, role: str, name: str) -> None:
        self.clicks += 1
        self.page.get_by_role("main").get_by_role(role, name=name).first.click()  # type: ignore[arg-type]  # one of ARIA's
        self.page.wait_for_load_state()
        self.seen.add(self.page.url)


def come_in(page: Page, who: str) -> Counted:
    """Sign in as somebody of the demo, in English."""
    page.goto(f"/demo/{who}")
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_load_state()
    page.goto("/my-work")
    return Counted(page)


def fill_in(sponsor: Counted, question: str) -> None:
    sponsor.page.get_by_label("What is your question?").fill(question)
    sponsor.page.get_by_label("What must a good answer do?").fill("- Use at most 2 litres a bottle\n- Fit the present line")


@pytest.mark.parametrize(("width", "script"), [(1280, True), (390, True), (390, False)])
def test_a_technical_question_is_published_after_seven_clicks_of_two_people(
    demo_house: RunningHouse, visit: Visit, width: int, script: bool
) -> None:
    question = f"How can we clean filling line {width}{script:d} with half the water?"
    sponsor = come_in(visit(demo_house, width=width, script=script), "sponsor")
    sponsor.click("link", "Ask a question")
    sponsor.click("radio", "Technical question")
    sponsor.click("radio", "Staff, partners and invited experts")
    fill_in(sponsor, question)
    sponsor.click("button", "Go on to the last look")
    expect(sponsor.page.get_by_role("heading", level=1)).to_contain_text("Check and hand in")
    sponsor.click("button", "Hand it in")
    expect(sponsor.page.get_by_role("main")).to_contain_text("You were promised an answer by")
    assert (sponsor.clicks, len(sponsor.seen)) == (5, 4)

    manager = come_in(visit(demo_house, width=width, script=script), "manager")
    manager.page.goto(sponsor.page.url)
    manager.click("link", "Check and publish")
    manager.click("button", "Publish it")
    expect(manager.page.get_by_role("main")).to_contain_text("Published.")
    assert manager.clicks == 2


@pytest.mark.parametrize("width", [1280, 390])
def test_where_staff_may_be_asked_without_approval_it_takes_three_clicks(
    demo_house: RunningHouse, visit: Visit, width: int
) -> None:
    manager = come_in(visit(demo_house, width=width), "manager")
    manager.page.goto("/challenges/new")
    where = manager.page.locator("select[name=programme] option").first.get_attribute("value")
    manager.page.goto(f"/programmes/{where}/approval")
    manager.page.get_by_label("Sponsors may ask our own staff without approval").check()
    manager.click("button", "Save")

    sponsor = come_in(visit(demo_house, width=width), "sponsor")
    sponsor.click("link", "Ask a question")
    fill_in(sponsor, f"How can we make the canteen {width} quieter?")
    sponsor.click("button", "Go on to the last look")
    sponsor.click("button", "Publish it")
    expect(sponsor.page.get_by_role("main")).to_contain_text("Published.")
    assert (sponsor.clicks, len(sponsor.seen)) == (3, 4)
