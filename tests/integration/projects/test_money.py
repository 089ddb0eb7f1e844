"""A project's money: rows are only added, sums equal a recount, currencies never mix, and two at once take back once."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.projects import queries as projects
from innovation.projects.models import BudgetLine, Gate, MoneyEntry, Project
from innovation.projects.queries import money as amounts
from innovation.projects.service import gates, money
from innovation.rules.predicates import Role
from innovation.rules.project import EntryKind, Verdict
from tests.conftest import counting
from tests.support.one_project import OneProject
from tests.support.pages import words
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World

DAY = date(2026, 1, 15)
PLAN, COMMIT, SPEND = EntryKind.PLAN, EntryKind.COMMIT, EntryKind.SPEND


class Purse(OneProject):
    """A project with its team and sponsor, and its money."""

    def line(self, title: str = "Sensors", currency: str = "EUR", who: Actor | None = None) -> str:
        row = self.again()
        return answer(lambda: money.add_line(actor=who or self.author, project=row, title=title, currency=currency))

    def enter(self, kind: EntryKind, amount: int, position: int = 1, who: Actor | None = None, **changes: Any) -> str:
        row = self.again()
        values: dict[str, Any] = {"happened_on": DAY, "note": ""} | changes
        given = {"position": position, "kind": kind, "amount_minor": amount}
        return answer(lambda: money.enter(actor=who or self.author, project=row, **given, **values))

    def correct(self, number: int, reason: str = "A slip.", who: Actor | None = None) -> str:
        row = self.again()
        return answer(lambda: money.correct(actor=who or self.author, project=row, number=number, reason=reason))

    def pay(self, number: int, amount: int) -> str:
        row = self.again()
        values: dict[str, Any] = {"happened_on": DAY, "note": "Invoice 7", "amount_minor": amount}
        return answer(lambda: money.pay(actor=self.author, project=row, number=number, **values))

    def sums(self) -> list[tuple[str, int, int, int, int]]:
        found = amounts.totals(amounts.lines(self.again()))
        return [(each.currency, each.planned, each.committed, each.spent, each.left) for each in found]

    def end(self) -> None:
        self.world.anew()
        values: dict[str, Any] = {"gate_key": "frame", "seen": 0, "verdict": Verdict.STOP, "reason": "No."}
        gates.decide(actor=self.sponsor, project=self.again(), **values)


@pytest.fixture
def purse(world: World) -> Purse:
    return Purse(world)


def _rows() -> list[tuple[Any, ...]]:
    table = MoneyEntry.__table__
    found = [tuple(row) for row in db.session.execute(select(table).order_by(table.c.id))]
    db.session.rollback()
    return found


def test_what_is_planned_committed_and_spent_adds_up(purse: Purse) -> None:
    assert [purse.line(), purse.line("Lab"), purse.line("Sensors", "USD")] == ["done"] * 3
    for kind, amount, position in (
        (PLAN, 10_000, 1),
        (COMMIT, 4_000, 1),
        (SPEND, 2_550, 1),
        (PLAN, 500, 2),
        (PLAN, 9_900, 3),
    ):
        assert purse.enter(kind, amount, position) == "done"
    found = amounts.lines(purse.again())
    assert [(each.title, each.currency, each.planned, each.committed, each.spent, each.left) for each in found] == [
        ("Sensors", "EUR", 10_000, 4_000, 2_550, 3_450),
        ("Lab", "EUR", 500, 0, 0, 500),
        ("Sensors", "USD", 9_900, 0, 0, 9_900),
    ]
    assert purse.sums() == [("EUR", 10_500, 4_000, 2_550, 3_950), ("USD", 9_900, 0, 0, 9_900)]
    assert {type(value) for row in purse.sums() for value in row[1:]} == {int}


def test_a_correction_is_an_entry_of_the_opposite_sign_and_there_is_one(purse: Purse) -> None:
    purse.line()
    purse.enter(SPEND, 700)
    before = _rows()
    assert [purse.correct(1, ""), purse.correct(2), purse.correct(0), purse.correct(10**30)] == [
        "Invalid reason_missing",
        "Invalid no_such_entry",
        "Invalid no_such_entry",
        "Invalid no_such_entry",
    ]
    assert [purse.correct(1), purse.correct(1), purse.correct(2)] == [
        "done",
        "NotPossible corrected_already",
        "NotPossible entry_is_a_correction",
    ]
    after = _rows()
    back = db.session.scalars(select(MoneyEntry).where(MoneyEntry.corrects_id.is_not(None))).one()
    assert (after[:1], len(after), back.amount_minor, back.kind, back.note) == (before, 2, -700, "spend", "A slip.")
    assert purse.sums() == [("EUR", 0, 0, 0, 0)]


def test_a_commitment_that_is_paid_is_spent_and_no_longer_committed(purse: Purse) -> None:
    purse.line()
    for kind, amount in ((PLAN, 1_000), (COMMIT, 600), (SPEND, 50)):
        purse.enter(kind, amount)
    assert [purse.pay(3, 50), purse.pay(2, 0), purse.pay(2, 640), purse.pay(2, 640), purse.correct(2)] == [
        "Invalid not_a_commitment",
        "Invalid amount_not_above_zero",
        "done",
        "NotPossible corrected_already",
        "NotPossible corrected_already",
    ]
    assert purse.sums() == [("EUR", 1_000, 0, 690, 310)]


@pytest.mark.parametrize("seed", range(4))
def test_after_any_sequence_the_sums_equal_a_recount_and_no_row_has_changed(purse: Purse, seed: int) -> None:
    chance = random.Random(seed)
    for title, currency in (("A", "EUR"), ("B", "EUR"), ("C", "USD"), ("D", "JPY")):
        purse.line(title, currency)
    written: list[tuple[Any, ...]] = []
    for _step in range(60):
        number, amount, position = chance.randrange(0, 12), chance.choice([0, 1, 99, 10**15]), chance.randrange(0, 6)
        act = chance.randrange(6)
        if act < 3:
            purse.enter((PLAN, COMMIT, SPEND)[act], amount, position)
        elif act == 3:
            purse.correct(number)
        elif act == 4:
            purse.pay(number, amount)
        else:
            project, set_line = purse.again(), chance.choice([money.close_line, money.reopen_line])
            answer(lambda p=project, s=set_line, at=position: s(actor=purse.author, project=p, position=at))
        rows = _rows()
        assert rows[: len(written)] == written
        written = rows
        counted: Counter[tuple[str, str]] = Counter()
        for entry, currency in db.session.execute(
            select(MoneyEntry, BudgetLine.currency).join(BudgetLine, BudgetLine.id == MoneyEntry.line_id)
        ):
            counted[currency, entry.kind] += entry.amount_minor
        assert purse.sums() == [
            (currency, *(values := [counted[currency, kind] for kind in EntryKind]), values[0] - values[1] - values[2])
            for currency in ("EUR", "USD", "JPY")
        ]
        assert min(counted.values(), default=0) >= 0
    assert len(written) > 8


def test_amounts_lines_and_days_that_are_none_are_refused(purse: Purse) -> None:
    purse.line()
    tomorrow = purse.world.now().date() + timedelta(days=2)
    assert [purse.enter(SPEND, amount) for amount in (0, -5, 10**15 + 1)] == [
        "Invalid amount_not_above_zero",
        "Invalid amount_not_above_zero",
        "Invalid amount_too_large",
    ]
    assert purse.enter(SPEND, 5, happened_on=tomorrow) == "Invalid day_to_come"
    assert [purse.enter(SPEND, 5, position) for position in (0, 2)] == ["Invalid no_such_line"] * 2
    assert [purse.line(), purse.line(currency="XXX")] == ["Invalid line_already", "Invalid no_such_currency"]
    assert _rows() == []


@pytest.mark.parametrize("position", [0, 7, 10**30])
def test_a_line_that_is_not_there_is_refused_at_its_door(purse: Purse, position: int) -> None:
    path = f"/projects/{purse.again().public_id}/money/lines/{position}"
    browser = purse.world.browser(purse.author)
    assert [browser.post(path, {"value": value}).status_code for value in ("open", "closed")] == [422, 422]


def test_a_closed_line_takes_no_entry_until_it_is_opened_again(purse: Purse) -> None:
    purse.line()
    purse.enter(COMMIT, 100)
    money.close_line(actor=purse.author, project=purse.again(), position=1)
    assert [purse.enter(SPEND, 5), purse.pay(1, 90)] == ["NotPossible line_is_closed", "done"]
    money.reopen_line(actor=purse.author, project=purse.again(), position=1)
    assert purse.enter(SPEND, 5) == "done"
    names = ["BudgetLineClosed", "BudgetLineReopened"]
    assert list(db.session.scalars(select(Event.name).where(Event.name.in_(names)).order_by(Event.id))) == names


def test_the_plan_is_locked_while_a_gate_waits_and_spending_is_not(purse: Purse) -> None:
    purse.line()
    purse.enter(PLAN, 100)
    with transaction():
        gate = db.session.scalars(select(Gate).where(Gate.project_id == purse.number, Gate.state == "open")).one()
        gate.state = "asked"
    assert [purse.enter(PLAN, 5), purse.correct(1)] == ["NotPossible plan_is_locked"] * 2
    assert [purse.enter(COMMIT, 5), purse.enter(SPEND, 5), purse.pay(2, 5), purse.correct(3)] == ["done"] * 4


def test_spending_is_entered_after_the_end_and_the_plan_is_not(purse: Purse) -> None:
    purse.line()
    purse.enter(PLAN, 100)
    purse.end()
    assert [purse.enter(PLAN, 5), purse.correct(1)] == ["NotPossible project_has_ended"] * 2
    assert [purse.enter(SPEND, 60), purse.enter(COMMIT, 7), purse.line("Late bills")] == ["done"] * 3
    assert purse.sums() == [("EUR", 100, 7, 60, 33)]


# --- two at once ---------------------------------------------------------------------------------------------------


def _at_once(purse: Purse, call: Any, times: int = 4) -> list[str]:
    def once() -> None:
        project = projects.by_id(purse.number)
        assert project is not None
        db.session.rollback()
        call(project)

    purse.world.anew()
    return sorted(spelled(each) for each in at_once(purse.world.app, [once] * times, slow="money_entry"))


def test_people_who_enter_at_once_lose_nothing(purse: Purse) -> None:
    purse.line()

    def enter(project: Project) -> None:
        values: dict[str, Any] = {"kind": SPEND, "amount_minor": 25, "happened_on": DAY, "note": ""}
        money.enter(actor=purse.author, project=project, position=1, **values)

    assert _at_once(purse, enter) == ["NoneType"] * 4
    assert purse.sums() == [("EUR", 0, 0, 100, -100)]


@pytest.mark.parametrize("act", ["correct", "pay"])
def test_an_entry_is_taken_back_once_however_many_try(purse: Purse, act: str) -> None:
    purse.line()
    purse.enter(COMMIT, 80)

    def take_back(project: Project) -> None:
        if act == "correct":
            money.correct(actor=purse.author, project=project, number=1, reason="A slip.")
        else:
            values: dict[str, Any] = {"amount_minor": 80, "happened_on": DAY, "note": ""}
            money.pay(actor=purse.author, project=project, number=1, **values)

    assert _at_once(purse, take_back) == ["NoneType"] + ["NotPossible corrected_already"] * 3
    assert purse.sums() == [("EUR", 0, 0, 0 if act == "correct" else 80, 0 if act == "correct" else -80)]


def test_lines_added_at_once_have_places_of_their_own(purse: Purse) -> None:
    names = iter("ABCD")

    def add(project: Project) -> None:
        money.add_line(actor=purse.author, project=project, title=next(names), currency="EUR")

    assert _at_once(purse, add) == ["NoneType"] * 4
    assert [line.position for line in amounts.lines(purse.again())] == [1, 2, 3, 4]


# --- who, and the pages --------------------------------------------------------------------------------------------


def test_the_team_and_the_manager_enter_and_four_kinds_of_people_look(purse: Purse) -> None:
    world = purse.world
    administrator = world.grant(world.person(), Role.ADMINISTRATOR)
    panel = world.grant(world.person(), Role.PANEL, "challenge", purse.again().challenge_id)
    people: dict[str, Actor | None] = {
        "visitor": None,
        "staff": world.person(),
        "panel": panel,
        "author": purse.author,
        "sponsor": purse.sponsor,
        "manager": world.manager,
        "administrator": administrator,
    }
    path = f"/projects/{purse.again().public_id}/money"
    form = {"title": "T", "currency": "EUR"}
    found = {
        name: (
            browser := world.browser(who),
            browser.get(path).status_code,
            browser.post(f"{path}/lines", form).status_code,
        )[1:]
        for name, who in people.items()
    }
    assert found == {
        "visitor": (404, 404),
        "staff": (403, 403),
        "panel": (403, 403),
        "author": (200, 303),
        "sponsor": (200, 403),
        "manager": (200, 422),  # the line is there already
        "administrator": (200, 403),
    }


def test_a_double_click_enters_once(purse: Purse) -> None:
    purse.line()
    browser, path = purse.world.browser(purse.author), f"/projects/{purse.again().public_id}/money/entries"
    form = {
        "position": "1",
        "kind": "spend",
        "amount": "1.250,50",
        "happened_on": "2026-01-15",
        "note": "",
        "once": "k" * 20,
    }
    assert [browser.post(path, form).status_code for _ in range(2)] == [303, 303]
    assert [row.amount_minor for row in db.session.scalars(select(MoneyEntry))] == [125_050]
    again = {"reason": "A slip.", "once": "c" * 20}
    assert [browser.post(f"{path}/1/correction", again).status_code for _ in range(2)] == [303, 303]
    assert purse.sums() == [("EUR", 0, 0, 0, 0)]


def test_an_amount_is_read_in_the_currency_of_its_line(purse: Purse) -> None:
    purse.line("Pumps", "JPY")
    browser, path = purse.world.browser(purse.author), f"/projects/{purse.again().public_id}/money/entries"
    form = {"position": "1", "kind": "plan", "happened_on": "2026-01-15", "note": ""}
    assert [browser.post(path, form | {"amount": text}).status_code for text in ("12.50", "0", "-3", "x", "", "1250")] == [
        422,
        422,
        422,
        422,
        422,
        303,
    ]
    assert purse.sums() == [("JPY", 1_250, 0, 0, 1_250)]


def test_the_page_warns_in_words_when_more_goes_out_than_is_there(purse: Purse) -> None:
    purse.line()
    with transaction():
        row = projects.by_id(purse.number)
        assert row is not None
        row.challenge.budget_minor = 10_000
    path = f"/projects/{purse.again().public_id}/money"

    def warnings(who: Actor) -> list[bool]:
        said = words(purse.world.browser(who).get(path))
        return [
            text in said
            for text in (
                "More is spent and committed than planned",
                "plan more than its budget",
                "Together they plan",
            )
        ]

    assert warnings(purse.author) == [False] * 3
    purse.enter(PLAN, 9_000)
    purse.enter(SPEND, 9_001)
    assert warnings(purse.author) == [True, False, False]
    purse.enter(PLAN, 1_001)
    assert (warnings(purse.author), warnings(purse.sponsor)) == ([False, True, False], [False, True, True])


def test_plans_of_another_currency_are_not_held_against_the_budget(purse: Purse) -> None:
    purse.line("Pumps", "USD")
    purse.line("Pumps", "EUR")
    purse.enter(PLAN, 700, 1)
    purse.enter(PLAN, 30, 2)
    assert amounts.planned_in(purse.again().challenge) == 30


def test_the_history_is_paged_and_asks_no_more_of_the_database_when_it_is_long(purse: Purse) -> None:
    purse.line()
    purse.enter(SPEND, 1)
    browser, path = purse.world.browser(purse.author), f"/projects/{purse.again().public_id}/money"
    browser.get(path)
    with counting() as few:
        assert browser.get(path).status_code == 200
    purse.world.anew()
    with transaction():
        line = db.session.scalars(select(BudgetLine)).one()
        rows = [
            MoneyEntry(line_id=line.id, kind="spend", amount_minor=1, happened_on=DAY, entered_at=purse.world.now())
            for _ in range(29)
        ]
        db.session.add_all(rows)
    with counting() as many:
        assert browser.get(path).status_code == 200
    assert len(few) == len(many)
    first = amounts.history(purse.again(), None)
    second = amounts.history(purse.again(), first.next)
    assert [each.number for each in (*first.items, *second.items)] == list(range(30, 0, -1))
    assert (second.next, second.items[-1].entry.person.name if second.items[-1].entry.person else None) == (None, "Author")


def test_the_last_wall_is_the_unique_key_of_what_is_corrected(purse: Purse) -> None:
    purse.line()
    purse.enter(SPEND, 9)
    assert db.session.scalar(select(func.count()).select_from(MoneyEntry)) == 1
    indexes = {index.name for index in MoneyEntry.__table__.indexes if index.unique}  # type: ignore[attr-defined]
    assert indexes == {"uq_money_entry_corrects_id"}
