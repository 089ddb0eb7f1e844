"""The main job with the keyboard alone: ask, publish, send an idea, vote, decide. Nothing is pointed at.

A page is reached by its address; on it, the Tab key finds every field and button, and shows where it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningHouse
from tests.browser.hands import Keyboard
from tests.browser.test_face import come_in, one

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

Visit = Callable[..., Page]
QUESTION = "How can we label a drum without a printer?"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_challenge_is_asked_and_published(demo_house: RunningHouse, visit: Visit, width: int) -> None:
    sponsor, manager = (Keyboard(come_in(visit(demo_house, width=width), who)) for who in ("sponsor", "manager"))
    sponsor.page.goto("/challenges/new")
    sponsor.choose("Technical question")
    sponsor.fill("What is your question?", f"{QUESTION} {width}")
    sponsor.fill("What must a good answer do?", "- Stay readable for 24 months\n- Cost at most 1 euro a drum")
    sponsor.choose("Staff, partners and invited experts")
    sponsor.press("Go on to the last look")
    sponsor.press("Hand it in")
    expect(sponsor.page.get_by_role("main")).to_contain_text("You were promised an answer by")
    manager.page.goto(sponsor.page.url)
    manager.press("Check and publish")
    manager.press("Publish it")
    expect(manager.page.get_by_role("main")).to_contain_text("Published.")


def test_an_idea_is_sent(demo_house: RunningHouse, visit: Visit) -> None:
    author = Keyboard(come_in(visit(demo_house), "expert"))
    author.page.goto(f"/challenges/{one(demo_house, 'collecting')}/ideas/new")
    author.fill("Title", "Engrave it")
    author.fill("Your idea", "A pen that engraves the label into the drum, by hand.")
    author.choose("Yes, it is mine alone")
    author.choose("No", "Has an employer a claim to it?")
    author.choose("I accept these terms")
    author.press("Send idea")
    expect(author.page).to_have_url(re.compile("/receipt$"))


def test_a_vote_is_cast_and_taken_back(demo_house: RunningHouse, visit: Visit) -> None:
    voter = Keyboard(come_in(visit(demo_house), "expert"))
    voter.page.goto(f"/challenges/{one(demo_house, 'voting')}/ideas?show=all")
    form = voter.page.locator("form[data-vote]").first
    for name, pressed in (("Yes", "true"), ("Take back", None)):
        button = form.get_by_role("button", name=name)
        voter.reach(button)
        voter.page.keyboard.press("Enter")
        if pressed:
            expect(button).to_have_attribute("aria-pressed", pressed)
            expect(form.locator(".vote-note").first).to_be_visible()
    expect(form.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "false")


def test_a_gate_is_decided(demo_house: RunningHouse, visit: Visit) -> None:
    keeper = Keyboard(come_in(visit(demo_house), "sponsor"))
    keeper.page.goto("/my-work")
    waiting = keeper.page.get_by_role("main").get_by_role("link", name=re.compile("gate", re.IGNORECASE)).first
    keeper.page.goto(str(waiting.get_attribute("href")))
    if not keeper.page.url.endswith("/gate"):
        decide = keeper.page.get_by_role("main").get_by_role("link", name=re.compile("^Decide")).first
        keeper.reach(decide)
        keeper.page.keyboard.press("Enter")
    expect(keeper.page).to_have_url(re.compile("/gate$"))
    keeper.choose("On hold")
    keeper.fill("Reason", "The measurement of line two is missing.")
    keeper.press("Record the decision")
    expect(keeper.page.get_by_role("main")).to_contain_text("The measurement of line two is missing.")
