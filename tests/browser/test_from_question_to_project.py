"""The main job, as people do it: a sponsor asks, an expert answers without JavaScript, a crowd votes, the clock closes,
the sponsor announces, a project appears, and an author who was not chosen reads why."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningHouse, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PASSWORD = "a long enough sentence"
QUESTION = "How can we dry the filter cake with half the steam?"
DAYS = 60
Visit = Callable[..., Page]


def press(page: Page, name: str) -> None:
    """Press the button, or follow the link dressed as one, of that name in the page's own part."""
    main = page.get_by_role("main")
    main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True)).first.click()


def set_password(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD)
    press(page, "Set password and sign in")


def invite(manager: Page, email: str, circle: str) -> None:
    manager.goto("/people/invitations")
    manager.get_by_label("E-mail address").fill(email)
    manager.get_by_label(circle).check()
    press(manager, "Send invitation")
    expect(manager.get_by_role("main")).to_contain_text(f"Taken: {email}.")


def accept(page: Page, house: RunningHouse, email: str, name: str) -> None:
    page.goto(house.link_in_mail(email, "/invitation/"))
    page.get_by_label("Your name").fill(name)
    press(page, "Take part")
    expect(page.get_by_role("main")).to_contain_text("Welcome")
    page.goto("/account")
    page.get_by_label("New password").fill(PASSWORD)
    press(page, "Set password")


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")


def ask(sponsor: Page) -> str:
    """Four answers, then one sentence opened to be changed: experts too, and open. Returns the challenge's address."""
    sponsor.goto("/challenges/new")
    sponsor.get_by_label("What is your question?").fill(QUESTION)
    sponsor.get_by_label("What must a good answer do?").fill("- Save half of 3 t/h of steam\n- Fit the present dryer")
    sponsor.get_by_role("radio", name="Our own staff", exact=True).check()
    press(sponsor, "Go on to the last look")
    sponsor.goto(sponsor.url.replace("/check", "/edit"))
    for sentence in sponsor.locator("details").all():
        sentence.evaluate("each => each.open = true")
    sponsor.get_by_label("Staff, partners and invited experts").check()
    sponsor.get_by_label("How many ideas are chosen?").fill("1")
    sponsor.get_by_label("Voting from").fill("")
    press(sponsor, "Save and hand it in")
    expect(sponsor.get_by_role("heading", level=1)).to_have_text(QUESTION)
    return sponsor.url


def answer(author: Page, challenge: str, title: str) -> str:
    """Write and send on one page; returns the idea's reference on the receipt."""
    author.goto(challenge)
    press(author, "Send an idea")
    author.get_by_label("Title").fill(title)
    author.get_by_label("Your idea").fill(f"**{title}**: what is wet must be pressed before it is heated.")
    author.get_by_label("I accept these terms").check()
    press(author, "Send idea")
    expect(author).to_have_url(re.compile("/receipt$"))
    return author.url.split("/")[-2]


def let_through(checker: Page, challenge: str, title: str) -> None:
    """Where people from outside answer in the open, somebody looks at an idea before others see it."""
    checker.goto(f"{challenge}/ideas-to-check")
    checker.get_by_role("link", name=title).click()
    press(checker, "Accept it")


def test_from_question_to_project(empty_house: RunningHouse, visit: Visit) -> None:
    house = empty_house
    link = house.command("add-administrator", "manager@example.org", "--name", "Mira Manager").strip()
    manager = visit(house)
    set_password(manager, link)
    manager.goto("/programmes/new")
    manager.get_by_label("Name of the programme").fill("Leaner plants")
    press(manager, "Start programme")

    invite(manager, "sven@example.org", "Staff: works for us")
    for number in range(3):
        invite(manager, f"voter{number}@example.org", "Staff: works for us")
    invite(manager, "ada@example.net", "Invited expert")
    sponsor, expert, rival = visit(house), visit(house, script=False), visit(house, width=390)
    accept(sponsor, house, "sven@example.org", "Sven Sponsor")
    accept(expert, house, "ada@example.net", "Ada Expert")
    accept(rival, house, "voter0@example.org", "Rik Rival")

    challenge = ask(sponsor)
    manager.goto(challenge)
    press(manager, "Check and publish")
    press(manager, "Publish it")
    assert answer(expert, challenge, "Press it with a membrane")
    declined = answer(rival, challenge, "Blow air through it")
    for title in ("Press it with a membrane", "Blow air through it"):
        let_through(sponsor, challenge, title)

    voters = [visit(house, script=bool(number % 2)) for number in (1, 2)]
    for number, voter in enumerate(voters, start=1):
        accept(voter, house, f"voter{number}@example.org", f"Vera Voter {number}")
        voter.goto(f"{challenge}/ideas?show=all")
        favourite = voter.get_by_role("article").filter(has_text="Press it with a membrane")
        favourite.get_by_role("button", name="Support").click()
        expect(favourite.get_by_role("button", name="You support it")).to_have_attribute("aria-pressed", "true")
        assert "2 votes" not in voter.content()

    house.stop()
    house.start(days_later=DAYS)
    wait_until(lambda: any("result" in subject.lower() for subject, _ in house.mails("sven@")), "the mail on the result")

    # Sixty days on, everybody has to sign in again.
    sign_in(sponsor, "sven@example.org")
    sponsor.goto(challenge)
    press(sponsor, "Check and announce the result")
    press(sponsor, "Announce the result")
    press(sponsor, "Announce the result")
    expect(sponsor.get_by_role("main")).to_contain_text("Announced")

    sponsor.goto("/projects")
    sponsor.get_by_role("link", name="Press it with a membrane").first.click()
    expect(sponsor.get_by_role("heading", level=1)).to_contain_text("Press it with a membrane")
    expect(sponsor.get_by_role("main")).to_contain_text("Ada Expert")

    sign_in(rival, "voter0@example.org")
    rival.goto(f"/ideas/{declined}")
    expect(rival.get_by_role("main")).to_contain_text("Why it was not chosen")
    wait_until(lambda: len(house.mails("voter0@")) >= 3, "the author's answer by mail")
    assert "Blow air through it" in house.mails("voter0@")[-1][1]
