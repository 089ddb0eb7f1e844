"""Files in a browser: pasted into a text, described, sent in parts, shown; and by a plain form."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import RunningHouse
from tests.support import samples

PASTE = """([area, data, name]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const file = new File([bytes], name, { type: 'image/png' }), carried = new DataTransfer();
  carried.items.add(file);
  area.focus();
  area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: carried, bubbles: true, cancelable: true }));
}"""


def sign_in(page: Page, role: str) -> None:
    page.goto(f"/demo/{role}")
    page.get_by_role("button", name="Go in").click()
    page.wait_for_url(re.compile("^(?!.*/demo/)"))


def paste(page: Page, name: str, content: bytes) -> None:
    area = page.locator("textarea[data-markdown]").first.element_handle()
    page.evaluate(PASTE, [area, base64.b64encode(content).decode(), name])


def open_challenge(page: Page) -> str:
    """The address at which a new idea is written."""
    page.goto("/challenges")
    for link in page.locator("a[href^='/challenges/']").all():
        address = link.get_attribute("href") or ""
        if len(address.split("/")) >= 3 and "new" not in address:
            answered = page.request.get(f"/challenges/{address.split('/')[2].split('?')[0]}/ideas/new")
            if answered.ok and "data-begin" in answered.text():
                return f"/challenges/{address.split('/')[2].split('?')[0]}/ideas/new"
    pytest.fail("the demo has no challenge that takes ideas")


def test_an_image_is_pasted_described_and_shown(demo_house: RunningHouse, visit: Callable[..., Page]) -> None:
    page = visit(demo_house)
    sign_in(page, "expert")
    page.goto(open_challenge(page))
    page.fill("input[name=title]", "A rig for two pumps")
    area = page.locator("textarea[data-markdown]").first
    area.fill("Before.After.")
    area.evaluate("(one) => one.setSelectionRange(7, 7)")
    paste(page, "rig.png", samples.image("PNG", (60, 40)))
    asked = page.locator("dialog.file-ask")
    expect(asked).to_be_visible()
    asked.get_by_role("button", name="Add the image").click()
    expect(asked.get_by_text("Say what it shows, or that it only decorates.")).to_be_visible()
    asked.locator("input[type=text]").fill("Two pumps on one frame")
    asked.get_by_role("button", name="Add the image").click()
    shown = re.compile(r"^Before\.\n\n!\[Two pumps on one frame\]\(/files/[^)]*\)\n\nAfter\.$")
    expect(area).to_have_value(shown, timeout=30_000)
    assert "/edit" in page.url
    page.get_by_role("button", name="Preview").or_(page.get_by_role("tab", name="Preview")).first.click()
    picture = page.locator(".editor-look img")
    expect(picture).to_have_attribute("alt", "Two pumps on one frame")
    page.wait_for_function("() => document.querySelector('.editor-look img').naturalWidth === 60")
    page.get_by_role("tab", name="Write").click()
    page.get_by_role("button", name="Save draft", exact=True).click()
    expect(page.locator(".file-list")).to_contain_text("rig.png")


def test_an_upload_goes_on_after_a_lost_connection(demo_house: RunningHouse, visit: Callable[..., Page]) -> None:
    page = visit(demo_house)
    sign_in(page, "expert")
    page.goto(open_challenge(page))
    lost: list[int] = []

    def once(route: Route) -> None:
        if route.request.method == "PATCH" and route.request.headers.get("upload-offset") == "1048576" and not lost:
            lost.append(1)
            route.abort("connectionfailed")
        else:
            route.continue_()

    page.route("**/uploads/*", once)
    content = samples.PDF.replace(b"%%EOF\n", b"x" * 2_500_000 + b"\n%%EOF\n")
    page.set_input_files("input[name=file]", {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": content})
    page.fill("input[name=title]", "Long paper")
    expect(page.locator(".file-coming")).to_contain_text("connection is lost")
    page.get_by_role("button", name="Save draft", exact=True).click()  # waits for the file
    expect(page.get_by_text("Saved as a draft")).to_be_visible()
    expect(page.locator(".file-list")).to_contain_text("paper.pdf")
    assert lost == [1]
    with page.expect_download() as waiting:
        page.locator(".file-list a").first.evaluate("(link) => link.click()")
    assert Path(waiting.value.path()).read_bytes() == content


def test_a_file_is_added_without_javascript(demo_house: RunningHouse, visit: Callable[..., Page]) -> None:
    page = visit(demo_house, script=False, width=390)
    sign_in(page, "expert")
    page.goto(open_challenge(page))
    page.fill("input[name=title]", "Plain")
    save = page.get_by_role("button", name="Save draft", exact=True)
    page.set_input_files("input[name=file]", {"name": "drawing.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"})
    save.click()
    expect(page.locator(".error-summary")).to_contain_text("SVG")
    expect(page.locator("input[name=title]")).to_have_value("Plain")
    page.set_input_files("input[name=file]", {"name": "rig.png", "mimeType": "image/png", "buffer": samples.image()})
    save.click()
    page.locator("summary[aria-label='Describe rig.png']").click()
    page.fill(".file-describe input[name=alt]", "A rig")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".file-list")).to_contain_text("Shows: A rig")
    page.get_by_role("button", name="Remove rig.png").click()
    expect(page.locator(".file-list")).to_have_count(1)
    expect(page.locator(".file-list li")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".file-list")).to_contain_text("rig.png")
