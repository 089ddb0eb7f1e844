"""What people expect of every form and list: text that is not lost, a look before sending, keys, votes that show at once."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import RunningHouse
from tests.browser.test_axe import IDS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
Visit = Callable[..., Page]


def found(house: RunningHouse, query: str) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(house.home / "innovation.sqlite3")
    rows = connection.execute(query).fetchall()
    connection.close()
    return rows


def one(house: RunningHouse, name: str) -> str:
    """The public id of one row of a kind, as the walk with axe names them."""
    return found(house, IDS[name] + " LIMIT 1")[0][0]


def come_in(page: Page, role: str) -> Page:
    page.goto(f"/demo/{role}")
    page.locator("main button[type=submit]").click()
    # The demo's people have a language of their own.
    page.context.add_cookies([{"name": "language", "value": "en", "url": page.url}])
    return page


@pytest.fixture
def expert(demo_house: RunningHouse, visit: Visit) -> Page:
    return come_in(visit(demo_house), "expert")


@pytest.fixture
def manager(demo_house: RunningHouse, visit: Visit) -> Page:
    return come_in(visit(demo_house), "manager")


# ---- the editor ----------------------------------------------------------------------------------


def test_the_toolbar_marks_the_text_and_ctrl_z_takes_it_back(demo_house: RunningHouse, expert: Page) -> None:
    expert.goto(f"/ideas/{one(demo_house, 'own_draft')}/edit")
    area = expert.get_by_label("Your idea")
    area.fill("steam is there")
    area.evaluate("each => each.setSelectionRange(0, 5)")
    area.press("Control+b")
    expect(area).to_have_value("**steam** is there")
    area.press("Control+b")
    expect(area).to_have_value("steam is there")
    area.press("Control+i")
    expect(area).to_have_value("_steam_ is there")
    area.press("Control+z")
    expect(area).to_have_value("steam is there")
    expert.get_by_role("button", name="Quote", exact=True).click()
    expect(area).to_have_value("> steam is there")
    expect(area).to_be_focused()
    area.fill("one\ntwo")
    area.evaluate("each => each.setSelectionRange(0, 7)")
    expert.get_by_role("button", name="Numbered list").click()
    expect(area).to_have_value("1. one\n2. two")


def test_the_toolbar_is_one_stop_and_arrows_walk_it(demo_house: RunningHouse, expert: Page) -> None:
    expert.goto(f"/ideas/{one(demo_house, 'own_draft')}/edit")
    expert.get_by_role("tab", name="Write").focus()
    expert.keyboard.press("Tab")
    expect(expert.get_by_role("button", name="Heading")).to_be_focused()
    expert.keyboard.press("ArrowRight")
    expect(expert.get_by_role("button", name="Bold", exact=True)).to_be_focused()
    expert.keyboard.press("End")
    expect(expert.get_by_role("button", name="Code", exact=True)).to_be_focused()
    expert.keyboard.press("Tab")
    expect(expert.get_by_label("Your idea")).to_be_focused()


def test_the_preview_shows_by_keyboard_what_readers_will_see(demo_house: RunningHouse, expert: Page) -> None:
    expert.goto(f"/ideas/{one(demo_house, 'own_draft')}/edit")
    expert.get_by_label("Your idea").fill("## Why\n\nA **thin** layer. <script>alert(1)</script>\n\n- one\n- two")
    expert.get_by_role("tab", name="Write").focus()
    expert.keyboard.press("ArrowRight")
    expect(expert.get_by_role("tab", name="Preview")).to_be_focused()
    panel = expert.get_by_role("tabpanel", name="Preview")
    expect(panel.locator("strong")).to_have_text("thin")
    shown = panel.locator(".markdown").inner_html().strip()
    expert.keyboard.press("ArrowLeft")
    expect(expert.get_by_label("Your idea")).to_be_visible()
    expert.get_by_label("Yes, it is mine alone").check()
    expert.get_by_role("group", name="Has an employer a claim to it?").get_by_label("No", exact=True).check()
    expert.get_by_role("button", name="Read it once more first").click()
    assert expert.locator("main .markdown").filter(has_text="A thin layer").first.inner_html().strip() == shown


def test_the_preview_works_without_script(demo_house: RunningHouse, visit: Visit) -> None:
    author = come_in(visit(demo_house, script=False), "expert")
    author.goto(f"/ideas/{one(demo_house, 'own_draft')}/edit")
    expect(author.get_by_role("button", name="Bold")).to_have_count(0)
    author.get_by_label("Your idea").fill("A **thick** layer")
    with author.context.expect_page() as opened:
        author.get_by_role("button", name="Preview (in a new tab)").click()
    expect(opened.value.locator("main .markdown strong")).to_have_text("thick")
    expect(author.get_by_label("Your idea")).to_have_value("A **thick** layer")


# ---- nothing typed is lost -----------------------------------------------------------------------


def test_a_new_idea_is_a_draft_before_anything_is_pressed(demo_house: RunningHouse, expert: Page) -> None:
    challenge = one(demo_house, "voting")
    title = f"Typed at {time.monotonic_ns()}"
    expert.goto(f"/challenges/{challenge}/ideas/new")
    expert.get_by_label("Title").press_sequentially(title, delay=5)
    expect(expert).to_have_url(re.compile(r"/ideas/\w+/edit$"), timeout=10_000)
    expert.get_by_label("Your idea").fill("It goes on after that.")
    saved = time.monotonic() + 5
    kept = f"SELECT text FROM idea WHERE title = '{title}'"
    while found(demo_house, kept) != [("It goes on after that.",)] and time.monotonic() < saved:
        time.sleep(0.05)
    assert found(demo_house, kept) == [("It goes on after that.",)]
    expert.get_by_role("button", name="Save draft", exact=True).click()
    expect(expert.get_by_label("Title")).to_have_value(title)
    assert found(demo_house, f"SELECT count(*) FROM idea WHERE title = '{title}'") == [(1,)]


def test_a_draft_begun_while_the_first_answer_is_lost_is_begun_once(demo_house: RunningHouse, expert: Page) -> None:
    title = f"Lost at {time.monotonic_ns()}"
    expert.goto(f"/challenges/{one(demo_house, 'voting')}/ideas/new")
    lost: list[str] = []

    def lose(route: object) -> None:
        """The server gets it, the browser never hears of it."""
        if lost:
            route.continue_()  # type: ignore[attr-defined]
            return
        lost.append("once")
        route.fetch(max_redirects=0)  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    expert.route(re.compile(r"/challenges/\w+/ideas$"), lose)
    expert.get_by_label("Title").fill(title)
    expect(expert.locator("[data-autosave-status]")).to_contain_text("Not saved yet")
    expert.get_by_label("Your idea").fill("More came meanwhile.")
    expect(expert).to_have_url(re.compile(r"/ideas/\w+/edit$"), timeout=10_000)
    expect(expert.locator("[data-autosave-status]")).to_contain_text("Saved at")
    expert.wait_for_timeout(1500)
    assert found(demo_house, f"SELECT text FROM idea WHERE title = '{title}'") == [("More came meanwhile.",)]


def test_what_was_typed_is_offered_on_another_device(demo_house: RunningHouse, visit: Visit, manager: Page) -> None:
    address = f"/challenges/{one(demo_house, 'proposed')}/edit"
    manager.goto(address)
    manager.get_by_text("Drag the").count()  # nothing: the page has come
    background = manager.locator("textarea[name=background]")
    was = background.input_value()
    background.fill("Typed on the train.")
    expect(manager.locator("[data-autosave-status]").last).to_contain_text("Saved at", timeout=2500)

    other = come_in(visit(demo_house), "manager")
    other.goto(address)
    expect(other.locator("textarea[name=background]")).to_have_value(was)
    offer = other.locator(".draft-offer")
    expect(offer).to_contain_text("did not send it")
    offer.get_by_role("button", name="Go on with it").click()
    expect(other.locator("textarea[name=background]")).to_have_value("Typed on the train.")
    other.reload()
    other.locator(".draft-offer").get_by_role("button", name="Discard").click()
    expect(other.locator(".draft-offer")).to_have_count(0)
    with other.expect_response("**/drafts?**"):
        other.reload()
    other.wait_for_timeout(200)
    expect(other.locator(".draft-offer")).to_have_count(0)


def test_what_was_sent_is_offered_no_more(demo_house: RunningHouse, manager: Page) -> None:
    address = f"/challenges/{one(demo_house, 'proposed')}/edit"
    manager.goto(address)
    background = manager.locator("textarea[name=background]")
    background.fill(f"{background.input_value()}\n\nOne more line.")
    expect(manager.locator("[data-autosave-status]").last).to_contain_text("Saved at", timeout=2500)
    assert found(demo_house, f"SELECT count(*) FROM form_draft WHERE place = '{address}'") == [(1,)]
    manager.locator("main form[data-draft] button[type=submit].button-primary").first.click()
    manager.wait_for_load_state()
    assert found(demo_house, f"SELECT count(*) FROM form_draft WHERE place = '{address}'") == [(0,)]


# ---- said while one types ------------------------------------------------------------------------


def test_a_mistake_is_said_when_the_field_is_left_and_goes_when_it_is_mended(manager: Page) -> None:
    manager.goto("/people/invitations")
    email = manager.get_by_label("E-mail address")
    email.focus()
    manager.keyboard.press("Tab")
    expect(email).not_to_have_attribute("aria-invalid", "true")  # only walked past
    email.fill("ada.example")
    expect(email).not_to_have_attribute("aria-invalid", "true")  # still being typed
    manager.keyboard.press("Tab")
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(manager.locator("#email-error")).to_have_text("Write an e-mail address such as name@company.com.")
    assert "email-error" in (email.get_attribute("aria-describedby") or "")
    email.fill("ada@example.org")
    expect(email).not_to_have_attribute("aria-invalid", "true")
    expect(manager.locator("#email-error")).to_have_count(0)
    assert manager.locator("main button[disabled]").count() == 0


def test_a_wrong_form_says_error_in_its_title_and_takes_the_focus(manager: Page) -> None:
    manager.goto("/people/invitations")
    manager.get_by_role("button", name="Send invitation").click()
    expect(manager).to_have_title(re.compile("^Error: "))
    expect(manager.locator(".error-summary")).to_be_focused()
    manager.locator(".error-summary a").first.click()
    expect(manager.get_by_label("E-mail address")).to_be_focused()


def test_leaving_with_work_that_is_nowhere_asks_first(demo_house: RunningHouse, manager: Page) -> None:
    manager.goto(f"/challenges/{one(demo_house, 'voting')}/stop")
    manager.route("**/drafts", lambda route: route.abort())
    manager.goto(f"/challenges/{one(demo_house, 'proposed')}/edit")
    manager.locator("textarea[name=background]").press_sequentially("!")
    asked: list[str] = []
    manager.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    manager.goto("/challenges")
    assert asked == ["beforeunload"]


# ---- votes ---------------------------------------------------------------------------------------


def test_a_vote_can_be_undone_where_it_was_cast(demo_house: RunningHouse, expert: Page) -> None:
    expert.goto(f"/challenges/{one(demo_house, 'voting')}/ideas?show=all")
    form = expert.locator("form[data-vote]").first
    yes, no = form.get_by_role("button", name="Yes"), form.get_by_role("button", name="No")
    no.click()
    expect(form.locator(".vote-undo")).to_contain_text("Your vote counts.")
    yes.click()
    expect(form.locator(".vote-undo button")).to_have_attribute("value", "-1")
    expect(yes).to_have_attribute("aria-pressed", "true")
    expect(expert.locator("#announcer")).to_have_text("Your vote counts.")
    form.get_by_role("button", name="Undo").click()
    expect(no).to_have_attribute("aria-pressed", "true")
    form.get_by_role("button", name="Take back").click()
    expect(no).to_have_attribute("aria-pressed", "false")


def test_what_is_pressed_while_a_vote_is_under_way_counts_too(demo_house: RunningHouse, expert: Page) -> None:
    expert.goto(f"/challenges/{one(demo_house, 'voting')}/ideas?show=all")
    place = expert.locator("form[data-vote]").nth(1).get_attribute("action")
    form = expert.locator(f'form[action="{place}"]')
    yes, no = form.get_by_role("button", name="Yes"), form.get_by_role("button", name="No")
    slowly: list[Route] = []
    expert.route("**/vote", lambda route: slowly.append(route), times=1)
    no.click()
    expect(no).to_have_attribute("aria-pressed", "true")
    yes.click()
    slowly[0].continue_()
    expect(form.locator(".vote-undo button")).to_have_attribute("value", "-1")
    expect(yes).to_have_attribute("aria-pressed", "true")
    expert.reload()
    expect(yes).to_have_attribute("aria-pressed", "true")


def test_a_vote_can_be_undone_without_script(demo_house: RunningHouse, visit: Visit) -> None:
    voter = come_in(visit(demo_house, script=False), "expert")
    voter.goto(f"/challenges/{one(demo_house, 'voting')}/ideas?show=all")
    voter.locator("form[data-vote]").first.get_by_role("button", name="Yes").click()
    voter.locator(".flash").get_by_role("button", name="Undo").click()
    expect(voter.locator("form[data-vote]").first.get_by_role("button", name="Yes")).to_have_attribute(
        "aria-pressed", "false"
    )


def test_a_vote_that_does_not_arrive_is_put_back_and_said(demo_house: RunningHouse, expert: Page) -> None:
    expert.goto(f"/challenges/{one(demo_house, 'voting')}/ideas?show=all")
    form = expert.locator("form[data-vote]").first
    yes = form.get_by_role("button", name="Yes")
    was = yes.get_attribute("aria-pressed")
    expert.context.set_offline(True)
    yes.click()
    expect(form.get_by_role("alert")).to_contain_text("did not reach us")
    expect(expert.locator("#toasts")).to_be_empty()
    expect(yes).to_have_attribute("aria-pressed", was or "false")
    expert.context.set_offline(False)


# ---- keys ----------------------------------------------------------------------------------------


def test_keys_walk_a_list_vote_and_go_places(demo_house: RunningHouse, expert: Page) -> None:
    expert.goto(f"/challenges/{one(demo_house, 'voting')}/ideas?show=all")
    cards = expert.locator("[data-item]")
    expert.keyboard.press("j")
    expect(cards.nth(0).locator("a").first).to_be_focused()
    expert.keyboard.press("j")
    expect(cards.nth(1).locator("a").first).to_be_focused()
    expert.keyboard.press("v")
    voted = cards.nth(1).get_by_role("button", name="Yes")
    expect(voted).to_have_attribute("aria-pressed", "true")
    expect(cards.nth(1).locator(".vote-undo")).to_be_visible()
    expert.keyboard.press("k")
    expect(cards.nth(0).locator("a").first).to_be_focused()
    expert.keyboard.press("?")
    expect(expert.get_by_role("dialog")).to_contain_text("Next one in a list")
    expert.keyboard.press("Escape")
    expect(expert.get_by_role("dialog")).to_have_count(0)
    expert.keyboard.press("g")
    expert.keyboard.press("c")
    expert.wait_for_url("**/challenges")
    expert.keyboard.press("g")
    expert.keyboard.press("m")
    expert.wait_for_url("**/my-work")
    expert.keyboard.press("g")
    expert.keyboard.press("h")
    expert.wait_for_url(re.compile(r"://[^/]+/$"))


def test_keys_rest_while_one_types_and_with_other_keys(demo_house: RunningHouse, expert: Page) -> None:
    expert.goto(f"/challenges/{one(demo_house, 'voting')}/ideas?show=all")
    field = expert.locator("main input[type=search]")
    field.press_sequentially("jkv?gc")
    expect(field).to_have_value("jkv?gc")
    expect(expert.get_by_role("dialog")).to_have_count(0)
    expert.get_by_role("heading", level=1).click()
    expert.keyboard.press("Alt+j")
    expert.keyboard.press("Control+k")
    assert expert.locator("[data-item] a:focus").count() == 0


def test_keys_can_be_switched_off(demo_house: RunningHouse, visit: Visit) -> None:
    person = come_in(visit(demo_house), "sponsor")
    person.goto("/account")
    person.get_by_label("Single keys do something").uncheck()
    person.locator("#keys-part").get_by_role("button", name="Save").click()
    expect(person.get_by_text("Single keys do nothing from now on.")).to_be_visible()
    person.goto("/challenges")
    person.keyboard.press("j")
    assert person.locator("[data-item] a:focus").count() == 0
    person.goto("/account")
    person.get_by_label("Single keys do something").check()
    person.locator("#keys-part").get_by_role("button", name="Save").click()
    person.goto("/challenges")
    person.keyboard.press("j")
    expect(person.locator("[data-item] a:focus")).to_have_count(1)


def test_the_keys_have_a_page(demo_house: RunningHouse, visit: Visit) -> None:
    page = visit(demo_house, script=False)
    page.goto("/keyboard")
    expect(page.get_by_role("main")).to_contain_text("Next one in a list")


# ---- time ----------------------------------------------------------------------------------------


def test_a_deadline_counts_down_by_the_house_clock(demo_house: RunningHouse, visit: Visit) -> None:
    page = visit(demo_house)
    # A device whose own clock is a year behind: the house's is what counts.
    page.clock.install(time=datetime.now() - timedelta(days=365))
    page.goto("/styleguide")
    relative = page.locator("#time .deadline-relative").first
    expect(relative).to_have_text(re.compile(r"^in 5 hours 1[12] min$"))
    page.clock.fast_forward("02:00:00")
    expect(relative).to_have_text(re.compile(r"^in 3 hours 1?\d min$"))
    page.clock.fast_forward("02:30:00")
    expect(relative).to_have_text(re.compile(r"^in 4\d minutes$"))
    page.clock.fast_forward("00:50:00")
    expect(relative).to_have_text(re.compile(r"ago$"))


def test_a_deadline_is_true_without_script(demo_house: RunningHouse, visit: Visit) -> None:
    page = visit(demo_house, script=False)
    page.goto("/styleguide")
    expect(page.locator("#time .deadline-relative").first).to_have_text("in 5 hours")
    assert page.locator("#time .deadline time").first.get_attribute("datetime") is not None
