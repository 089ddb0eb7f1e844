"""How it looks: the style guide in both themes, languages and widths, and every page on a phone.

``INNOVATION_TEST_PHOTOS`` names a folder; the style guide's photographs are kept there, to be looked at.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response

from tests.browser.conftest import RunningHouse
from tests.browser.test_axe import PAGES, addresses
from tests.browser.test_face import come_in, one

__all__ = ["addresses"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
Visit = Callable[..., Page]

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
CUT_OFF = """() => Array.from(document.querySelectorAll('main *')).filter((one) => {
  const box = one.getBoundingClientRect();
  if (!box.width || box.right <= innerWidth + 1 || one.closest('svg')) return false;
  for (let up = one.parentElement; up; up = up.parentElement) {
    if (/(auto|scroll|hidden|clip)/.test(getComputedStyle(up).overflowX)) return false;
  }
  return !one.matches('.visually-hidden, .visually-hidden *');
}).map((one) => one.outerHTML.slice(0, 90))"""
SMALL = """() => {
  const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.visually-hidden');
  const inText = (one) => one.matches('a') && getComputedStyle(one).display === 'inline';
  const boxOf = (one) => {
    const label = one.matches('input[type=radio], input[type=checkbox]') && one.closest('label');
    return (label || one).getBoundingClientRect();
  };
  const all = Array.from(document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary, a[href]'))
    .filter((one) => seen(one) && !inText(one)).map((one) => [one, boxOf(one)]).filter(([, box]) => box.width > 1);
  /* Smaller is allowed where a circle of 24 px around the middle touches no other target (WCAG 2.5.8). */
  const near = (box, other) => {
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    return Math.hypot(Math.max(other.x - x, 0, x - other.right), Math.max(other.y - y, 0, y - other.bottom)) < 12;
  };
  const apart = (one, other) => other !== one && !one.contains(other) && !other.contains(one);
  const small = (box) => box.width < 23.5 || box.height < 23.5;
  return all.filter(([one, box]) => small(box) && all.some(([other, theirs]) => apart(one, other) && near(box, theirs)))
    .map(([one, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${one.outerHTML.slice(0, 100)}`);
}"""


@pytest.mark.parametrize(
    ("theme", "language", "width"), list(itertools.product(["light", "dark"], ["en", "nl"], [1280, 390]))
)
def test_the_style_guide_is_photographed(
    theme: str, language: str, width: int, demo_house: RunningHouse, visit: Visit, tmp_path: Path
) -> None:
    page = visit(demo_house, width=width)
    answer = page.goto(f"/styleguide?theme={theme}&lang={language}")
    assert answer is not None
    assert answer.status == 200
    assert page.locator("html").get_attribute("lang") == language
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (float(re.findall(r"[\d.]+", paper)[0]) > 0.5) == (theme == "light")
    assert page.evaluate(SIDEWAYS) is False
    assert page.evaluate(CUT_OFF) == []
    folder = Path(os.environ.get("INNOVATION_TEST_PHOTOS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    photo = folder / f"styleguide-{theme}-{language}-{width}.png"
    page.screenshot(path=photo, full_page=True)
    assert photo.stat().st_size > 100_000


@pytest.mark.parametrize("role", sorted(PAGES))
def test_every_page_fits_a_phone_and_a_finger(
    role: str,
    demo_house: RunningHouse,
    addresses: dict[str, str],
    visit: Visit,
) -> None:
    page = visit(demo_house, width=390)
    if role != "visitor":
        come_in(page, role)
    wrong: list[str] = []
    for pattern in PAGES[role]:
        path = pattern.format(**addresses)
        page.goto(path)
        if page.evaluate(SIDEWAYS):
            wrong.append(f"{path} scrolls sideways")
        wrong += [f"{path} is cut off: {each}" for each in page.evaluate(CUT_OFF)]
        wrong += [f"{path} has a small target: {each}" for each in page.evaluate(SMALL)]
    assert wrong == []


def test_the_heaviest_page_stays_under_sixty_kilobytes(demo_house: RunningHouse, visit: Visit) -> None:
    """Style and script as they travel: what the server sends compressed counts compressed."""
    weights: dict[str, int] = {}
    sent: list[Response] = []
    page = come_in(visit(demo_house), "manager")
    page.on("response", lambda answer: sent.append(answer))
    voting, idea, proposed = (one(demo_house, name) for name in ("voting", "chosen", "proposed"))
    for path in ("/", f"/challenges/{voting}", f"/ideas/{idea}", f"/challenges/{proposed}/edit", "/styleguide", "/funnel"):
        sent.clear()
        page.goto(path, wait_until="networkidle")
        # By address: what the page before was still asking for when this one was opened is not asked twice.
        files = list({each.url: each for each in sent if re.search(r"\.(css|js)$", each.url)}.values())
        assert {each.headers.get("content-encoding") for each in files} <= {"gzip", "br"}
        weights[path] = sum(int(each.headers["content-length"]) for each in files)
    assert max(weights.values()) < 60 * 1024, weights


@pytest.mark.parametrize("kind", ["challenge", "idea"])
def test_a_page_prints_without_what_paper_cannot_do(kind: str, demo_house: RunningHouse, visit: Visit) -> None:
    page = visit(demo_house)
    page.goto(
        f"/challenges/{one(demo_house, 'decided')}" if kind == "challenge" else f"/ideas/{one(demo_house, 'declined')}"
    )
    page.emulate_media(media="print")
    for away in (".rail", ".page-footer", ".skip-link", ".crumbs"):
        assert page.locator(away).locator("visible=true").count() == 0
    assert page.locator("main button").locator("visible=true").count() == 0
    assert page.locator("h1").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in {"rgb(255, 255, 255)", "white"}
