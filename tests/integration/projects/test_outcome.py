"""What a project is worth and what came of it: versions that stay, said by the right people, and a lesson that is found."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.lifecycle import Passage
from innovation.kernel.usecase import transaction
from innovation.projects import queries as projects
from innovation.projects.models import LogEntry, Member, Project, ValueClaim
from innovation.projects.queries import lessons
from innovation.projects.queries import outcome as outcomes
from innovation.projects.service import gates, outcome, worth
from innovation.projects.service.worth import Worth
from innovation.rules.predicates import Role
from innovation.rules.project import Verdict
from tests.conftest import counting
from tests.support.one_project import OneProject
from tests.support.pages import words
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World

SAY = {"expected": worth.say_expected, "validated": worth.say_validated, "actual": worth.say_actual}
LEARNED = "A pump that runs dry needs a sensor at its inlet."


class Proof(OneProject):
    """A project with its author, its sponsor, and its way to the end."""

    def decide(self, key: str, verdict: Verdict = Verdict.PASS, reason: str = "It holds.") -> None:
        values: dict[str, Any] = {"gate_key": key, "seen": 0, "verdict": verdict, "reason": reason}
        gates.decide(actor=self.sponsor, project=self.again(), **values)

    def passed(self) -> Proof:
        for gate in self.again().gates:
            self.decide(gate.key)
        return self

    def say(self, kind: str, amount: int, who: Actor | None = None, **changes: str) -> str:
        row = self.again()
        values = {"currency": "EUR", "per": "year", "basis": "Hours saved."} | changes
        given = Worth(amount_minor=amount, **values)
        return answer(lambda: SAY[kind](actor=who or self.sponsor, project=row, worth=given))

    def settle(self, what: str, lesson: str = LEARNED, who: Actor | None = None) -> str:
        row = self.again()
        return answer(lambda: outcome.settle(actor=who or self.sponsor, project=row, outcome=what, lesson=lesson))

    def unsettle(self, reason: str = "The plant closes.", who: Actor | None = None) -> str:
        row = self.again()
        return answer(lambda: outcome.unsettle(actor=who or self.sponsor, project=row, reason=reason))

    def write(self, lesson: str, who: Actor | None = None) -> str:
        row = self.again()
        return answer(lambda: outcome.write_lesson(actor=who or self.author, project=row, lesson=lesson))

    def take_in(self, who: Actor) -> None:
        self.world.anew()
        with transaction():
            db.session.add(
                Member(project_id=self.number, person_id=who.person_id, role="member", accepted_at=self.world.now())
            )


@pytest.fixture
def proof(world: World) -> Proof:
    return Proof(world)


def _facts() -> list[str]:
    return list(db.session.scalars(select(Event.name).where(Event.name.in_(outcomes.SAID)).order_by(Event.id)))


# --- what it is worth ----------------------------------------------------------------------------------------------


def test_values_come_in_versions_and_none_is_lost(proof: Proof) -> None:
    assert [proof.say("expected", amount, proof.author) for amount in (100, 250)] == ["done"] * 2
    assert proof.say("expected", 300) == "done"
    assert proof.say("validated", 40, currency="USD", per="once") == "done"
    found = outcomes.claims(proof.again())
    assert [(each.number, each.amount_minor, each.said_as) for each in found["expected"]] == [
        (3, 300, "sponsor"),
        (2, 250, "lead"),
        (1, 100, "lead"),
    ]
    newest = found["validated"][0]
    assert (newest.amount_minor, newest.currency, newest.per, newest.person and newest.person.name) == (
        40,
        "USD",
        "once",
        proof.sponsor.name,
    )


def test_nobody_validates_his_own_work_and_the_team_does_not_count(proof: Proof) -> None:
    world = proof.world
    stranger = world.person()
    assert [proof.say(kind, 5, proof.author) for kind in SAY] == [
        "done",
        "Refused say_validated_value",
        "Refused say_actual_value",
    ]
    assert [proof.say(kind, 5, stranger) for kind in SAY] == [f"Refused say_{kind}_value" for kind in SAY]
    proof.take_in(proof.sponsor)
    assert proof.say("validated", 5) == "Refused say_validated_value"
    assert proof.say("validated", 5, world.manager) == "done"


def test_the_actual_value_is_said_after_the_end(proof: Proof) -> None:
    assert proof.say("actual", 5) == "NotPossible project_still_runs"
    proof.passed()
    assert proof.say("actual", 0) == "done"


def test_a_value_without_its_basis_or_out_of_bounds_is_refused(proof: Proof) -> None:
    said = [
        proof.say("expected", 1, basis=" "),
        proof.say("expected", -1),
        proof.say("expected", 10**16),
        proof.say("expected", 1, currency="XXX"),
    ]
    assert said == [
        "Invalid basis_missing",
        "Invalid amount_too_large",
        "Invalid amount_too_large",
        "Invalid no_such_currency",
    ]
    assert db.session.scalar(select(func.count()).select_from(ValueClaim)) == 0


def test_people_who_say_a_value_at_once_each_have_their_version(proof: Proof) -> None:
    proof.world.anew()

    def say() -> None:
        project = projects.by_id(proof.number)
        assert project is not None
        db.session.rollback()
        given = Worth(amount_minor=7, currency="EUR", per="once", basis="Counted.")
        worth.say_expected(actor=proof.author, project=project, worth=given)

    assert [spelled(each) for each in at_once(proof.world.app, [say] * 4, slow="value_claim")] == ["NoneType"] * 4
    assert [each.number for each in outcomes.claims(proof.again())["expected"]] == [4, 3, 2, 1]


# --- what came of it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "state", "fact"),
    [
        ("adopt", "adopted", "ProjectAdopted"),
        ("iterate", "iterated", "ProjectIterated"),
        ("shelve", "stopped", "ProjectShelved"),
    ],
)
def test_a_passed_proof_is_adopted_iterated_or_stopped_with_its_lesson(
    proof: Proof, what: str, state: str, fact: str
) -> None:
    assert proof.settle(what) == f"NotPossible cannot_{what}"
    proof.passed()
    assert [proof.settle(what, " "), proof.settle("sell")] == ["Invalid lesson_missing", "Invalid no_such_outcome"]
    assert [proof.settle(what), proof.settle(what)] == ["done", f"NotPossible cannot_{what}"]
    project = proof.again()
    assert (project.state, project.lesson, project.settled_at is not None) == (state, LEARNED, True)
    assert _facts() == ["ProjectPassed", fact]
    stages = db.session.scalars(
        select(Passage.stage).where(Passage.left_at.is_(None), Passage.subject_kind == "project")
    ).all()
    assert stages == [f"project_{state}"]


def test_an_outcome_is_opened_again_only_as_a_decision_with_a_reason(proof: Proof) -> None:
    proof.passed()
    assert proof.unsettle() == "NotPossible cannot_unsettle"
    proof.settle("adopt")
    assert [proof.unsettle(" "), proof.unsettle(who=proof.author)] == ["Invalid reason_missing", "Refused settle_project"]
    assert proof.unsettle() == "done"
    project = proof.again()
    assert (project.state, project.settled_at, project.lesson) == ("passed", None, LEARNED)
    assert proof.settle("iterate") == "done"
    found = [(each.fact, each.name, each.reason) for each in outcomes.said(proof.again())]
    name = proof.sponsor.name
    assert found == [
        ("ProjectIterated", name, ""),
        ("ProjectUnsettled", name, "The plant closes."),
        ("ProjectAdopted", name, ""),
        ("ProjectPassed", name, ""),
    ]
    assert list(db.session.scalars(select(LogEntry.reason))) == ["The plant closes."]


def test_a_refused_reversal_leaves_nothing_in_the_log(proof: Proof) -> None:
    proof.passed()
    proof.settle("shelve")
    assert proof.unsettle() == "NotPossible cannot_unsettle"
    assert db.session.scalar(select(func.count()).select_from(LogEntry)) == 0


def test_nobody_settles_what_he_works_in(proof: Proof) -> None:
    proof.passed()
    world = proof.world
    administrator = world.grant(world.person(), Role.ADMINISTRATOR)
    assert [proof.settle("adopt", who=who) for who in (proof.author, world.person(), administrator)] == [
        "Refused settle_project"
    ] * 3
    proof.take_in(proof.sponsor)
    assert proof.settle("adopt") == "Refused settle_project"
    assert proof.settle("adopt", who=world.manager) == "done"


def test_two_people_who_settle_at_once_settle_once(proof: Proof) -> None:
    proof.passed()
    manager = proof.world.manager
    proof.world.anew()

    def settle(who: Actor, what: str) -> None:
        project = projects.by_id(proof.number)
        assert project is not None
        db.session.rollback()
        outcome.settle(actor=who, project=project, outcome=what, lesson=f"By {who.name}.")

    calls = [lambda w=w, o=o: settle(w, o) for w, o in ((proof.sponsor, "adopt"), (manager, "shelve"))] * 2
    results = [spelled(each) for each in at_once(proof.world.app, calls, slow="FROM project")]
    assert (results.count("NoneType"), len(_facts())) == (1, 2)
    project = proof.again()
    assert project.lesson == (f"By {proof.sponsor.name}." if project.state == "adopted" else f"By {manager.name}.")


def test_a_stopped_project_has_its_lesson_written_properly(proof: Proof) -> None:
    assert proof.write("Too early.") == "NotPossible project_still_runs"
    proof.decide("frame", Verdict.STOP, "The foam came back.")
    assert proof.again().lesson == "The foam came back."
    people = [proof.author, proof.sponsor, proof.world.manager, proof.world.person()]
    assert [proof.write(f"Version {each}", who) for each, who in enumerate(people)] == ["done"] * 3 + [
        "Refused write_lesson"
    ]
    assert proof.write("Version 2") == "done"
    assert (proof.again().lesson, _facts()) == ("Version 2", ["ProjectStopped"] + ["LessonWritten"] * 3)


# --- lessons that are found ----------------------------------------------------------------------------------------


def _taught(world: World, lesson: str, **challenge: Any) -> Project:
    """A project of its own that was stopped with a lesson."""
    proof = Proof(world, world.person())
    proof.decide("frame", Verdict.STOP, lesson)
    if challenge:
        with transaction():
            row = projects.by_id(proof.number)
            assert row is not None
            row.visibility = challenge["visibility"]
    return proof.again()


def test_a_new_question_finds_the_nearest_lessons(world: World) -> None:
    pump, paint = _taught(world, LEARNED), _taught(world, "Paint dries slowly in a cold and damp hall.")
    sponsor = world.person()
    draft = world.draft_challenge(sponsor, title="How do we keep pumps from running dry?", must="Sensors at every inlet.")
    assert [each.public_id for each in lessons.like(sponsor, world.again(draft))][:1] == [pump.public_id]
    page = world.browser(sponsor).get(f"/challenges/{draft.public_id}/edit")
    said = page.get_data(as_text=True)
    assert (page.status_code, f"/projects/{pump.public_id}/outcome" in said) == (200, True)
    other = world.draft_challenge(sponsor, title="Why does paint dry slowly?", must="Even in a damp hall.")
    assert lessons.like(sponsor, world.again(other))[0].public_id == paint.public_id


def test_a_running_project_and_one_without_a_lesson_teach_nothing(world: World) -> None:
    running, silent = Proof(world), Proof(world, world.person("Silent")).passed()
    with transaction():
        row = projects.by_id(running.number)
        assert row is not None
        row.lesson = LEARNED
    assert (silent.again().ended_at is not None, silent.again().lesson) == (True, "")
    assert lessons.page(world.manager, "", None).items == []


def test_lessons_are_listed_searched_and_paged(world: World) -> None:
    made = [_taught(world, lesson) for lesson in (LEARNED, "Paint dries slowly.")]
    reader = world.person()
    browser = world.browser(reader)
    assert [each.public_id for each in lessons.page(reader, "", None).items] == [each.public_id for each in reversed(made)]
    assert [each.public_id for each in lessons.page(reader, "RUNS DRY", None).items] == [made[0].public_id]
    assert lessons.page(reader, "%_nothing", None).items == []
    for query in ("", "?q=dry", "?after=rubbish", "?q=%00"):
        browser.get(f"/lessons{query}")
    assert "Paint dries slowly." in words(browser.get("/lessons"))
    assert "No lesson has these words" in words(browser.get("/lessons?q=zebra"))


def test_a_sealed_projects_lesson_reaches_its_own_people_alone(world: World) -> None:
    project = _taught(world, LEARNED, visibility="sealed")
    challenge, member = project.challenge, project.members[0].person_id
    team, sponsor = world.actor(member), world.sponsor_of(challenge)
    administrator = world.grant(world.person(), Role.ADMINISTRATOR)
    readers = {"team": team, "sponsor": sponsor, "manager": world.manager, "staff": world.person(), "admin": administrator}
    draft = world.draft_challenge(world.person(), title="How do we keep pumps from running dry?", must="Sensors.")
    found = {
        name: (
            [each.lesson for each in lessons.page(who, "", None).items],
            [each.lesson for each in lessons.like(who, world.again(draft))],
            LEARNED in words(world.browser(who).get("/lessons?q=pump")),
        )
        for name, who in readers.items()
    }
    there, nothing = ([LEARNED], [LEARNED], True), ([], [], False)
    assert found == {"team": there, "sponsor": there, "manager": nothing, "staff": nothing, "admin": nothing}


def test_lessons_cost_the_same_queries_for_one_and_for_many(world: World) -> None:
    _taught(world, LEARNED)
    browser = world.browser(world.person())
    browser.get("/lessons")
    with counting() as few:
        assert browser.get("/lessons").status_code == 200
    for number in range(3):
        _taught(world, f"{LEARNED} {number}")
    with counting() as many:
        assert browser.get("/lessons").status_code == 200
    assert len(few) == len(many)


# --- the pages -----------------------------------------------------------------------------------------------------


def test_the_door_settles_once_however_often_the_button_is_pressed(proof: Proof) -> None:
    proof.passed()
    browser, path = proof.world.browser(proof.sponsor), f"/projects/{proof.again().public_id}/outcome"
    form = {"outcome": "adopt", "lesson": LEARNED, "once": "s" * 20}
    assert browser.post(f"{path}/decision", form | {"lesson": ""}).status_code == 422
    assert [browser.post(f"{path}/decision", form).status_code for _ in range(2)] == [303, 303]
    assert browser.post(f"{path}/decision", form | {"once": "t" * 20}).status_code == 409
    assert proof.world.browser(proof.author).post(f"{path}/decision", form).status_code == 403
    back = {"reason": "No money.", "once": "u" * 20}
    assert [browser.post(f"{path}/reversal", back).status_code for _ in range(2)] == [303, 303]
    said = words(proof.world.browser(proof.author).get(path))
    assert ("No money." in said, LEARNED in said) == (True, True)


def test_the_door_of_values_knows_whose_each_is(proof: Proof) -> None:
    path = f"/projects/{proof.again().public_id}/outcome/values"
    form = {"amount": "12,500", "currency": "EUR", "per": "year", "basis": "Gas."}
    author, sponsor = proof.world.browser(proof.author), proof.world.browser(proof.sponsor)
    assert [author.post(f"{path}/{kind}", form).status_code for kind in (*SAY, "hoped")] == [303, 403, 403, 404]
    assert [sponsor.post(f"{path}/{kind}", form).status_code for kind in SAY] == [303, 303, 409]
    assert sponsor.post(f"{path}/expected", form | {"amount": "1.5.0,0x"}).status_code == 422
    assert [each.amount_minor for each in outcomes.claims(proof.again())["validated"]] == [1_250_000]
    assert "€12,500 every year" in words(author.get(path.removesuffix("/values")))
