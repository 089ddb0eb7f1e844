"""An empty house: the first administrator comes by the link, lets in a company's people, and one of them signs in there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningHouse
from tests.services.openid import CLIENT, SECRET, Provider, User
from tests.support import samples

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture
def provider() -> Iterator[Provider]:
    running = Provider()
    yield running
    running.stop()


@pytest.fixture
def house(provider: Provider, tmp_path: Path, redis_url: str) -> Iterator[RunningHouse]:
    """A house in which nobody lives yet, with a sign-in provider that is asked at every request."""
    house = RunningHouse(tmp_path, redis_url)
    house.environ |= {
        "INNOVATION_OIDC_ISSUER": provider.issuer,
        "INNOVATION_OIDC_CLIENT_ID": CLIENT,
        "INNOVATION_OIDC_CLIENT_SECRET": SECRET,
        "INNOVATION_OIDC_NAME": "Corp account",
        "INNOVATION_OIDC_CHECK_SECONDS": "0",
    }
    assert "innovation first-link" in house.command("migrate")
    house.start()
    yield house
    house.stop()


def test_from_the_first_link_to_a_colleague_who_signs_in_with_the_companys_account(
    house: RunningHouse, provider: Provider, visit: Callable[..., Page]
) -> None:
    page = visit(house, language="en")
    page.goto(house.command("first-link").strip())
    page.get_by_label("Your name").fill("Ada Admin")
    page.get_by_label("E-mail address").fill("ada@corp.example")
    page.get_by_label("Password").fill("a short sentence will do")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Setting up this house")
    page.get_by_label("Name of this house").fill("Corp")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#name-part")).to_contain_text("It is called Corp.")
    page.get_by_label("Colour").fill("#7a1f5c")
    page.locator("input[name=logo]").set_input_files({"name": "l.png", "mimeType": "image/png", "buffer": samples.image()})
    page.get_by_role("button", name="Save look").click()
    expect(page.locator(".rail-host img")).to_have_attribute("alt", "Corp")
    page.get_by_role("button", name="Send a test mail to ada@corp.example").click()
    expect(page.locator("#mail-part")).to_contain_text("was written as a file")
    page.get_by_role("button", name="Ask whether it answers").click()
    expect(page.locator(".flash")).to_contain_text("answers")
    page.get_by_role("link", name="Domains of addresses").first.click()
    page.get_by_label("Domain", exact=True).fill("staff.example")
    page.get_by_label("Staff: works for us").check()
    page.get_by_label("These people sign in with").check()
    page.get_by_role("button", name="Add domain").click()
    expect(page.get_by_role("link", name="staff.example")).to_be_visible()

    provider.user = User("bob-1", "bob@staff.example", name="Bob Builder")
    bob = visit(house, language="en")
    bob.goto(f"{house.base}/my-work")
    bob.get_by_role("link", name="Sign in with Corp account").click()
    expect(bob).to_have_url(f"{house.base}/my-work")
    bob.goto(f"{house.base}/account")
    expect(bob.get_by_label("Your name")).to_have_value("Bob Builder")
    provider.user.on = False
    bob.goto(f"{house.base}/account")
    expect(bob.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(bob.get_by_text("the sign-in of your organisation has ended")).to_be_visible()
