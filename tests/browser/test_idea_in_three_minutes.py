"""From a challenge's page to the receipt, with three own questions, whose it is, and the terms.

Three pages: the challenge, the one page of the idea, the receipt. Seven clicks besides typing: "Send an idea", a choice,
a yes, two about whose it is, the terms, "Send idea". The same without JavaScript. A file that says more is chosen on that
page too, and the full text of the terms opens there for who wants it.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import BIN, RunningHouse
from tests.browser.test_face import come_in, found, one
from tests.integration.ideas.test_answers import PAPER

Visit = Callable[..., Page]
ASKED = (
    ("threemin01", "number", "At which temperature?", 0, "", "°C", "[]"),
    ("threemin02", "choice", "How ripe is it?", 1, "", "", '["An idea", "Tried in a lab", "Runs somewhere"]'),
    ("threemin03", "yes_no", "Can you show it?", 1, "", "", "[]"),
)


@pytest.fixture
def challenge(demo_house: RunningHouse) -> str:
    """The address of the demo's sealed challenge that takes ideas, which asks three things."""
    name = one(demo_house, "collecting")
    with sqlite3.connect(demo_house.home / "innovation.sqlite3", timeout=20) as house:
        for place, (public_id, kind, label, required, hint, unit, options) in enumerate(ASKED, start=1):
            house.execute(
                "INSERT OR IGNORE INTO own_question (public_id, challenge_id, position, kind, label, required, help, unit,"
                " options) SELECT ?, id, ?, ?, ?, ?, ?, ?, ? FROM challenge WHERE public_id = ?",
                (public_id, place, kind, label, required, hint, unit, options, name),
            )
    return f"/challenges/{name}"


def picture(page: Page, name: str) -> None:
    """A look at a page, kept where somebody asked for it."""
    folder = os.environ.get("INNOVATION_TEST_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def assert_receipt_proves_itself(page: Page, folder: Path) -> None:
    """Keep the file of a receipt page, and check it where there is no house; one changed letter is found."""
    with page.expect_download() as arriving:
        page.get_by_role("link", name="Download the receipt").click()
    file = folder / "receipt.json"
    arriving.value.save_as(file)
    command = [str(BIN / "innovation"), "verify-receipt", str(file)]
    nowhere = {"INNOVATION_HOME": str(folder / "nowhere"), "PATH": "/usr/bin:/bin"}
    good = subprocess.run(command, env=nowhere, capture_output=True, text=True, check=False)
    assert (good.returncode, "signed this content" in good.stdout) == (0, True), good.stdout + good.stderr
    file.write_bytes(file.read_bytes().replace(b"It is cheap", b"It is cheep"))
    assert subprocess.run(command, env=nowhere, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize(("width", "script"), [(1280, True), (390, True), (390, False)])
def test_an_idea_is_sent_in_three_pages_and_seven_clicks(
    demo_house: RunningHouse, visit: Visit, challenge: str, tmp_path: Path, width: int, script: bool
) -> None:
    page = come_in(visit(demo_house, width=width, script=script), "expert")
    name, clicks = f"Pressed at {time.monotonic_ns()}", 0
    page.goto(challenge)
    expect(page.get_by_role("heading", name="You will be asked")).to_be_visible()
    picture(page, f"challenge-{width}-{script}")
    page.goto(f"{challenge}/ideas/new")  # "Send an idea", or "Send another idea" once there is one
    clicks += 1
    page.get_by_label("Title").fill(name)
    page.get_by_label("Your idea").fill("\n\n".join(("Press it.", "Heat it.", "It works.", "It is cheap.", "See the file.")))
    paper = {"name": "more.pdf", "mimeType": "application/pdf", "buffer": PAPER}
    page.get_by_label("A file that says more").set_input_files(paper)  # type: ignore[arg-type]  # a payload, as its docs have it
    page.get_by_label("At which temperature?").fill("82.5")
    for choice in (
        page.get_by_label("Tried in a lab"),
        page.get_by_role("group", name="Can you show it?").get_by_label("Yes", exact=True),
        page.get_by_label("Yes, it is mine alone"),
        page.get_by_role("group", name="Has an employer a claim to it?").get_by_label("No", exact=True),
        page.get_by_label("I accept these terms"),
    ):
        choice.check()
        clicks += 1
    picture(page, f"one-page-{width}-{script}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width if script else True
    page.get_by_role("button", name="Send idea").click()
    clicks += 1
    expect(page).to_have_url(re.compile("/receipt$"))
    picture(page, f"receipt-{width}-{script}")
    assert_receipt_proves_itself(page, tmp_path)
    reference = page.url.split("/")[-2]
    page.goto(f"/ideas/{reference}")
    main = page.get_by_role("main")
    for said in ("82.5 °C", "Tried in a lab", "more.pdf"):
        expect(main).to_contain_text(said)
    picture(page, f"idea-{width}-{script}")
    assert clicks == 7
    assert found(demo_house, f"SELECT state FROM idea WHERE title = '{name}'") == [("submitted",)]


def test_what_is_refused_without_script_stands_there_still(demo_house: RunningHouse, visit: Visit, challenge: str) -> None:
    page = come_in(visit(demo_house, script=False, width=390), "expert")
    page.goto(f"{challenge}/ideas/new")
    page.get_by_label("Title").fill("Half of it")
    page.get_by_label("At which temperature?").fill("warm")
    page.get_by_label("Tried in a lab").check()
    page.get_by_role("button", name="Send idea").click()
    expect(page.get_by_role("alert")).to_contain_text("At which temperature?")
    expect(page.get_by_label("Title")).to_have_value("Half of it")
    expect(page.get_by_label("At which temperature?")).to_have_value("warm")
    expect(page.get_by_label("Tried in a lab")).to_be_checked()
    picture(page, "refused-390")
    page.get_by_role("button", name="Save draft").last.click()
    expect(page).to_have_url(re.compile("/edit$"))
