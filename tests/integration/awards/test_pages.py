"""The pages of awards: who sees one, what each can do there, files for finance, and a double click."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from innovation.awards.models import Award, Remark
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.rules.predicates import Role
from tests.conftest import counting
from tests.support.browser import Browser
from tests.support.pages import typed, words
from tests.support.prizes import Prize
from tests.support.world import World

MARKER = "Zyzzyva"


def _form(prize: Prize, **changes: Any) -> dict[str, Any]:
    day = prize.today()
    return {
        "title": "For the idea",
        "amount": "100.00",
        "papers": "Invoice\n\nTax form",
        "accept_by": str(day + timedelta(days=14)),
        "papers_by": str(day + timedelta(days=28)),
        "pay_by": str(day + timedelta(days=60)),
        "once": "k1",
    } | changes


def _path(prize: Prize, rest: str = "") -> str:
    found = f"/awards/{prize.again().public_id}{rest}"
    db.session.rollback()
    return found


def _count(model: type) -> int:
    db.session.rollback()
    found = db.session.scalar(select(func.count()).select_from(model)) or 0
    db.session.rollback()
    return found


@pytest.fixture
def prize(world: World) -> Prize:
    return Prize(world, 2, prize=5_000).decide()


def test_a_whole_award_by_form_and_every_double_click_does_it_once(prize: Prize) -> None:
    world = prize.world
    sponsor, ada, ben = (world.browser(who) for who in (prize.sponsor, *prize.people))
    new = f"/ideas/{prize.idea().public_id}/awards/new"
    assert "promised a prize of €50" in words(sponsor.get(new))
    places = {sponsor.post(new, _form(prize)).headers["Location"] for _ in range(2)}
    prize.number = db.session.scalars(select(Award.id)).one()
    assert (places, _count(Award)) == ({_path(prize)}, 1)
    page = sponsor.get(_path(prize))
    assert "now exceed the prize by €50" in words(page)
    assert "more than the €50" in words(page)

    seen = typed(ada.get(_path(prize, "/division")), "seen")
    wrong = ada.post(_path(prize, "/division"), {"seen": seen, "share_1": "60", "share_2": "30", "once": "k2"})
    assert (wrong.status_code, "have to come to €100 exactly; these come to €90" in words(wrong)) == (422, True)
    right = {"seen": seen, "share_1": "60", "share_2": "40", "once": "k3"}
    assert {ada.post(_path(prize, "/division"), right).status_code for _ in range(2)} == {303}
    assert prize.shares() == [("Ada", 6_000, True), ("Ben", 4_000, False)]

    agreed = {"seen": typed(ben.get(_path(prize)), "seen"), "once": "k4"}
    assert {ben.post(_path(prize, "/agreement"), agreed).status_code for _ in range(2)} == {303}
    assert prize.state() == "accepted"

    bad = ben.post(_path(prize, "/papers/1"), {"url": "javascript:alert(1)", "once": "k5"})
    assert (bad.status_code, "Write a web address" in words(bad)) == (422, True)
    for place in (1, 2):
        ben.post(_path(prize, f"/papers/{place}"), {"url": f"https://x.example/{place}", "note": "", "once": f"p{place}"})
        form = re.findall(r'name="seen" value="([^"]+)"', sponsor.get(_path(prize)).get_data(as_text=True))
        for _ in range(2):
            assert sponsor.post(_path(prize, f"/papers/{place}/check"), {"seen": form[0]}).status_code == 303
    assert prize.state() == "complete"

    paid = {"paid_on": str(prize.today()), "reference": "F-7", "once": "k6"}
    assert {sponsor.post(_path(prize, "/payment"), paid).status_code for _ in range(2)} == {303}
    said = {"text": "Thank you.", "once": "k7"}
    assert {ada.post(_path(prize, "/remarks"), said).status_code for _ in range(2)} == {303}
    assert (prize.state(), _count(Remark), "Thank you." in words(sponsor.get(_path(prize)))) == ("paid", 1, True)


def test_hidden_and_absent_answer_alike(prize: Prize) -> None:
    prize.offer()
    world = prize.world
    panel = world.grant(world.person(), Role.PANEL, "challenge", prize.challenge_id)
    elsewhere = world.sponsor_of(world.challenge())
    administrator = world.grant(world.person(), Role.ADMINISTRATOR)
    inside = [*prize.people, prize.sponsor, prize.manager]
    outside: list[Actor | None] = [None, world.person(), panel, elsewhere, administrator]
    rests = ["", "/division", "/refusal", "/papers/1", "/payment", "/withdrawal"]
    assert [world.browser(who).get(_path(prize)).status_code for who in inside] == [200] * 4
    for who in outside:
        browser = world.browser(who)
        here = [browser.get(_path(prize, rest)) for rest in rests]
        gone = [browser.get(f"/awards/0000000000{rest}") for rest in rests]
        assert [page.status_code for page in (*here, *gone)] == [404] * 12
        assert prize.again().public_id not in browser.get("/awards").get_data(as_text=True)
        posts = [browser.post(_path(prize, rest), {"once": "x"}) for rest in ("/agreement", "/remarks", "/papers/1/check")]
        assert [page.status_code for page in posts] == [404] * 3


def test_each_finds_his_awards_and_what_waits_for_him(prize: Prize) -> None:
    prize.offer()
    world = prize.world
    ada, sponsor = world.browser(prize.people[0]), world.browser(prize.sponsor)
    idea, work = f"/ideas/{prize.idea().public_id}", "/my-work"
    for browser in (ada, sponsor, world.browser(prize.manager)):
        assert _path(prize) in browser.get(idea).get_data(as_text=True)
        assert _path(prize) in browser.get("/awards").get_data(as_text=True)
    assert _path(prize) not in world.browser(world.person()).get(idea).get_data(as_text=True)
    assert [_path(prize) in ada.get(f"/awards?{q}").get_data(as_text=True) for q in ("show=mine", "show=offered")] == [
        True,
        False,
    ]
    assert [_path(prize) in sponsor.get(f"/awards?{q}").get_data(as_text=True) for q in ("show=mine", "state=paid")] == [
        False,
        False,
    ]
    assert "Answer an award" in words(ada.get(work))
    prize.accepted()
    assert ("Hand in the papers" in words(ada.get(work)), "papers" in words(sponsor.get(work))) == (True, False)
    for place in (1, 2):
        prize.hand_in(0, place)
    assert ("Look at the papers" in words(sponsor.get(work)), "Hand in the papers" in words(ada.get(work))) == (True, False)
    for place in (1, 2):
        prize.check(place)
    assert "Have an award paid" in words(sponsor.get(work))


def test_the_project_of_a_chosen_idea_shows_its_award(world: World) -> None:
    prize = Prize(world, 1)
    world.vote(prize.idea())
    prize.decide().offer()
    path = f"/projects/{world.project_of(prize.idea()).public_id}"
    shown = [
        _path(prize) in world.browser(who).get(path).get_data(as_text=True) for who in (prize.people[0], world.person())
    ]
    assert shown == [True, False]


def _rows(browser: Browser, query: str) -> list[list[str]]:
    page = browser.get(f"/awards/export.csv{query}")
    assert page.status_code == 200
    return list(csv.reader(io.StringIO(page.get_data().decode("utf-8-sig"))))


def test_finance_gets_one_line_for_each_share_of_what_is_listed(prize: Prize) -> None:
    manager = prize.world.browser(prize.manager)
    prize.offer(10_001, title="=1+1", papers=(), papers_by=None)
    first = prize.again().public_id
    prize.accepted()
    prize.pay(reference="@SUM(A1)")
    prize.offer(500, title="Second")
    rows = _rows(manager, "?state=paid")[1:]
    assert [(row[0], row[1], row[3], row[4], row[5], row[6], row[13]) for row in rows] == [
        (first, "'=1+1", "Ada", "50.01", "EUR", "100.01", "'@SUM(A1)"),
        (first, "'=1+1", "Ben", "50.00", "EUR", "100.01", "'@SUM(A1)"),
    ]
    assert len(_rows(manager, "")) == 5
    assert (len(_rows(manager, "?show=mine")), len(_rows(manager, "?show=offered"))) == (1, 5)
    page = manager.get("/awards/export.xlsx?state=paid")
    sheet = load_workbook(io.BytesIO(page.get_data())).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [(row[1], row[4], row[6]) for row in cells] == [("'=1+1", 50.01, 100.01), ("'=1+1", 50, 100.01)]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s", "n"}
    others = [prize.world.browser(who).get("/awards/export.csv").status_code for who in (prize.sponsor, prize.people[0])]
    assert (others, manager.get("/awards/export.doc").status_code) == ([403, 403], 404)


def test_an_award_for_a_sealed_idea_is_named_to_its_readers_alone(world: World) -> None:
    prize = Prize(world, 1, sealed=True).decide()
    prize.offer(title=f"For {MARKER}")
    world.settle()
    paths = ["/awards", _path(prize), _path(prize, "/payment"), "/my-work", "/inbox", "/awards/export.csv"]
    paths += [f"/ideas/{prize.idea().public_id}", f"/ideas/{prize.idea().public_id}/awards/new"]

    def reads(who: Actor) -> list[str]:
        browser = world.browser(who)
        return [path for path in paths if MARKER in browser.get(path).get_data(as_text=True)]

    assert (reads(world.manager), reads(world.person("", Circle.EXPERT))) == ([], [])
    assert [_path(prize) in reads(who) for who in (prize.sponsor, prize.people[0])] == [True, True]
    assert world.browser(world.manager).get(_path(prize)).status_code == 200
    letters = [letter for letter in world.letters() if "award" in letter.subject]
    assert (len(letters), [MARKER in letter.whole for letter in letters]) == (1, [False])


def test_a_list_of_thirty_asks_no_more_than_a_list_of_one(world: World) -> None:
    prize = Prize(world, 2).decide()
    browsers = [world.browser(prize.people[0]), world.browser(prize.manager)]
    looked = ["/awards", "/my-work", "/awards?show=offered&state=offered"]

    def asked() -> list[int]:
        found = []
        for browser in browsers:
            for path in looked:
                browser.get(path)
                with counting() as sent:
                    assert browser.get(path).status_code == 200
                found.append(len(sent))
        return found

    prize.offer()
    few = asked()
    for _ in range(29):
        prize.offer()
    assert (asked(), max(few) < 30) == (few, True)
    page = browsers[0].get("/awards").get_data(as_text=True)
    assert len(set(re.findall(r'href="(/awards/[0-9a-z]{10})"', page))) == 25


@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_page_of_an_award_breaks_in_any_state(world: World, language: str) -> None:
    prize = Prize(world, 2).decide()
    browsers = [world.browser(who) for who in (*prize.people, prize.sponsor)]
    for browser in browsers:
        browser.client.set_cookie("language", language)
    rests = ["", "/division", "/refusal", "/papers/1", "/payment", "/withdrawal"]

    def answers() -> set[int]:
        return {browser.get(_path(prize, rest)).status_code for browser in browsers for rest in rests}

    prize.offer()
    found = answers()
    prize.accepted()
    found |= answers()
    for place in (1, 2):
        prize.hand_in(0, place, note="Here.")
        prize.check(place)
    found |= answers()
    prize.pay()
    found |= answers()
    prize.offer()
    prize.take_back()
    found |= answers()
    prize.offer()
    assert [prize.decline(0), prize.decline(1)] == ["done", "done"]
    found |= answers()
    assert found == {200, 403, 404}
