"""What a team keeps beside its plan: documents, the decisions it took, and what may go wrong."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from innovation.challenges.models import Challenge
from innovation.kernel import clock
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.projects.models import Document, LogEntry, Risk
from innovation.projects.queries import papers as reading
from innovation.projects.service import papers
from innovation.projects.service.papers import Danger
from tests.conftest import counting
from tests.support.crew import Crew
from tests.support.pages import words
from tests.support.world import World

REPORT: dict[str, Any] = {"title": "Report", "url": "https://example.org/report", "note": "All runs"}
PUMP = Danger(title="The pump breaks", likelihood=3, impact=2, response="Order a second one.")


@pytest.fixture
def crew(world: World) -> Crew:
    return Crew(world)


def _risk(crew: Crew) -> Risk:
    crew.world.anew()
    return db.session.scalars(select(Risk)).one()


# --- documents -----------------------------------------------------------------------------------------------------


def test_a_document_is_named_by_an_address_of_the_web(crew: Crew) -> None:
    wrong = ["javascript:alert(1)", "data:text/html,x", "//evil.example", "ftp://x.org/a", "file:///etc/passwd", "a.pdf"]
    said = {crew.does(papers.add_document, **(REPORT | {"url": url})) for url in wrong}
    assert said == {"Invalid not_a_web_address"}
    form = REPORT | {"once": ""}
    answers = [crew.browser().post(f"{crew.path}/documents/new", form | {"url": url}).status_code for url in wrong]
    assert (answers, list(db.session.scalars(select(Document)))) == ([422] * len(wrong), [])
    assert crew.does(papers.add_document, crew.helper, **(REPORT | {"url": "HTTPS://Example.org/a b"})) == "done"


def test_a_document_comes_and_goes_and_another_one_is_not_meant(crew: Crew) -> None:
    for title in ("One", "Two"):
        crew.does(papers.add_document, **(REPORT | {"title": title}))
    assert [(row.title, place) for row, place in reading.documents(crew.again(), None).items] == [("Two", 2), ("One", 1)]
    assert crew.does(papers.drop_document, number=1, was="One") == "done"
    said = [
        crew.does(papers.drop_document, number=n, was=w) for n, w in ((2, "Two"), (1, "One"), (0, "Two"), (10**30, "Two"))
    ]
    assert said == ["Invalid no_such_paper"] * 4
    assert [(row.title, place) for row, place in reading.documents(crew.again(), None).items] == [("Two", 1)]


# --- decisions -----------------------------------------------------------------------------------------------------


def test_a_decision_is_written_down_once_and_for_all(crew: Crew) -> None:
    browser = crew.browser(crew.helper)
    form = {"title": "We take steam", "reason": "It is there.", "decided_on": crew.day(0).isoformat(), "once": "d" * 32}
    assert [browser.post(f"{crew.path}/decisions", form).status_code for _ in range(2)] == [303, 303]
    entry = db.session.scalars(select(LogEntry)).one()
    assert (entry.title, entry.decided_on, entry.written_by) == ("We take steam", crew.day(0), crew.helper.person_id)
    page = browser.get(f"{crew.path}/documents")
    assert [text in words(page) for text in ("We take steam", "It is there.", "Helper")] == [True] * 3
    routes = {rule.endpoint for rule in crew.world.app.url_map.iter_rules() if "/decisions" in rule.rule}
    assert {route for route in routes if route.startswith("projects.")} == {"projects.decision"}


def test_a_decision_of_tomorrow_is_not_one_yet(crew: Crew) -> None:
    tomorrow: dict[str, Any] = {"title": "T", "reason": "", "decided_on": crew.day(2)}
    assert crew.does(papers.log_decision, **tomorrow) == "Invalid decided_in_the_future"
    wrong = crew.browser().post(f"{crew.path}/decisions", {"title": "T", "decided_on": crew.day(2).isoformat(), "once": ""})
    assert (wrong.status_code, "This day is yet to come." in words(wrong)) == (422, True)


# --- risks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_day_that_a_decision_begins_with_is_today_where_the_challenge_is(crew: Crew, zone: str) -> None:
    with transaction():
        db.session.execute(update(Challenge).values(zone=zone))
    page = crew.browser().get(f"{crew.path}/decisions").get_data(as_text=True)
    assert f'value="{clock.to_wall(clock.now(), zone).date()}"' in page


def test_a_risk_is_judged_closed_and_opened_again(crew: Crew) -> None:
    place: dict[str, Any] = {"number": 1, "was": PUMP.title}
    assert crew.does(papers.add_risk, danger=PUMP) == "done"
    assert crew.does(papers.set_risk, **place, closed=True) == "done"
    first = _risk(crew).closed_at
    assert (first is not None, crew.does(papers.set_risk, **place, closed=True)) == (True, "done")
    assert _risk(crew).closed_at == first
    assert crew.does(papers.set_risk, **place, closed=False) == "done"
    milder = Danger(title="The pump leaks", likelihood=1, impact=1)
    assert crew.does(papers.change_risk, **place, danger=milder) == "done"
    row = _risk(crew)
    assert (row.title, row.likelihood, row.impact, row.closed_at) == ("The pump leaks", 1, 1, None)
    assert crew.does(papers.change_risk, **place, danger=milder) == "Invalid no_such_paper"
    names = select(Event.name).where(Event.name.in_(["RiskSeen", "RiskClosed"])).order_by(Event.id)
    assert list(db.session.scalars(names)) == ["RiskSeen", "RiskClosed", "RiskSeen"]


def test_the_gravest_open_risk_stands_on_top(crew: Crew) -> None:
    for title, likelihood, impact in (("small", 1, 1), ("gone", 3, 3), ("grave", 3, 3), ("middling", 2, 2)):
        crew.does(papers.add_risk, danger=Danger(title=title, likelihood=likelihood, impact=impact))
    crew.does(papers.set_risk, number=2, was="gone", closed=True)
    assert [row.title for row, _place in reading.risks(crew.again(), None).items] == ["grave", "middling", "small", "gone"]
    page = words(crew.browser(crew.watcher).get(f"{crew.path}/documents"))
    assert [text in page for text in ("Grave", "To watch", "Minor", "Closed", "Likely · would stop the proof")] == [True] * 5


def test_risks_are_kept_at_their_doors(crew: Crew) -> None:
    browser, path = crew.browser(), f"{crew.path}/risks"
    owner = crew.again().members[1].person.public_id
    form = {"title": "R", "likelihood": "3", "impact": "2", "response": "", "owner": owner, "once": "r" * 32}
    assert [browser.post(path, form).status_code for _ in range(2)] == [303, 303]
    assert browser.post(path, form | {"once": "", "impact": "4"}).status_code == 422
    assert [browser.get(f"{path}/{number}/edit").status_code for number in (0, 1, 2, 10**30)] == [404, 200, 404, 404]
    assert browser.post(f"{path}/1/edit", form | {"was": "R", "title": "S"}).status_code == 303
    assert browser.post(f"{path}/1", {"value": "closed", "was": "R"}).status_code == 422
    assert browser.post(f"{path}/1", {"value": "closed", "was": "S"}).status_code == 303
    row = _risk(crew)
    assert (row.title, row.owner_id, row.closed_at is not None) == ("S", crew.helper.person_id, True)


# --- who, and how much ---------------------------------------------------------------------------------------------


def test_the_team_keeps_its_papers_and_others_read_them(crew: Crew) -> None:
    crew.does(papers.add_document, **REPORT)
    crew.does(papers.add_risk, danger=PUMP)
    acts = [
        (papers.add_document, REPORT),
        (papers.drop_document, {"number": 1, "was": "Report"}),
        (papers.log_decision, {"title": "T", "reason": "", "decided_on": crew.day(0)}),
        (papers.add_risk, {"danger": PUMP}),
        (papers.change_risk, {"number": 1, "was": PUMP.title, "danger": PUMP}),
        (papers.set_risk, {"number": 1, "was": PUMP.title, "closed": True}),
    ]
    assert {crew.does(verb, crew.watcher, **values) for verb, values in acts} == {"Refused work_on_project"}
    page = crew.browser(crew.watcher).get(f"{crew.path}/documents")
    text = page.get_data(as_text=True)
    assert (page.status_code, PUMP.title in text, "/removal" in text, "Add a risk" in text) == (200, True, False, False)


def test_papers_are_kept_even_while_the_plan_is_locked(crew: Crew) -> None:
    crew.wait_for_a_gate()
    assert crew.does(papers.add_document, **REPORT) == "done"
    assert crew.does(papers.log_decision, title="T", reason="", decided_on=crew.day(0)) == "done"
    assert crew.does(papers.add_risk, danger=PUMP) == "done"


def test_thirty_of_each_are_paged_in_as_many_queries_as_one(embedded: World) -> None:
    crew = Crew(embedded)
    browser, path = crew.browser(), f"{crew.path}/documents"
    owners = [each.person.public_id for each in crew.again().members]

    def fill(numbers: range) -> int:
        for number in numbers:
            crew.does(papers.add_document, **(REPORT | {"title": f"document{number:02}"}))
            crew.does(papers.log_decision, title=f"decision{number:02}", reason="", decided_on=crew.day(0))
            danger = Danger(title=f"risk{number:02}", likelihood=1 + number % 3, impact=2, owner=owners[number % 2])
            crew.does(papers.add_risk, danger=danger)
        browser.get(path)
        with counting() as sent:
            assert browser.get(path).status_code == 200
        return len(sent)

    few = fill(range(1))
    assert fill(range(1, 30)) == few
    for kind, read in (("document", reading.documents), ("decision", reading.decisions), ("risk", reading.risks)):
        seen, cursor = [], None
        while True:
            page = read(crew.again(), cursor)
            seen += [row[0].title for row in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert (kind, sorted(seen)) == (kind, [f"{kind}{number:02}" for number in range(30)])
    second = words(browser.get(f"{path}?documents={reading.documents(crew.again(), None).next}"))
    assert [f"document{number:02}" in second for number in (29, 19, 10, 9)] == [False, True, True, False]
