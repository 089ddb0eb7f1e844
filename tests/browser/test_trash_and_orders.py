"""Thrown away and back again by one button; a long export is watched, left, found again and fetched."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningHouse

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

Visit = Callable[..., Page]


def address(house: RunningHouse) -> str:
    """A challenge that takes ideas from experts, in English."""
    with sqlite3.connect(house.home / "innovation.sqlite3") as connection:
        row = connection.execute(
            "SELECT public_id FROM challenge WHERE title LIKE 'Which measurement do we still%'"
        ).fetchone()
    return f"/challenges/{row[0]}"


def enter(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_role("button", name=f"Go in as {name}").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def throws_away(page: Page, house: RunningHouse, title: str) -> None:
    page.goto(f"{address(house)}/ideas/new")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_url(lambda url: "/edit" in url)
    page.goto(page.url.replace("/edit", "/withdrawal"))
    page.get_by_role("button", name="Throw away").click()
    page.wait_for_url("**/my-ideas")


@pytest.mark.parametrize(("width", "script"), [(390, True), (1280, False)])
def test_a_draft_that_was_thrown_away_comes_back(demo_house: RunningHouse, visit: Visit, width: int, script: bool) -> None:
    page, title = visit(demo_house, width=width, script=script), f"Thrown away at {width}"
    enter(page, "Amina Bouzidane")
    throws_away(page, demo_house, title)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("The draft is back.")).to_be_visible()
    page.goto(page.url.replace("/edit", "/withdrawal"))
    page.get_by_role("button", name="Throw away").click()
    page.goto("/my-work/trash")
    page.get_by_role("button", name=f"Restore: {title}").press("Enter")
    expect(page.get_by_text("The draft is back.")).to_be_visible()
    assert page.url.endswith("/my-work/trash")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") if script else True


@pytest.mark.parametrize("script", [True, False])
def test_an_export_shows_how_far_it_is_until_it_can_be_fetched(demo_house: RunningHouse, visit: Visit, script: bool) -> None:
    page = visit(demo_house, script=script)
    enter(page, "Amina Bouzidane")
    page.goto(f"{address(demo_house)}/ideas")
    page.get_by_role("button", name="All ideas with what was said about them").click()
    page.wait_for_url("**/orders/*")
    place = page.url
    page.goto("/my-work")  # left, and found again
    page.get_by_role("link", name="Imports and exports").click()
    page.get_by_role("link", name="Export: Ideas and what was said about them").first.click()
    assert page.url == place
    # Nothing is pressed here: the page fetches itself anew until the work is done.
    fetch = page.get_by_role("link", name="Fetch the file")
    expect(fetch).to_be_visible(timeout=40_000)
    with page.expect_download() as download:
        fetch.click()
    assert download.value.suggested_filename == "ideas-and-comments.zip"
