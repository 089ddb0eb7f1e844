"""People talk: they ask, answer, change and delete, with and without JavaScript, and news arrive by themselves."""

from __future__ import annotations

import re
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
    return f"/challenges/{row[0]}/questions"


def enter(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_role("button", name=f"Go in as {name}").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def asks(page: Page, text: str) -> None:
    page.locator(".talk > form.talk-form textarea").fill(text)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url(re.compile(r"#comment-"))


@pytest.mark.parametrize("width", [390, 1280])
def test_a_question_and_its_answer_arrive_while_others_read(demo_house: RunningHouse, visit: Visit, width: int) -> None:
    expert, sponsor = visit(demo_house, width=width), visit(demo_house)
    enter(expert, "Amina Bouzidane")
    enter(sponsor, "Henrik Sandvall")
    path, question = address(demo_house), f"How hot does the window get at {width}?"
    expert.goto(path)
    sponsor.goto(path)
    draft = sponsor.locator(".talk > form.talk-form textarea")
    draft.fill("What I was writing meanwhile")
    asks(expert, question)
    # The sponsor has not touched anything: it arrives, is announced, and what he types stays with the focus in it.
    line = sponsor.locator(".comment", has_text=question)
    expect(line).to_be_visible(timeout=10_000)
    expect(sponsor.locator("#announcer")).to_have_text("1 new comment")
    expect(draft).to_have_value("What I was writing meanwhile")
    expect(draft).to_be_focused()
    draft.fill("")
    line.get_by_role("link", name="Answer").click()
    answer = line.locator("[data-place] textarea")
    expect(answer).to_be_focused()
    answer.fill("At most 80 °C, @Amina Bouz")
    answer.press_sequentially("i")
    sponsor.get_by_role("option", name="Amina Bouzidane").wait_for()
    answer.press("Enter")
    expect(answer).to_have_value("At most 80 °C, @Amina Bouzidane ")
    line.get_by_role("button", name="Answer").click()
    sponsor.wait_for_url(re.compile(r"#comment-"))
    reply = expert.locator(".comment", has_text="At most 80 °C").last
    expect(reply).to_be_visible(timeout=10_000)
    expect(reply.get_by_role("link", name="@Amina Bouzidane")).to_be_visible()
    # Changed in place; the reader's line changes too, and says so.
    mine = sponsor.locator(".comment", has_text="At most 80 °C").last
    mine.get_by_role("link", name="Edit").click()
    text = mine.locator("[data-place] textarea")
    expect(text).to_have_value(re.compile("At most 80 °C, @Amina Bouzidane"))
    text.fill(f"At most 90 °C in the case of {width}.")
    mine.get_by_role("button", name="Save the change").click()
    changed = expert.locator(".comment", has_text=f"At most 90 °C in the case of {width}.")
    expect(changed.get_by_role("link", name="edited")).to_be_visible(timeout=10_000)
    changed.get_by_role("link", name="edited").click()
    expect(expert.get_by_role("main").locator("ins").first).to_be_visible()


def test_a_talk_works_without_javascript(demo_house: RunningHouse, visit: Visit) -> None:
    expert = visit(demo_house, script=False, width=390)
    enter(expert, "Amina Bouzidane")
    expert.goto(address(demo_house))
    asks(expert, "May it need compressed air?")
    line = expert.locator(".comment", has_text="May it need compressed air?")
    line.get_by_role("link", name="Answer").click()
    expect(expert.get_by_role("heading", level=1)).to_contain_text("Answer")
    expert.get_by_label("Your answer to").fill("I ask myself: **yes**.")
    expert.get_by_role("main").get_by_role("button", name="Answer").click()
    answer = expert.locator(".comment", has_text="I ask myself: yes.")
    expect(answer).to_be_visible()
    answer.get_by_role("link", name="Edit").click()
    expert.get_by_label("Your comment").fill("I ask myself: no.")
    expert.get_by_role("button", name="Save the change").click()
    expect(expert.locator(".comment", has_text="I ask myself: no.")).to_be_visible()
    line = expert.locator(".comment", has_text="May it need compressed air?")
    line.get_by_role("button", name="Delete").click()
    gone = expert.locator(".comment", has_text="This comment was deleted.").last
    expect(gone).to_be_visible()
    expect(expert.locator(".comment", has_text="I ask myself: no.")).to_be_visible()
    gone.get_by_role("button", name="Bring it back").click()
    expect(expert.locator(".comment", has_text="May it need compressed air?")).to_be_visible()


def test_where_nothing_tells_of_news_the_page_asks_by_itself(demo_house: RunningHouse, visit: Visit) -> None:
    reader, writer = visit(demo_house), visit(demo_house)
    enter(reader, "Femke Oldenhof")
    enter(writer, "Amina Bouzidane")
    reader.route("**/live/**", lambda route: route.fulfill(status=503, body=""))
    path = address(demo_house)
    reader.goto(path)
    writer.goto(path)
    asks(writer, "Is this seen without a stream?")
    expect(reader.locator(".comment", has_text="Is this seen without a stream?")).to_be_visible(timeout=30_000)
