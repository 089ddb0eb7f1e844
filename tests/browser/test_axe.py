"""axe finds nothing on any page, and no page writes an error to the console or scrolls sideways.

In the test run each page is looked at in one combination of theme, language and width, the combinations taking turns;
``INNOVATION_TEST_AXE=all`` (``make axe``) looks at every page in all of them.
"""

from __future__ import annotations

import itertools
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.browser.conftest import RunningHouse

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
COMBINATIONS = list(itertools.product(["light", "dark"], ["en", "nl"], [1280, 390]))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

PAGES: dict[str, list[str]] = {
    "visitor": [
        "/",
        "/challenges",
        "/challenges?show=decided",
        "/challenges/{decided}",
        "/challenges/{decided}/ideas",
        "/challenges/{decided}/decision",
        "/challenges/{ranked}/standings",
        "/ideas/{declined}",
        "/projects",
        "/sign-in",
        "/sign-up",
        "/password-reset",
        "/no-such-page",
        "/styleguide",
        "/keyboard",
        "/dev/mail",
        "/results",
        "/results/challenges/{shown}",
        "/results/ideas/{grown}",
        "/search?q=water",
        "/terms-for-ideas",
        "/terms-for-ideas/author_keeps/2",
    ],
    "expert": [
        "/",
        "/my-work",
        "/my-ideas",
        "/inbox",
        "/account",
        "/account/profile",
        "/account/data",
        "/account/erasure",
        "/account/notifications",
        "/challenges/{collecting}",
        "/challenges/{voting}/ideas",
        "/challenges/{voting}/ideas/new",
        "/ideas/{own_draft}/edit",
        "/ideas/{own_draft}/check",
        "/ideas/{own_draft}/withdrawal",
        "/ideas/{own_draft}/authors",
        "/ideas/{own_draft}/receipt",
        "/ideas/{own_draft}/openings",
        "/ideas/{chosen}",
        "/ideas/{chosen}/revisions",
        "/ideas/{chosen}/revisions/1",
        "/ideas/{talked}/talk",
        "/challenges/{asked}/questions",
        "/challenges/{collecting}/inquiries/new",
        "/comments/{comment}/history",
        "/comments/{comment}/replies",
        "/projects/{project}",
        "/runs/{announced}",
        "/awards",
        "/lessons",
        "/challenges/{decided}/activity",
        "/people/{person}",
        "/comments/{said}/report",
        "/search?q=xqxqxq",
        "/challenges/{voting}/similar?title=water",
    ],
    "sponsor": [
        "/",
        "/my-work",
        "/challenges/new",
        "/challenges/{to_announce}",
        "/runs/{waiting}",
        "/runs/{waiting}/announcement",
        "/projects/{project}/gate",
        "/challenges/{decided}/people",
        "/challenges/{decided}/inquiries",
        "/challenges/{decided}/earlier-ideas",
        "/ideas/{chosen}/questions",
        "/challenges/{decided}/panel-talk",
        "/projects/{project}/talk",
        "/projects/{project}/plan",
        "/projects/{project}/team",
        "/projects/{project}/documents",
        "/projects/{project}/money",
        "/projects/{project}/outcome",
        "/projects/{project}/evidence",
        "/projects/{project}/forecast",
    ],
    "manager": [
        "/desk",
        "/steering/reasons",
        "/steering/reasons/new?act=decline_idea&ready=ready:known:en",
        "/steering/sendings",
        "/steering/remind?chosen=challenge:{proposed}",
        "/steering/return_challenge?chosen=challenge:{proposed}",
        "/desk/approvals",
        "/desk/decisions/publication?chosen=challenge:{proposed}",
        "/desk/decisions/assignment?chosen=challenge:{proposed}",
        "/funnel",
        "/funnel/idea/submitted/entered",
        "/challenges/{proposed}",
        "/challenges/{proposed}/edit",
        "/challenges/{proposed}/questions-for-ideas",
        "/challenges/{proposed}/check",
        "/challenges/{proposed}/preview",
        "/programmes/{programme}/approval",
        "/challenges/{voting}/changes",
        "/challenges/{voting}/changes/words",
        "/challenges/{proposed}/return",
        "/challenges/{voting}/full-part",
        "/challenges/{voting}/full-part/readers",
        "/challenges/{voting}/stop",
        "/challenges/{voting}/extension",
        "/challenges/{voting}/integrity",
        "/challenges/{ranked}/standings",
        "/challenges/{ranked}/integrity",
        "/programmes/new",
        "/people",
        "/people/invitations",
        "/people/invitations/list",
        "/people/{person}",
        "/people/{person}/management",
        "/people/{person}/leaving",
        "/people/domains",
        "/administration/first-run",
        "/administration/texts/privacy",
        "/administration/export",
        "/import",
        "/organisations/{host}",
        "/moderation",
        "/moderation/{case}",
        "/moderation/{objection}",
        "/admin/deliveries",
        "/projects/{project}/updates",
        "/projects/{project}/milestones",
        "/projects/{project}/members",
        "/projects/{project}/edit",
        "/funnel?details=1",
        "/programmes/{programme}",
        "/programmes/{programme}/process",
        "/programmes/{programme}/process/edit",
        "/programmes/{programme}/reports",
        "/programmes/{programme}/targets/2026-Q4",
        "/reports/{report}",
        "/rules/back-test",
        "/my-work/calibration",
        "/organisations",
        "/awards/{award}",
        "/challenges/{decided}/rule",
        "/search?q=watre",
        "/search?q=water&kind=idea",
    ],
}

IDS = {
    "decided": "SELECT public_id FROM challenge WHERE state = 'decided' AND visibility = 'open'",
    "ranked": (
        "SELECT c.public_id FROM challenge c JOIN standing s ON s.challenge_id = c.id "
        "WHERE c.state = 'decided' AND c.visibility = 'open'"
    ),
    "collecting": "SELECT public_id FROM challenge WHERE state = 'published' AND visibility = 'sealed'",
    "voting": (
        "SELECT public_id FROM challenge WHERE state = 'published' AND vote_opens_at < datetime('now') "
        "AND closes_at > datetime('now')"
    ),
    "proposed": "SELECT public_id FROM challenge WHERE state = 'proposed'",
    "to_announce": (
        "SELECT c.public_id FROM challenge c JOIN run_challenge rc ON rc.challenge_id = c.id "
        "JOIN run r ON r.id = rc.run_id WHERE r.state = 'decided'"
    ),
    "waiting": "SELECT public_id FROM run WHERE state = 'decided'",
    "announced": "SELECT public_id FROM run WHERE state = 'announced' ORDER BY id",
    "declined": "SELECT public_id FROM idea WHERE state = 'declined' AND visibility = 'audience'",
    "chosen": "SELECT public_id FROM idea WHERE state = 'promoted' AND visibility = 'audience'",
    "own_draft": (
        "SELECT i.public_id FROM idea i JOIN author a ON a.idea_id = i.id JOIN person p ON p.id = a.person_id "
        "WHERE i.state = 'draft' AND p.foreign_id = 'expert'"
    ),
    "project": "SELECT public_id FROM project WHERE state = 'running' AND visibility = 'audience'",
    "person": "SELECT public_id FROM person WHERE foreign_id = 'expert'",
    "shown": "SELECT public_id FROM challenge WHERE results_public",
    "grown": (
        "SELECT i.public_id FROM idea i JOIN challenge c ON c.id = i.challenge_id JOIN project p ON p.idea_id = i.id "
        "WHERE c.results_public AND p.state = 'adopted'"
    ),
    "award": "SELECT public_id FROM award WHERE visibility = 'audience' ORDER BY id",
    "programme": "SELECT public_id FROM programme ORDER BY id",
    "host": "SELECT public_id FROM organisation WHERE is_host",
    "case": "SELECT public_id FROM moderation_case WHERE state = 'open'",
    "objection": "SELECT public_id FROM moderation_case WHERE state = 'appealed'",
    "said": ("SELECT m.public_id FROM comment m JOIN moderation_case c ON c.comment_id = m.id WHERE c.state = 'open'"),
    "report": "SELECT public_id FROM report ORDER BY id DESC",
    # What an invited expert takes part in.
    "talked": (
        "SELECT i.public_id FROM idea i JOIN thread t ON t.id = i.thread_id JOIN challenge c ON c.id = i.challenge_id "
        "WHERE c.title LIKE 'Which measurement do we still%' ORDER BY t.comments DESC"
    ),
    "asked": "SELECT c.public_id FROM challenge c WHERE c.title LIKE 'Which measurement do we still%'",
    "comment": (
        "SELECT m.public_id FROM comment m JOIN thread t ON t.id = m.thread_id JOIN challenge c ON c.thread_id = t.id "
        "WHERE c.title LIKE 'Which measurement do we still%' ORDER BY m.id"
    ),
}


@pytest.fixture(scope="module")
def addresses(demo_house: RunningHouse) -> dict[str, str]:
    """Public ids of one row of each kind; waits for the clock to have prepared the result that is due.

    Not ``innovation promote``: what a script asks for is announced at once, and nothing would wait for a person.
    """
    until = time.monotonic() + 240
    while True:
        with closing(sqlite3.connect(demo_house.home / "innovation.sqlite3")) as connection:
            found = {name: connection.execute(query + " LIMIT 1").fetchone() for name, query in IDS.items()}
        missing = [name for name, row in found.items() if row is None]
        if not missing or time.monotonic() > until:
            break
        time.sleep(1)
    assert missing == []
    return {name: row[0] for name, row in found.items()}


def combinations(turn: int) -> list[tuple[str, str, int]]:
    """The looks of one page: the next in turn, or all of them."""
    if os.environ.get("INNOVATION_TEST_AXE") == "all":
        return COMBINATIONS
    return [COMBINATIONS[turn % len(COMBINATIONS)]]


def note_error(wrong: list[str], message: ConsoleMessage) -> None:
    """Keep what a page writes to the console as an error."""
    if message.type == "error":
        wrong.append(f"console: {message.text}")


def findings(page: Page) -> list[str]:
    """What axe has to say about the page as it stands, one line each."""
    page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})", RULES
    )
    return [f"{v['id']}: {node['target']}" for v in result["violations"] for node in v["nodes"]]


@pytest.mark.parametrize("role", sorted(PAGES))
def test_axe_finds_nothing(
    role: str, demo_house: RunningHouse, addresses: dict[str, str], visit: Callable[..., Page]
) -> None:
    wrong: list[str] = []
    pages: dict[tuple[str, str, int], Page] = {}
    for turn, pattern in enumerate(PAGES[role]):
        path = pattern.format(**addresses)
        for look in combinations(turn):
            theme, language, width = look
            if look not in pages:
                page = visit(demo_house, theme=theme, language=language, width=width)
                page.on("console", partial(note_error, wrong))
                if role != "visitor":
                    page.goto(f"/demo/{role}")
                    page.locator("main button[type=submit]").click()
                    # The demo's people have a language of their own; the cookie is what the chooser sets.
                    page.context.add_cookies([{"name": "language", "value": language, "url": demo_house.base}])
                pages[look] = page
            page = pages[look]
            answer = page.goto(path)
            assert answer is not None
            where = f"{path} ({theme}, {language}, {width})"
            if answer.status != (404 if path == "/no-such-page" else 200):
                wrong.append(f"{where}: {answer.status}")
            wrong += [f"{where}: {each}" for each in findings(page)]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wrong.append(f"{where}: scrolls sideways")
    # The one page that is meant not to be there is an error to the console.
    assert [each for each in wrong if "status of 404" not in each] == []
