"""What comes after the choice, as people do it: a gatekeeper decides, a manager finds what is stuck, a visitor reads."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningHouse

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

Visit = Callable[..., Page]


def enter(page: Page, role: str) -> Page:
    """Sign in as one of the demo's three, on their sign-in page."""
    page.goto(f"/demo/{role}")
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url(re.compile("^(?!.*/demo/)"))
    return page


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press the first button, or follow the first link, of that name in the page's own part."""
    main = page.get_by_role("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()


@pytest.mark.parametrize("script", [True, False])
def test_a_gatekeeper_decides_from_what_waits_for_him(demo_house: RunningHouse, visit: Visit, script: bool) -> None:
    sponsor = enter(visit(demo_house, script=script), "sponsor")
    sponsor.goto("/my-work")
    waiting = sponsor.get_by_role("main").get_by_role("link", name=re.compile("gate", re.IGNORECASE))
    before = waiting.count()
    assert before > 0, "nothing waits at a gate in the demo"
    waiting.first.click()
    if not sponsor.url.endswith("/gate"):
        press(sponsor, re.compile("^Decide"))
    expect(sponsor).to_have_url(re.compile("/gate$"))
    title = sponsor.get_by_role("heading", level=1).inner_text()
    sponsor.get_by_label(re.compile("^On hold")).check()
    sponsor.get_by_label(re.compile("^Reason")).fill("")
    press(sponsor, "Record the decision")
    expect(sponsor.get_by_role("alert").or_(sponsor.locator(".error-summary")).first).to_be_visible()
    assert sponsor.title().startswith("Error")
    expect(sponsor.get_by_role("heading", level=1)).to_have_text(title)
    sponsor.get_by_label(re.compile("^Reason")).fill("The measurement of line two is missing; bring it and ask again.")
    press(sponsor, "Record the decision")
    expect(sponsor.get_by_role("main")).to_contain_text("The measurement of line two is missing")


def test_a_manager_finds_what_is_stuck_and_who_must_act(demo_house: RunningHouse, visit: Visit) -> None:
    manager = enter(visit(demo_house), "manager")
    manager.goto("/funnel")
    late = manager.get_by_role("table", name=re.compile("late|stuck|limit", re.IGNORECASE)).first
    row = late.get_by_role("row").nth(1)
    expect(row).to_contain_text(re.compile("Sponsor|Team|Manager|team|sponsor|manager"))
    row.get_by_role("link").first.click()
    expect(manager.get_by_role("heading", level=1)).to_be_visible()
    manager.goto("/funnel?details=1")
    for name in ("How long things stay", "From where to where"):
        expect(manager.get_by_text(name).first).to_be_attached()
    manager.goto("/funnel")
    first = manager.get_by_role("main").locator(".stat-strip a").first
    figure = int(re.sub(r"\D", "", first.inner_text().splitlines()[0]))
    first.click()
    listed, pages = 0, 0
    while True:
        listed += manager.get_by_role("main").locator("tbody tr, .funnel-list li, article").count()
        pages += 1
        older = manager.locator("main a[rel=next]")
        if older.count() == 0 or pages > 30:
            break
        older.first.click()
    assert listed == figure


def test_a_visitor_reads_what_became_of_it(demo_house: RunningHouse, visit: Visit) -> None:
    visitor = visit(demo_house, script=False, width=390)
    visitor.goto("/")
    visitor.get_by_role("main").get_by_role("link", name=re.compile("ideas|results|projects", re.IGNORECASE)).first.click()
    visitor.goto("/results")
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    story = visitor.get_by_role("main").locator("a[href^='/results/ideas/']").first
    story.click()
    main = visitor.get_by_role("main")
    expect(visitor).to_have_url(re.compile("/results/ideas/"))
    expect(main).to_contain_text(re.compile("Chosen|chosen"))
    assert visitor.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
