"""A project's gates: in order, each decided once, in turn, and never by somebody who works on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.insight import queries as insight
from innovation.kernel import clock
from innovation.kernel.actor import VISITOR, Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.lifecycle import Passage
from innovation.kernel.usecase import transaction
from innovation.projects import queries as projects
from innovation.projects.models import Check, Citation, Gate, GateDecision, Member, Project
from innovation.projects.queries import gates as reading
from innovation.projects.service import evidence, gates
from innovation.projects.service.plan_lock import plan_locked, require_plan_open
from innovation.rules.gatekeeping import DecidesAs
from innovation.rules.predicates import Role
from innovation.rules.project import PROOF_DAYS, SIX_WEEKS, Verdict
from tests.support.one_project import OneProject
from tests.support.pages import words
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World

KEYS = [key for key, _day in SIX_WEEKS]


class Proof(OneProject):
    """A project, its author as the leader, and its sponsor as the gatekeeper."""

    def gate(self, key: str = "frame") -> Gate:
        return next(gate for gate in self.again().gates if gate.key == key)

    def seen(self, key: str) -> int:
        """The number of the newest decision about a gate."""
        known = [gate for gate in self.again().gates if gate.key == key]
        last = reading.latest(known[0]) if known else None
        return last.number if last else 0

    def decide(self, key: str, verdict: str = "pass", who: Actor | None = None, **values: Any) -> str:
        said = {"seen": self.seen(key), "reason": "It holds.", "due_on": self.soon()} | values
        row = self.again()
        keeper = who or self.sponsor
        return answer(lambda: gates.decide(actor=keeper, project=row, gate_key=key, verdict=Verdict(verdict), **said))

    def reopen(self, key: str, who: Actor | None = None, **values: Any) -> str:
        said = {"seen": self.seen(key), "reason": "We were wrong.", "due_on": self.soon()} | values
        row = self.again()
        return answer(lambda: gates.reopen(actor=who or self.sponsor, project=row, gate_key=key, **said))

    def ask(self, key: str = "frame", who: Actor | None = None) -> str:
        row = self.again()
        return answer(lambda: gates.ask(actor=who or self.author, project=row, gate_key=key))

    def unask(self, key: str = "frame") -> str:
        row = self.again()
        return answer(lambda: gates.unask(actor=self.author, project=row, gate_key=key))

    def name_deputy(self, who: Actor | None, key: str = "frame", by: Actor | None = None, *, onward: bool = False) -> str:
        row, email = self.again(), f"{who.name.lower()}@example.org" if who else ""
        return answer(
            lambda: gates.name_deputy(actor=by or self.sponsor, project=row, gate_key=key, email=email, onward=onward)
        )

    def join(self, who: Actor) -> None:
        with transaction():
            row = Member(project_id=self.number, person_id=who.person_id or 0, role="member", accepted_at=clock.now())
            db.session.add(row)

    def waited(self, days: float, key: str = "frame") -> None:
        """Let a gate's days be over, as if so many had passed since it was asked for (or was due)."""
        with transaction():
            row = db.session.scalars(select(Gate).where(Gate.project_id == self.number, Gate.key == key)).one()
            if row.asked_at is not None:
                row.asked_at = clock.now() - timedelta(days=days)
            else:
                row.due_at = clock.now() - timedelta(days=days)

    def set(self, key: str = "frame", **columns: Any) -> None:
        with transaction():
            row = db.session.scalars(select(Gate).where(Gate.project_id == self.number, Gate.key == key)).one()
            for name, value in columns.items():
                setattr(row, name, value)

    def soon(self) -> date:
        return (clock.now() + timedelta(days=7)).date()

    def states(self) -> list[str]:
        return [gate.state for gate in self.again().gates]

    def facts(self) -> list[str]:
        rows = db.session.scalars(select(Event.name).where(Event.project_id == self.number).order_by(Event.id)).all()
        return [name for name in rows if name.startswith(("Gate", "Project"))]

    def open_stages(self) -> list[str]:
        return sorted(
            db.session.scalars(
                select(Passage.stage).where(Passage.left_at.is_(None), Passage.subject_kind.in_(["project", "gate"]))
            )
        )


@pytest.fixture
def proof(world: World) -> Proof:
    return Proof(world)


def test_a_chosen_idea_becomes_a_project_of_six_weeks(proof: Proof) -> None:
    project = proof.again()
    assert [(gate.key, (gate.due_at - project.started_at).days) for gate in project.gates] == list(SIX_WEEKS)
    assert (project.due_at - project.started_at).days == PROOF_DAYS == 42
    assert [(member.person_id, member.role) for member in project.members] == [(proof.author.person_id, "lead")]
    assert proof.states() == ["open", "ahead", "ahead", "ahead"]


def test_gates_are_passed_in_order_and_the_last_one_is_the_proof(proof: Proof) -> None:
    seen = []
    for key in KEYS:
        assert proof.decide(key) == "done"
        seen.append((proof.states(), proof.again().state))
    assert seen == [
        (["passed", "open", "ahead", "ahead"], "running"),
        (["passed", "passed", "open", "ahead"], "running"),
        (["passed", "passed", "passed", "open"], "running"),
        (["passed", "passed", "passed", "passed"], "passed"),
    ]
    assert proof.again().ended_at is not None
    assert proof.decide("decide") == "NotPossible project_has_ended"


def test_a_gate_ahead_or_behind_is_not_decided(proof: Proof) -> None:
    proof.decide("frame")
    assert [proof.decide(key) for key in ("frame", "test", "decide", "nonsense", "")] == [
        "NotPossible gate_decided_already"
    ] * 5
    assert proof.states() == ["passed", "open", "ahead", "ahead"]


def test_a_project_that_stops_keeps_its_lesson(proof: Proof) -> None:
    proof.decide("frame")
    assert proof.decide("build", "stop", reason="The foam came back.") == "done"
    project = proof.again()
    assert (project.state, project.lesson, project.ended_at is not None) == ("stopped", "The foam came back.", True)
    assert proof.states() == ["passed", "stopped", "ahead", "ahead"]
    assert proof.open_stages() == ["project_stopped"]


def test_a_decision_keeps_who_took_it_when_as_what_and_why(proof: Proof) -> None:
    assert proof.decide("frame", reason=" \n") == "Invalid reason_missing"
    proof.decide("frame", reason="The measure is clear.")
    gate = proof.gate()
    told = reading.decisions(proof.again())
    assert (gate.decided_by, gate.reason, gate.decided_at is not None) == (
        proof.sponsor.person_id,
        "The measure is clear.",
        True,
    )
    assert [(each.decision.verdict, each.decision.number, each.decision.decided_as, each.name) for each in told] == [
        ("pass", 1, "keeper", proof.sponsor.name)
    ]


# --- the team asks -------------------------------------------------------------------------------------------------


def test_asking_locks_the_plan_and_taking_it_back_opens_it(proof: Proof) -> None:
    world = proof.world
    seen = [(plan_locked(proof.again()), answer(lambda: require_plan_open(proof.again())))]
    assert proof.ask(who=proof.sponsor) == "Refused work_on_project"
    assert [proof.ask(), proof.ask(), proof.ask("build")] == [
        "done",
        "NotPossible cannot_ask",
        "NotPossible gate_decided_already",
    ]
    seen.append((plan_locked(proof.again()), answer(lambda: require_plan_open(proof.again()))))
    browser, path = world.browser(proof.author), f"/projects/{proof.again().public_id}"
    update = {"status": "on_track", "text": "Going well.", "done": "A", "next": "B", "needs": "C"}
    assert browser.post(f"{path}/updates", update).status_code != 409
    assert [proof.unask(), proof.unask()] == ["done", "NotPossible cannot_unask"]
    seen.append((plan_locked(proof.again()), answer(lambda: require_plan_open(proof.again()))))
    assert seen == [(False, "done"), (True, "NotPossible plan_is_locked"), (False, "done")]
    assert (proof.gate().asked_at, proof.gate().asked_by) == (None, None)
    assert proof.facts()[-2:] == ["GateAsked", "GateUnasked"]


def test_only_the_gate_at_hand_is_ticked_and_not_while_it_waits(proof: Proof) -> None:
    def tick(line: int, done: bool, key: str = "frame", who: Actor = proof.author) -> str:
        row = proof.again()
        return answer(lambda: gates.tick(actor=who, project=row, gate_key=key, line=line, done=done))

    assert [tick(1, True), tick(1, True), tick(3, True), tick(3, False)] == ["done"] * 4
    assert [tick(0, True), tick(4, True)] == ["Invalid no_such_line"] * 2
    assert [tick(1, True, "build"), tick(1, True, who=proof.sponsor)] == [
        "NotPossible gate_decided_already",
        "Refused work_on_project",
    ]
    proof.ask()
    assert tick(2, True) == "NotPossible plan_is_locked"
    rows = db.session.scalars(select(Check).where(Check.gate_id == proof.gate().id).order_by(Check.position)).all()
    assert [(row.key, row.done_at is not None, row.done_by) for row in rows] == [
        ("frame_goal", True, proof.author.person_id),
        ("frame_measure", False, None),
        ("frame_team", False, None),
    ]


def test_the_team_ticks_and_asks_on_the_projects_page(proof: Proof) -> None:
    path = f"/projects/{proof.again().public_id}"
    browser = proof.world.browser(proof.author)
    form = {"gate": "frame", "value": "done"}
    assert [browser.post(f"{path}/checks/{line}", form).status_code for line in (1, 2, 9, 10**30)] == [303, 303, 422, 422]
    assert browser.post(f"{path}/gate-request", {"gate": "frame", "value": "ask"}).status_code == 303
    page = browser.get(path).get_data(as_text=True)
    assert ("Take the request back" in page, "Ask for the decision" in page, "Tick off" in page) == (True, False, False)
    assert browser.post(f"{path}/checks/1", form).status_code == 409
    assert browser.post(f"{path}/gate-request", {"gate": "frame", "value": "back"}).status_code == 303
    assert proof.states()[0] == "open"


def test_after_ticking_the_reader_goes_on_at_that_line(proof: Proof) -> None:
    path, browser = f"/projects/{proof.again().public_id}", proof.world.browser(proof.author)
    for value in ("done", "open"):
        answer_ = browser.post(f"{path}/checks/2", {"gate": "frame", "value": value})
        assert answer_.headers["Location"] == f"{path}#check-2"
    page = browser.get(path).get_data(as_text=True)
    # What is not a control takes the focus of an address only where it says that it can.
    assert [f'id="check-{line}" tabindex="-1"' in page for line in (1, 2, 3, 4)] == [True, True, True, False]


def test_any_one_of_several_keepers_decides_and_the_page_says_or(proof: Proof) -> None:
    second = proof.world.grant(proof.world.person("O'Hara"), Role.SPONSOR, "challenge", proof.again().challenge_id)
    said = words(proof.world.browser(proof.author).get(f"/projects/{proof.again().public_id}"))
    assert f"decided by {proof.sponsor.name} or {second.name}." in said


# --- what a keeper can say -----------------------------------------------------------------------------------------


def test_once_more_gives_a_new_day_and_on_hold_waits_for_it(proof: Proof) -> None:
    assert proof.decide("frame", "again") == "NotPossible cannot_again"
    proof.ask()
    assert [proof.decide("frame", "again", due_on=day) for day in (None, date(2020, 1, 1), date(9999, 12, 31))] == [
        "Invalid due_missing",
        "Invalid due_in_the_past",
        "Invalid due_too_far",
    ]
    assert proof.decide("frame", "again") == "done"
    gate = proof.gate()
    assert (gate.state, gate.due_at.date(), gate.asked_at) == ("open", proof.soon(), None)
    assert proof.decide("frame", "hold") == "done"
    assert [proof.decide("frame"), proof.ask(), proof.decide("frame", "hold")] == [
        "NotPossible cannot_pass",
        "NotPossible cannot_ask",
        "NotPossible cannot_hold",
    ]
    assert answer(lambda: require_plan_open(proof.again())) == "done"
    assert [proof.decide("frame", "again"), proof.decide("frame")] == ["done", "done"]
    rows = [each.decision for each in reading.decisions(proof.again())]
    assert [(row.number, row.verdict) for row in rows] == [(4, "pass"), (3, "again"), (2, "hold"), (1, "again")]
    entered = db.session.scalars(select(Passage.stage).where(Passage.subject_kind == "gate").order_by(Passage.id)).all()
    assert entered == ["gate_frame", "gate_build"]
    assert insight.mismatches() == []


def test_a_decision_written_before_another_one_is_not_taken(proof: Proof) -> None:
    proof.ask()
    assert [proof.decide("frame", "again", seen=0), proof.decide("frame", seen=0), proof.decide("frame", seen=2)] == [
        "done",
        "NotPossible gate_decided_already",
        "NotPossible gate_decided_already",
    ]
    assert proof.decide("frame", seen=1) == "done"


def test_a_gate_that_asks_for_evidence_is_passed_on_as_much(proof: Proof) -> None:
    proof.set(evidence_needed=2)
    assert proof.decide("frame") == "Invalid evidence_missing"
    for text in ("Ten panels.", "No cracks.", "Nor later."):
        evidence.add(actor=proof.author, project=proof.again(), text=text)
    other = Proof(proof.world, proof.world.person("Other"))
    evidence.add(actor=other.author, project=other.again(), text="Of another project.")
    assert [proof.decide("frame", evidence=numbers) for numbers in ((), (1,), (1, 1), (1, 9))] == [
        "Invalid evidence_missing",
        "Invalid evidence_missing",
        "Invalid evidence_missing",
        "Invalid no_such_evidence",
    ]
    assert proof.decide("frame", evidence=(1, 3)) == "done"
    told = reading.decisions(proof.again())[0]
    assert [(each.number, each.text) for each in told.cited] == [(1, "Ten panels."), (3, "Nor later.")]
    assert db.session.scalar(select(func.count()).select_from(Citation)) == 2
    page = proof.world.browser(proof.author).get(f"/projects/{proof.again().public_id}").get_data(as_text=True)
    assert [f"upto={number}#e{number}" in page for number in (1, 2, 3)] == [True, False, True]


def test_the_door_says_what_is_missing_and_keeps_what_was_typed(proof: Proof) -> None:
    proof.set(evidence_needed=1)
    evidence.add(actor=proof.author, project=proof.again(), text="Ten panels.")
    path, browser = f"/projects/{proof.again().public_id}/gate", proof.world.browser(proof.sponsor)
    form: dict[str, Any] = {"gate": "frame", "seen": "0", "decision": "pass", "reason": "Fine by me."}
    page = browser.post(path, form)
    text = page.get_data(as_text=True)
    assert (page.status_code, "1 or more of these" in text, "Fine by me." in text) == (422, True, True)
    assert browser.post(path, form | {"decision": "nonsense"}).status_code == 422
    assert browser.post(path, form | {"evidence": "7"}).status_code == 422
    assert browser.post(path, form | {"evidence": "1"}).status_code == 303
    assert proof.states()[:2] == ["passed", "open"]


# --- taking it back ------------------------------------------------------------------------------------------------


def test_a_passed_gate_is_reopened_by_a_new_decision(proof: Proof) -> None:
    proof.decide("frame")
    proof.decide("build", reason="It stands.")
    assert proof.reopen("frame") == "NotPossible not_the_last_decision"
    assert [proof.reopen("build", due_on=None), proof.reopen("build", reason="")] == [
        "Invalid due_missing",
        "Invalid reason_missing",
    ]
    assert proof.reopen("build", reason="The pump broke.") == "done"
    assert proof.states() == ["passed", "open", "ahead", "ahead"]
    gate = proof.gate("build")
    assert (gate.decided_at, gate.decided_by, gate.reason, gate.due_at.date()) == (None, None, "", proof.soon())
    rows = [each.decision for each in reading.decisions(proof.again()) if each.gate.key == "build"]
    assert [(row.verdict, row.reason, row.reopens) for row in rows] == [
        ("reopen", "The pump broke.", rows[1].id),
        ("pass", "It stands.", None),
    ]
    assert proof.facts()[-2:] == ["GateClosed", "GateReopened"]
    assert proof.open_stages() == ["gate_build", "project_running"]
    assert [proof.decide("build"), proof.states()] == ["done", ["passed", "passed", "open", "ahead"]]
    assert insight.mismatches() == []


def test_a_gate_whose_next_one_is_being_decided_is_not_reopened(proof: Proof) -> None:
    proof.decide("frame")
    proof.ask("build")
    assert proof.reopen("frame") == "NotPossible next_gate_is_pending"
    proof.decide("build", "hold")
    assert proof.reopen("frame") == "NotPossible next_gate_is_pending"
    proof.decide("build", "again")
    assert proof.reopen("frame") == "done"
    assert proof.states() == ["open", "ahead", "ahead", "ahead"]


@pytest.mark.parametrize("verdict", ["stop", "pass"])
def test_an_ended_project_runs_again_when_its_last_decision_is_taken_back(proof: Proof, verdict: str) -> None:
    for key in KEYS[:3]:
        proof.decide(key)
    proof.decide("decide", verdict)
    assert proof.again().ended_at is not None
    assert proof.reopen("decide") == "done"
    project = proof.again()
    assert (project.state, project.ended_at, project.settled_at, project.lesson) == ("running", None, None, "")
    assert proof.states() == ["passed", "passed", "passed", "open"]
    assert proof.open_stages() == ["gate_decide", "project_running"]
    assert insight.mismatches() == []


@pytest.mark.parametrize("state", ["adopted", "iterated"])
def test_a_project_whose_outcome_is_settled_is_not_reopened(proof: Proof, state: str) -> None:
    for key in KEYS:
        proof.decide(key)
    with transaction():
        db.session.execute(db.update(Project).where(Project.id == proof.number).values({"state": state}))
    assert proof.reopen("decide") == "NotPossible cannot_reopen"
    assert proof.states() == ["passed"] * 4


def test_only_keeper_and_manager_take_a_decision_back(proof: Proof) -> None:
    world = proof.world
    deputy = world.person("Deputy")
    proof.name_deputy(deputy, onward=True)
    proof.decide("frame")
    assert [proof.reopen("frame", who=who) for who in (deputy, proof.author, world.person())] == ["Refused reopen_gate"] * 3
    assert proof.reopen("frame", who=world.manager) == "done"
    assert reading.decisions(proof.again())[0].decision.decided_as == "manager"
    proof.set(keeper="manager")
    assert proof.decide("frame", who=world.manager) == "done"
    assert proof.reopen("frame") == "Refused not_the_keeper"


# --- who, and when -------------------------------------------------------------------------------------------------


def test_only_the_keeper_decides_within_the_promised_days(proof: Proof) -> None:
    world = proof.world
    panel = world.grant(world.person(), Role.PANEL, "challenge", proof.again().challenge_id)
    watchers = [world.person(), panel, proof.author, world.grant(world.person(), Role.ADMINISTRATOR)]
    assert [proof.decide("frame", who=who) for who in watchers] == ["Refused decide_gate"] * 4
    assert proof.decide("frame", who=world.manager) == "NotNow not_your_turn"
    assert proof.decide("frame") == "done"


@pytest.mark.parametrize("asked", [True, False])
def test_the_deputy_may_act_after_the_promised_days_and_the_manager_after_twice_as_many(proof: Proof, asked: bool) -> None:
    world = proof.world
    deputy = world.person("Deputy")
    assert proof.name_deputy(deputy) == "done"
    if asked:
        proof.ask()
    seen = {}
    for days in (4.9, 5.1, 9.9, 10.1):
        proof.waited(days)
        row = proof.again()
        now = clock.now()
        seen[days] = [reading.acts_as(who, row, row.gates[0], now) for who in (proof.sponsor, deputy, world.manager)]
    keeper, stands_in, manager = DecidesAs.KEEPER, DecidesAs.DEPUTY, DecidesAs.MANAGER
    assert seen == {
        4.9: [keeper, None, None],
        5.1: [keeper, stands_in, None],
        9.9: [keeper, stands_in, None],
        10.1: [keeper, stands_in, manager],
    }
    proof.waited(4.9)
    assert [proof.decide("frame", who=who) for who in (deputy, world.manager)] == ["NotNow not_your_turn"] * 2
    proof.waited(5.1)
    assert proof.decide("frame", who=deputy) == "done"
    assert reading.decisions(proof.again())[0].decision.decided_as == "deputy"
    proof.waited(10.1, "build")
    assert proof.decide("build", who=world.manager) == "done"
    assert reading.decisions(proof.again())[0].decision.decided_as == "manager"


def test_the_manager_decides_at_once_where_every_sponsor_works_in_the_project(proof: Proof) -> None:
    world = proof.world
    assert proof.decide("frame", who=world.manager) == "NotNow not_your_turn"
    proof.join(proof.sponsor)
    assert proof.decide("frame") == "Refused decide_gate"
    assert proof.decide("frame", who=world.manager) == "done"
    second = world.grant(world.person(), Role.SPONSOR, "challenge", proof.again().challenge_id)
    assert proof.decide("build", who=world.manager) == "NotNow not_your_turn"
    assert proof.decide("build", who=second) == "done"


def test_a_gate_of_the_manager_is_not_the_sponsors(proof: Proof) -> None:
    proof.set(keeper="manager")
    proof.waited(100)
    assert proof.decide("frame") == "NotNow not_your_turn"
    assert proof.name_deputy(proof.world.person("Deputy")) == "Refused not_the_keeper"
    assert proof.decide("frame", who=proof.world.manager) == "done"
    assert reading.decisions(proof.again())[0].decision.decided_as == "keeper"


def test_a_team_member_does_not_keep_the_gate_whatever_else_he_is(world: World) -> None:
    manager = world.grant(world.person("Author"), Role.MANAGER)
    proof = Proof(world, manager)
    deputy = world.person("Deputy")
    proof.name_deputy(deputy)
    proof.waited(100)
    assert proof.decide("frame", who=manager) == "Refused decide_gate"
    proof.join(deputy)
    assert proof.decide("frame", who=deputy) == "Refused decide_gate"
    row = proof.again()
    assert [reading.acts_as(who, row, row.gates[0], clock.now()) for who in (manager, deputy)] == [None, None]
    assert proof.decide("frame", who=world.manager) == "done"


def test_a_deputy_sees_the_project_and_does_not_work_in_it(proof: Proof) -> None:
    world = proof.world
    helper, outsider, deputy = world.person("Helper"), world.person("Outsider", Circle.EXPERT), world.person("Deputy")
    proof.join(helper)
    assert [proof.name_deputy(who) for who in (proof.author, helper, outsider, deputy)] == [
        "Invalid deputy_on_the_team",
        "Invalid deputy_on_the_team",
        "Invalid deputy_cannot_see",
        "done",
    ]
    row = proof.again()
    unknown = answer(
        lambda: gates.name_deputy(actor=proof.sponsor, project=row, gate_key="frame", email="nobody@example.org")
    )
    assert unknown == "Invalid nobody_has_this_address"
    assert proof.name_deputy(None, by=world.manager) == "Refused not_the_keeper"
    assert [gate.deputy_id for gate in proof.again().gates] == [deputy.person_id, None, None, None]
    assert proof.name_deputy(deputy, onward=True) == "done"
    assert [gate.deputy_id for gate in proof.again().gates] == [deputy.person_id] * 4
    assert proof.name_deputy(None) == "done"
    assert [gate.deputy_id for gate in proof.again().gates] == [None, *[deputy.person_id] * 3]


def test_the_door_refuses_a_team_member(proof: Proof) -> None:
    path = f"/projects/{proof.again().public_id}/gate"
    form = {"gate": "frame", "seen": "0", "decision": "pass", "reason": "We are great."}
    assert proof.world.browser(proof.author).get(path).status_code == 403
    assert proof.world.browser(proof.author).post(path, form).status_code == 403
    browser = proof.world.browser(proof.sponsor)
    assert browser.get(path).status_code == 200
    assert browser.post(path, form | {"reason": ""}).status_code == 422
    assert [browser.post(path, form).status_code for _ in range(2)] == [303, 409]
    assert proof.states() == ["passed", "open", "ahead", "ahead"]


def test_the_team_works_and_others_watch(proof: Proof) -> None:
    world = proof.world
    path = f"/projects/{proof.again().public_id}"
    form = {"title": "New name", "goal": "G", "work_url": "https://example.org/x"}
    answers = {
        name: [world.browser(who).get(path).status_code, world.browser(who).post(f"{path}/edit", form).status_code]
        for name, who in {
            "visitor": None,
            "expert": world.person("", Circle.EXPERT),
            "staff": world.person(),
            "author": proof.author,
            "manager": world.manager,
        }.items()
    }
    assert answers == {
        "visitor": [404, 404],
        "expert": [404, 404],
        "staff": [200, 403],
        "author": [200, 303],
        "manager": [200, 303],
    }
    assert projects.get(VISITOR, proof.again().public_id) is None


# --- what waits for whom -------------------------------------------------------------------------------------------


def test_the_desk_shows_a_gate_to_whoever_may_act_now(proof: Proof) -> None:
    world = proof.world
    deputy, manager = world.person("Deputy"), world.manager
    proof.name_deputy(deputy)
    people_ = {
        "sponsor": proof.sponsor,
        "deputy": deputy,
        "manager": manager,
        "author": proof.author,
        "staff": world.person(),
    }

    def waiting() -> dict[str, int]:
        now = clock.now()
        return {name: len(reading.to_decide(who, now)) for name, who in people_.items()}

    seen = {"open": waiting()}
    proof.ask()
    for days in (1, 6, 11):
        proof.waited(days)
        seen[f"asked {days} days ago"] = waiting()
    proof.decide("frame", "hold")
    seen["on hold"] = waiting()
    keeper = {"sponsor": 1, "deputy": 0, "manager": 0, "author": 0, "staff": 0}
    assert seen == {
        "open": keeper,
        "asked 1 days ago": keeper,
        "asked 6 days ago": keeper | {"deputy": 1},
        "asked 11 days ago": keeper | {"deputy": 1, "manager": 1},
        "on hold": keeper | {"sponsor": 0},
    }


@pytest.mark.parametrize("keeper", ["sponsor", "manager"])
@pytest.mark.parametrize("answer_days", [1, 5, 60])
def test_the_list_says_the_same_as_the_rule(proof: Proof, keeper: str, answer_days: int) -> None:
    """The order of turns is written twice, in SQL and in ``Turn``; here each is the other's proof."""
    world = proof.world
    deputy = world.person("Deputy")
    everybody = [proof.sponsor, deputy, world.manager, proof.author, world.person()]
    proof.set(keeper=keeper, answer_days=answer_days, deputy_id=deputy.person_id)
    for asked in (False, True):
        if asked:
            proof.ask()
        for team in (False, True):
            if team and asked:
                proof.join(proof.sponsor)
            for days in (0.5 * answer_days, 1.5 * answer_days, 2.5 * answer_days):
                proof.waited(days)
                row, now = proof.again(), clock.now()
                rule = [reading.acts_as(who, row, row.gates[0], now) is not None for who in everybody]
                assert [bool(reading.to_decide(who, now)) for who in everybody] == rule, (asked, team, days)


def test_the_managers_desk_says_who_has_to_act(proof: Proof) -> None:
    world = proof.world
    deputy = world.person("Deputy")
    proof.name_deputy(deputy)
    browser = world.browser(world.manager)
    seen = []
    for days in (1, 6, 11):
        proof.waited(days)
        page = browser.get("/desk").get_data(as_text=True)
        seen.append((proof.sponsor.name in page, "Deputy as deputy" in page, "the innovation manager" in page))
    assert seen == [(True, False, False), (True, True, False), (True, True, True)]


# --- at once -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers", [("pass", "pass"), ("pass", "stop"), ("stop", "stop"), ("again", "pass"), ("hold", "stop")]
)
def test_two_people_who_decide_at_once_decide_once(proof: Proof, answers: tuple[str, str]) -> None:
    world, number = proof.world, proof.number
    second = world.grant(world.person(), Role.SPONSOR, "challenge", proof.again().challenge_id)
    proof.ask()
    soon = proof.soon()

    def decide(who: Actor, verdict: str) -> None:
        project = projects.by_id(number)
        assert project is not None
        db.session.rollback()
        values: dict[str, Any] = {"seen": 0, "verdict": Verdict(verdict), "reason": f"By {who.name}.", "due_on": soon}
        gates.decide(actor=who, project=project, gate_key="frame", **values)

    calls = [lambda w=w, v=v: decide(w, v) for w, v in zip((proof.sponsor, second), answers, strict=True)] * 2
    results = sorted(spelled(each) for each in at_once(world.app, calls, slow="FROM gate_decision"))
    refusals = {"NotPossible gate_decided_already", "NotPossible project_has_ended"}
    assert (results.count("NoneType"), set(results) - {"NoneType"} <= refusals) == (1, True), results
    assert db.session.scalar(select(func.count()).select_from(GateDecision)) == 1
    assert proof.states()[2:] == ["ahead", "ahead"]
    assert insight.mismatches() == []


def test_asking_and_deciding_at_once_leaves_one_gate_at_hand(proof: Proof) -> None:
    world, number, author, sponsor = proof.world, proof.number, proof.author, proof.sponsor

    def loaded() -> Project:
        project = projects.by_id(number)
        assert project is not None
        db.session.rollback()
        return project

    def ask() -> None:
        gates.ask(actor=author, project=loaded(), gate_key="frame")

    def decide() -> None:
        gates.decide(actor=sponsor, project=loaded(), gate_key="frame", seen=0, verdict=Verdict.PASS, reason="Yes.")

    asked, decided = at_once(world.app, [ask, decide], slow="FROM gate")
    assert decided is None
    assert asked is None or spelled(asked) == "NotPossible gate_decided_already"
    assert proof.states() == ["passed", "open", "ahead", "ahead"]
    assert proof.open_stages() == ["gate_build", "project_running"]


@pytest.mark.parametrize("verdict", ["pass", "stop", "hold"])
def test_reopening_and_the_next_decision_at_once_do_not_cross(proof: Proof, verdict: str) -> None:
    world, number, sponsor = proof.world, proof.number, proof.sponsor
    second = world.grant(world.person(), Role.SPONSOR, "challenge", proof.again().challenge_id)
    proof.decide("frame")
    soon = proof.soon()

    def loaded() -> Project:
        project = projects.by_id(number)
        assert project is not None
        db.session.rollback()
        return project

    def reopen() -> None:
        gates.reopen(actor=sponsor, project=loaded(), gate_key="frame", seen=1, reason="No.", due_on=soon)

    def decide() -> None:
        gates.decide(actor=second, project=loaded(), gate_key="build", seen=0, verdict=Verdict(verdict), reason="Yes.")

    results = [spelled(each) for each in at_once(world.app, [reopen, decide] * 2, slow="FROM gate")]
    assert results.count("NoneType") == 1, results
    ended = {"pass": ["passed", "passed", "open", "ahead"], "stop": ["passed", "stopped", "ahead", "ahead"]}
    held = ["passed", "held", "ahead", "ahead"]
    assert proof.states() in (["open", "ahead", "ahead", "ahead"], ended.get(verdict, held))
    assert insight.mismatches() == []
