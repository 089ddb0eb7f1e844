"""Hypotheses and evidence: what must be true, what was found, and that neither is rewritten after the fact."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.projects import queries as projects
from innovation.projects.models import Evidence, Hypothesis, Project
from innovation.projects.queries import evidence as reading
from innovation.projects.service import evidence, gates
from innovation.projects.service.evidence import MOST_HYPOTHESES
from innovation.rules.project import Finding
from tests.support.race import at_once
from tests.support.refusals import answer
from tests.support.world import World


class Lab:
    """A project whose author supposes and finds."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.author = world.person("Author")
        self.number = world.project(self.author).id
        self.path = f"/projects/{self.again().public_id}"

    def again(self) -> Project:
        self.world.anew()
        found = projects.by_id(self.number)
        assert found is not None
        return found

    def suppose(self, text: str = "It foams.", who: Actor | None = None) -> str:
        row = self.again()
        said = {"text": text, "test": "Stir it.", "holds_when": "More than 5 cm"}
        return answer(lambda: evidence.suppose(actor=who or self.author, project=row, **said))

    def resuppose(self, position: int, text: str) -> str:
        row = self.again()
        said: dict[str, Any] = {"text": text, "test": "", "holds_when": ""}
        return answer(lambda: evidence.resuppose(actor=self.author, project=row, position=position, **said))

    def find(self, about: int = 0, finding: Finding = Finding.OPEN, who: Actor | None = None) -> str:
        row = self.again()
        return answer(
            lambda: evidence.add(actor=who or self.author, project=row, text="Seen.", about=about, finding=finding)
        )

    def findings(self) -> list[str]:
        return [row.finding for row in reading.hypotheses(self.again())]


@pytest.fixture
def lab(world: World) -> Lab:
    return Lab(world)


def test_a_hypothesis_has_the_finding_of_the_newest_evidence_about_it(lab: Lab) -> None:
    assert [lab.suppose(), lab.suppose("It stays.")] == ["done", "done"]
    seen = [lab.findings()]
    for about, finding in ((1, Finding.HOLDS), (2, Finding.UNCLEAR), (1, Finding.FAILS), (0, Finding.HOLDS)):
        assert lab.find(about, finding) == "done"
        seen.append(lab.findings())
    assert seen == [["open", "open"], ["holds", "open"], ["holds", "unclear"], ["fails", "unclear"], ["fails", "unclear"]]
    rows = db.session.scalars(select(Evidence).order_by(Evidence.number)).all()
    assert [(row.number, row.finding) for row in rows] == [(1, "holds"), (2, "unclear"), (3, "fails"), (4, "open")]


def test_evidence_about_a_hypothesis_says_something_of_it(lab: Lab) -> None:
    lab.suppose()
    assert [lab.find(1), lab.find(2, Finding.HOLDS), lab.find(-1, Finding.HOLDS), lab.find(10**30, Finding.HOLDS)] == [
        "Invalid finding_missing",
        *["Invalid no_such_hypothesis"] * 3,
    ]


def test_a_hypothesis_is_rewritten_until_something_is_found(lab: Lab) -> None:
    lab.suppose()
    assert [lab.resuppose(1, "It foams a lot."), lab.resuppose(2, "x")] == ["done", "Invalid no_such_hypothesis"]
    lab.find(1, Finding.HOLDS)
    assert lab.resuppose(1, "It foamed all along.") == "NotPossible hypothesis_is_tested"
    assert [row.text for row in reading.hypotheses(lab.again())] == ["It foams a lot."]


def test_while_a_decision_is_asked_for_hypotheses_stay_and_evidence_comes(lab: Lab) -> None:
    lab.suppose()
    gates.ask(actor=lab.author, project=lab.again(), gate_key="frame")
    assert [lab.suppose("Later."), lab.resuppose(1, "x"), lab.find(1, Finding.HOLDS)] == [
        "NotPossible plan_is_locked",
        "NotPossible plan_is_locked",
        "done",
    ]


def test_an_ended_project_takes_neither(lab: Lab) -> None:
    lab.world.decide(lab.again(), "frame", "stop")
    assert [lab.suppose(), lab.find()] == ["NotPossible project_has_ended"] * 2


def test_only_the_team_writes(lab: Lab) -> None:
    who = lab.world.person()
    assert [lab.suppose(who=who), lab.find(who=who)] == ["Refused work_on_project"] * 2


def test_nobody_can_test_more_than_twenty(lab: Lab) -> None:
    assert [lab.suppose() for _ in range(MOST_HYPOTHESES + 1)] == [
        *["done"] * MOST_HYPOTHESES,
        "NotPossible too_many_hypotheses",
    ]


def test_two_who_find_at_once_are_both_heard(lab: Lab) -> None:
    number, author = lab.number, lab.author

    def find() -> None:
        project = projects.by_id(number)
        assert project is not None
        db.session.rollback()
        evidence.add(actor=author, project=project, text="Seen.")

    assert [each for each in at_once(lab.world.app, [find] * 3, slow="FROM evidence") if isinstance(each, Exception)] == []
    assert sorted(db.session.scalars(select(Evidence.number))) == [1, 2, 3]


def test_the_page_shows_what_must_be_true_and_what_was_found(lab: Lab) -> None:
    browser = lab.world.browser(lab.author)
    form = {"text": "It foams.", "test": "Stir it.", "holds_when": "More than 5 cm", "once": "a" * 20}
    assert [browser.post(f"{lab.path}/hypotheses", form).status_code for _ in range(2)] == [303, 303]
    assert db.session.scalar(select(func.count()).select_from(Hypothesis)) == 1
    assert browser.get(f"{lab.path}/hypotheses/1").status_code == 200
    assert [browser.get(f"{lab.path}/hypotheses/{number}").status_code for number in (0, 2, 10**30)] == [404] * 3
    said = {"text": "It <b>foamed</b>.", "url": "https://example.org/x", "about": "1", "finding": "holds", "once": "b" * 20}
    for wrong in ({"url": "javascript:alert(1)"}, {"about": "7"}, {"finding": ""}, {"text": ""}, {"finding": "open"}):
        assert browser.post(f"{lab.path}/evidence/new", said | wrong | {"once": "c" * 20}).status_code == 422
    assert [browser.post(f"{lab.path}/evidence/new", said).status_code for _ in range(2)] == [303, 303]
    page = browser.get(f"{lab.path}/evidence").get_data(as_text=True)
    assert ("Stir it." in page, "More than 5 cm" in page, 'id="e1"' in page, "<b>foamed" in page) == (
        True,
        True,
        True,
        False,
    )
    assert lab.world.browser(lab.world.person()).get(f"{lab.path}/evidence").status_code == 200
    assert lab.world.browser().get(f"{lab.path}/evidence").status_code == 404


def test_a_cited_piece_is_on_the_page_its_link_opens(lab: Lab) -> None:
    for _ in range(60):
        assert lab.find() == "done"
    browser = lab.world.browser(lab.author)
    for number in (1, 30, 60):
        page = browser.get(f"{lab.path}/evidence?upto={number}").get_data(as_text=True)
        assert f'id="e{number}"' in page
    for odd in ("0", "-5", "x", "9" * 30):
        assert browser.get(f"{lab.path}/evidence?upto={odd}").status_code == 200


def test_the_page_offers_the_team_and_nobody_else_to_write(lab: Lab) -> None:
    lab.suppose()
    addresses = [f"{lab.path}/hypotheses", f"{lab.path}/evidence/new"]
    seen = {}
    for name, who in {"author": lab.author, "staff": lab.world.person()}.items():
        page = lab.world.browser(who).get(f"{lab.path}/evidence").text
        seen[name] = [f'href="{address}' in page for address in addresses]
    assert seen == {"author": [True, True], "staff": [False, False]}
