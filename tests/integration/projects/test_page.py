"""A project's first page: four things, and the rest when it is first used. What a team tells from week to week."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from innovation.kernel import clock
from innovation.kernel.actor import Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.projects.models import Project, Update
from innovation.projects.queries import areas, weekly
from innovation.projects.service import papers, planning, updates
from innovation.promotion.service import picking, running
from tests.conftest import counting
from tests.support.crew import Crew
from tests.support.pages import words
from tests.support.world import World


@pytest.fixture
def crew(world: World) -> Crew:
    return Crew(world)


@pytest.fixture
def alone(world: World) -> Crew:
    """A project as it is opened: nobody but its author, and nothing in it."""
    made = Crew.__new__(Crew)
    made.world, made.lead = world, world.person("Lead")
    made.number = world.project(made.lead).id
    made.watcher = world.person("Watcher")
    return made


def _tabs(text: str) -> list[str]:
    found = re.search(r'<nav class="tabs".*?</nav>', text, re.S)
    return re.findall(r">([^<]+)</a>", found[0]) if found else []


def _unused(text: str) -> list[str]:
    found = re.search(r"Add to this project</h2>.*?</ul>", text, re.S)
    return re.findall(r'href="[^"]*/([a-z]+)"', found[0]) if found else []


def test_a_new_project_shows_four_things(alone: Crew) -> None:
    alone.does(planning.describe, title="Steam", goal="Half the steam.", work_url="")
    page = alone.browser().get(alone.path)
    said = words(page)
    for text in ("Half the steam.", "day 1 of 42", "Next gate", "The latest update", "Write the first update"):
        assert (text, text in said) == (text, True)
    text = page.get_data(as_text=True)
    assert (_tabs(text), {"plan", "team", "documents"} <= set(_unused(text))) == ([], True)


def test_an_area_has_a_tab_once_it_is_used_and_is_offered_until_then(alone: Crew) -> None:
    browser = alone.browser()
    assert areas.in_use(alone.again()) == frozenset()
    alone.task()
    text = browser.get(alone.path).get_data(as_text=True)
    assert (_tabs(text), "plan" in _unused(text)) == (["Overview", "Plan"], False)
    alone.ask(alone.watcher)
    alone.does(papers.add_document, title="T", url="https://example.org", note="")
    assert areas.in_use(alone.again()) == {"plan", "team", "papers"}
    tabs = _tabs(browser.get(f"{alone.path}/team").get_data(as_text=True))
    assert tabs == ["Overview", "Plan", "Team", "Documents and risks"]


def test_a_watcher_is_offered_nothing_to_add(crew: Crew) -> None:
    assert _unused(crew.browser(crew.watcher).get(crew.path).get_data(as_text=True)) == []


@pytest.mark.parametrize("ending", ["", "/plan", "/team", "/documents"])
def test_every_page_says_where_it_stands(crew: Crew, ending: str) -> None:
    text = crew.browser().get(crew.path + ending).get_data(as_text=True)
    current = re.findall(rf'<a href="({crew.path}[^"]*)" aria-current="page"', text)
    assert (current, text.count("<h1"), 'class="crumbs"' in text) == ([crew.path + ending], 1, True)
    assert ("day 1 of 42" in text, " style=" in text, "<script>" in text) == (True, False, False)


@pytest.mark.parametrize(
    ("late", "row", "words_said"),
    [(-0.01, "42 of 42", "day 42 of 42"), (0.01, "43 of 42", "day 43, 1 past the 42"), (-41.9, "1 of 42", "day 1 of 42")],
)
def test_the_last_day_lasts_until_the_hour_the_proof_is_due(crew: Crew, late: float, row: str, words_said: str) -> None:
    started = clock.now() - timedelta(days=42 + late)
    with transaction():
        db.session.execute(update(Project).values(started_at=started, due_at=started + timedelta(days=42)))
    browser = crew.browser()
    assert words_said in words(browser.get(crew.path))
    assert row in words(browser.get("/projects"))


def test_the_authors_are_named_with_where_it_came_from(crew: Crew) -> None:
    said = words(crew.browser(crew.watcher).get(crew.path))
    assert "Thought up by Lead" in said


@pytest.mark.parametrize(
    ("url", "status"), [("http://jira/board/1", 303), ("https://wiki:8443/x", 303), ("javascript://wiki/%0aalert(1)", 422)]
)
def test_work_and_evidence_may_lie_in_the_houses_own_network(crew: Crew, url: str, status: int) -> None:
    browser, path = crew.browser(), crew.path
    described = browser.post(f"{path}/edit", {"title": "T", "goal": "G", "work_url": url})
    found = browser.post(f"{path}/evidence/new", {"text": "T", "url": url, "about": "0"})
    assert (described.status_code, found.status_code) == (status, status)


def test_no_part_of_a_sealed_project_is_seen_from_outside(world: World) -> None:
    challenge = world.sealed()
    author, colleague = world.person("Author", Circle.EXPERT), world.person()
    idea = world.idea(challenge, author)
    world.close(challenge)
    sponsor = world.sponsor_of(challenge)
    picking.pick(actor=sponsor, idea=world.idea_again(idea), chosen=True, reason="Good.")
    picking.finish_picks(actor=sponsor, challenge=world.again(challenge))
    world.settle()
    running.announce(actor=sponsor, run=world.run_of(challenge))
    path = f"/projects/{world.project_of(idea).public_id}"
    endings = ("", "/plan", "/team", "/documents", "/updates/all")
    seen = {
        who.name: {world.browser(who).get(path + ending).status_code for ending in endings} for who in (author, colleague)
    }
    assert seen == {"Author": {200}, colleague.name: {404}}


# --- what a team tells ---------------------------------------------------------------------------------------------


def test_an_update_is_three_lines_and_a_word(crew: Crew) -> None:
    form = {"status": "at_risk", "done": "Ten panels", "following": "Ten more", "obstacle": "", "once": "u" * 32}
    browser = crew.browser(crew.helper)
    assert [browser.post(f"{crew.path}/updates", form).status_code for _ in range(2)] == [303, 303]
    row = db.session.scalars(select(Update)).one()
    assert (row.text, row.status, row.written_by) == ("Ten panels\nTen more\n", "at_risk", crew.helper.person_id)
    said = words(browser.get(crew.path))
    for text in ("At risk", "Done Ten panels", "Next Ten more", "In the way Nothing"):
        assert (text, text in said) == (text, True)
    wrong = [browser.post(f"{crew.path}/updates", form | {"once": "", name: ""}).status_code for name in ("status", "done")]
    assert wrong == [422, 422]


def test_a_line_stays_a_line() -> None:
    assert updates.three_lines("a\nb", "\r\n c ", "") == "a b\nc\n"


def test_an_update_is_never_locked_and_once_more_after_the_end(crew: Crew) -> None:
    crew.wait_for_a_gate()
    assert crew.told() == "done"
    crew.end()
    assert [crew.told("Closing\n\n"), crew.told()] == ["done", "NotPossible closing_update_written"]
    assert weekly.may_tell(crew.again()) is False
    assert "Write" not in words(crew.browser().get(crew.path)).split("The latest update")[1][:200]


def test_updates_are_paged_the_newest_first(embedded: World) -> None:
    crew = Crew(embedded)
    browser, path = crew.browser(), f"{crew.path}/updates/all"

    def tell(numbers: range) -> int:
        for number in numbers:
            crew.told(f"week{number:02}\nnext\n", (crew.lead, crew.helper)[number % 2])
        browser.get(path)
        with counting() as sent:
            text = browser.get(path).get_data(as_text=True)
        assert f"week{numbers[-1]:02}" in text
        return len(sent)

    few = tell(range(1))
    assert (tell(range(1, 30)), db.session.scalar(select(func.count()).select_from(Update))) == (few, 30)
    older = browser.get(f"{path}?after={weekly.page(crew.again(), None).next}").get_data(as_text=True)
    assert [f"week{number:02}" in older for number in (29, 5, 4, 0)] == [False, False, True, True]


# --- the list ------------------------------------------------------------------------------------------------------


def test_projects_are_listed_by_every_state_there_is(crew: Crew) -> None:
    browser = crew.browser(crew.watcher)
    text = words(browser.get("/projects"))
    for word in ("Running", "Proof passed", "Adopted", "Taken up again", "Stopped"):
        assert (word, word in text) == (word, True)
    for state in ("running", "passed", "adopted", "iterated", "stopped"):
        assert browser.get(f"/projects?state={state}").status_code == 200
    title = crew.again().title
    found = {state: title in words(browser.get(f"/projects?state={state}")) for state in ("running", "adopted")}
    assert found == {"running": True, "adopted": False}


def test_the_first_page_asks_as_much_of_a_full_project_as_of_a_new_one(embedded: World) -> None:
    crew = Crew(embedded)
    browser, path = crew.browser(), crew.path

    def asked() -> int:
        browser.get(path)
        with counting() as sent:
            assert browser.get(path).status_code == 200
        return len(sent)

    crew.told()
    few = asked()
    for number in range(30):
        crew.told(f"week{number}\n\n")
        crew.milestone(f"M{number}")
        crew.task(f"T{number}")
    for who in embedded.crowd(30):
        crew.ask(who)
    assert asked() == few


def test_the_one_action_of_the_page_is_the_gatekeepers_decision_or_the_teams_update(crew: Crew) -> None:
    keeper = crew.world.sponsor_of(crew.again().challenge)
    found = {}
    for name, who in {"keeper": keeper, "lead": crew.lead, "watcher": crew.watcher}.items():
        page = crew.world.browser(who).get(crew.path).text
        found[name] = re.findall(r'<a class="button button-primary" href="([^"]*)"', page)
    assert found == {"keeper": [f"{crew.path}/gate"], "lead": [f"{crew.path}/updates"], "watcher": []}
