"""The board report: frozen once, the same ever after, and readable by everybody who may."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from pptx import Presentation
from sqlalchemy import select, update

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Programme
from innovation.insight.models import Report, Target
from innovation.insight.queries import reports
from innovation.insight.service import reporting
from innovation.kernel import clock
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.lifecycle import Passage
from innovation.kernel.usecase import transaction
from innovation.projects.models import BudgetLine, MoneyEntry, ValueClaim
from innovation.rules.predicates import Role
from innovation.rules.quarters import Quarter, quarter_of
from tests.conftest import counting
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World


class House:
    """A programme with one chosen idea and its project."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.project = world.project(world.person("Author"))
        self.now = clock.now()
        self.quarter = quarter_of(self.now)
        db.session.rollback()

    @property
    def programme(self) -> Programme:
        self.world.anew()
        return db.session.get_one(Programme, self.project.programme_id)

    def freeze(self, quarter: Quarter | None = None) -> Report:
        made = reporting.freeze(actor=self.world.manager, programme=self.programme, quarter=quarter or self.quarter)
        db.session.rollback()
        return made

    def figures(self) -> dict[str, Any]:
        found = reports.figures(self.programme, self.quarter)
        db.session.rollback()
        return found


@pytest.fixture
def house_(world: World) -> House:
    return House(world)


def test_figures_count_what_happened_in_the_quarter(house_: House) -> None:
    totals = house_.figures()["totals"]
    assert {name: totals[name] for name in ("started", "ideas", "answered", "chosen", "projects", "passed")} == {
        "started": 1,
        "ideas": 1,
        "answered": 1,
        "chosen": 1,
        "projects": 1,
        "passed": 0,
    }
    before = reports.figures(house_.programme, house_.quarter.before)
    assert (before["totals"]["ideas"], before["challenges"]) == (0, [])


def test_what_was_frozen_stays_whatever_happens_after(house_: House) -> None:
    first = house_.freeze()
    with transaction():
        db.session.execute(update(Passage).values(entered_at=Passage.entered_at))
        db.session.execute(update(Challenge).values(title="Another title"))
    house_.world.idea(house_.world.challenge(programme=house_.programme))
    second = house_.freeze()
    house_.world.anew()
    rows = db.session.scalars(select(Report).order_by(Report.version)).all()
    assert [row.version for row in rows] == [1, 2]
    assert rows[0].figures == first.figures != second.figures
    assert (rows[0].figures["totals"]["ideas"], rows[1].figures["totals"]["ideas"]) == (1, 2)
    assert reports.tampered() == []


def test_a_changed_figure_is_found(house_: House) -> None:
    made = house_.freeze()
    with transaction():
        row = db.session.get_one(Report, made.id)
        row.figures = {**row.figures, "totals": {**row.figures["totals"], "passed": 9}}
    assert reports.tampered() == [made.public_id]
    result = house_.world.app.test_cli_runner().invoke(args=["verify"])
    assert (result.exit_code, f"report {made.public_id}" in result.output) == (1, True)


def test_a_report_names_its_fact_and_is_one(house_: House) -> None:
    made = house_.freeze()
    fact = db.session.scalars(select(Event).where(Event.name == "ReportFrozen")).one()
    assert (fact.id > made.last_fact_id > 0, fact.payload["digest"]) == (True, made.digest)


def test_two_who_freeze_at_once_make_two_versions(house_: House) -> None:
    manager, number = house_.world.manager, house_.project.programme_id
    house_.world.anew()

    def freeze() -> None:
        programme = db.session.get_one(Programme, number)
        db.session.rollback()
        reporting.freeze(actor=manager, programme=programme, quarter=house_.quarter)

    results = [spelled(each) for each in at_once(house_.world.app, [freeze] * 3)]
    assert results == ["NoneType"] * 3
    assert sorted(db.session.scalars(select(Report.version))) == [1, 2, 3]


def test_a_quarter_ahead_cannot_be_frozen(house_: House) -> None:
    assert answer(lambda: house_.freeze(house_.quarter.next)) == "NotPossible quarter_ahead"


def test_values_count_the_newest_word_and_currencies_stay_apart(house_: House) -> None:
    now = house_.now

    def claim(kind: str, number: int, minor: int, currency: str = "EUR") -> ValueClaim:
        return ValueClaim(
            project_id=house_.project.id,
            kind=kind,
            number=number,
            amount_minor=minor,
            currency=currency,
            basis="Counted.",
            said_as="sponsor",
            said_at=now,
        )

    steps = [
        ([claim("expected", 1, 900)], []),
        ([claim("validated", 1, 500)], [("validated", "EUR", 500)]),
        ([claim("validated", 2, 400, "USD")], [("validated", "USD", 400)]),
        ([claim("actual", 1, 300)], [("actual", "EUR", 300)]),
        ([claim("validated", 3, 800)], [("actual", "EUR", 300)]),
    ]
    for claims, expected in steps:
        with transaction():
            db.session.add_all(claims)
        assert [(each["kind"], each["currency"], each["minor"]) for each in house_.figures()["values"]] == expected


def test_money_spent_outside_the_quarter_is_not_in_it(house_: House) -> None:
    with transaction():
        line = BudgetLine(project_id=house_.project.id, position=1, title="Foam", currency="EUR")
        db.session.add(line)
        db.session.flush()
        for kind, minor, days in (("spend", 700, 0), ("commit", 90, 0), ("spend", 50, -200)):
            day = house_.now.date() + timedelta(days=days)
            db.session.add(
                MoneyEntry(line_id=line.id, kind=kind, amount_minor=minor, happened_on=day, entered_at=house_.now)
            )
    assert house_.figures()["spent"] == [{"currency": "EUR", "minor": 700}]


def test_what_an_older_challenges_project_cost_and_is_worth_stays_in_the_sums(house_: House) -> None:
    long_ago = house_.quarter.before.starts - timedelta(days=200)
    with transaction():
        db.session.execute(update(Challenge).values(published_at=long_ago, decided_at=long_ago))
        db.session.execute(update(Passage).values(entered_at=long_ago))
    assert house_.figures()["challenges"] == []
    with transaction():
        line = BudgetLine(project_id=house_.project.id, position=1, title="Lab", currency="EUR")
        db.session.add(line)
        db.session.flush()
        paid = {"kind": "spend", "amount_minor": 700, "happened_on": house_.quarter.first, "entered_at": house_.now}
        db.session.add(MoneyEntry(line_id=line.id, **paid))
    found = house_.figures()
    assert found["spent"] == [{"currency": "EUR", "minor": 700}] == found["challenges"][0]["spent"]
    with transaction():
        db.session.execute(update(MoneyEntry).values(happened_on=long_ago.date()))
        worth = {"kind": "validated", "number": 1, "amount_minor": 900, "currency": "EUR", "per": "year", "basis": "B"}
        db.session.add(ValueClaim(project_id=house_.project.id, said_as="sponsor", said_at=long_ago, **worth))
    found = house_.figures()
    assert found["values"] == [{"kind": "validated", "per": "year", "currency": "EUR", "minor": 900}]
    assert (found["challenges"][0]["values"], found["spent"]) == (found["values"], [])


def test_targets_stand_beside_and_frozen_ones_stay(house_: House) -> None:
    world, path = house_.world, f"/programmes/{house_.programme.public_id}"
    browser = world.browser(world.manager)
    target = f"{path}/targets/{house_.quarter}"
    assert browser.post(target, {"ideas": "x", "kept": "101"}).status_code == 422
    assert browser.post(target, {"ideas": "5", "chosen": "1"}).status_code == 303
    made = house_.freeze()
    assert browser.post(target, {"ideas": "", "chosen": "2"}).status_code == 303
    assert db.session.scalars(select(Target.measure)).all() == ["chosen"]
    db.session.rollback()
    assert db.session.get_one(Report, made.id).figures["targets"] == {"ideas": 5, "chosen": 1}
    page = browser.get(f"/reports/{made.public_id}").text
    assert ("4 short of the target" in page, "target met" in page) == (True, True)


def test_files_hold_the_same_figures(house_: House) -> None:
    world = house_.world
    made = house_.freeze()
    browser = world.browser(world.manager)
    pdf = browser.get(f"/reports/{made.public_id}/board-report.pdf")
    assert (pdf.status_code, pdf.mimetype, pdf.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert all(word in pdf.data for word in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"pdfuaid"))
    assert pdf.data == browser.get(f"/reports/{made.public_id}/board-report.pdf").data
    slides = browser.get(f"/board-report/{house_.quarter}.pptx")
    shown = Presentation(io.BytesIO(slides.data)).slides
    assert [slide.shapes.title.text_frame.text for slide in shown] == [
        f"Programme: quarter {house_.quarter.number} of {house_.quarter.year}",
        "Programme: challenges",
    ]
    table = next(shape.table for shape in shown[0].shapes if shape.has_table)
    found = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert (found["Ideas received"], found["Ideas chosen"], found["Proofs passed"]) == ("1", "1", "0")
    assert browser.get(f"/reports/{made.public_id}/board-report.exe").status_code == 404


def test_what_people_typed_cannot_break_the_document(house_: House) -> None:
    with transaction():
        db.session.execute(update(Challenge).values(title='#panic("x") $ ] ) \\ <b> *_ "quoted" // ü 漢字'))
    made = house_.freeze()
    answered = house_.world.browser(house_.world.manager).get(f"/reports/{made.public_id}/board-report.pdf")
    assert (answered.status_code, answered.data[:5]) == (200, b"%PDF-")


def test_only_who_manages_the_programme_reads_its_reports(house_: House) -> None:
    world = house_.world
    made = house_.freeze()
    other = world.programme("Other")
    elsewhere = world.grant(world.person(), Role.MANAGER, "programme", other.id)
    here = world.grant(world.person(), Role.MANAGER, "programme", house_.project.programme_id)
    paths = [f"/reports/{made.public_id}", f"/reports/{made.public_id}/board-report.pdf"]
    people = {"visitor": None, "staff": world.person(), "elsewhere": elsewhere, "here": here, "manager": world.manager}
    seen = {name: [world.browser(who).get(path).status_code for path in paths] for name, who in people.items()}
    assert seen == {
        "visitor": [404, 404],
        "staff": [404, 404],
        "elsewhere": [404, 404],
        "here": [200, 200],
        "manager": [200, 200],
    }
    assert challenges.programme(world.person(), "nothing") is None


def test_the_list_asks_the_same_with_one_report_or_thirty(house_: House) -> None:
    browser, path = house_.world.browser(house_.world.manager), f"/programmes/{house_.programme.public_id}/reports"
    counts = []
    for size in (1, 29):
        for _ in range(size):
            house_.freeze()
        browser.get(path)
        with counting() as asked:
            assert browser.get(path).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
