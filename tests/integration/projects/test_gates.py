"""A project's gates: in order, each decided once, and never by somebody who works on it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.kernel.actor import VISITOR, Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.lifecycle import Passage
from innovation.projects import queries as projects
from innovation.projects.models import Milestone, Project, Update
from innovation.projects.service import running
from innovation.rules.predicates import Role
from innovation.rules.project import PROOF_DAYS, SIX_WEEKS
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World

KEYS = [key for key, _day in SIX_WEEKS]


class Proof:
    """A project, its author as the leader, and its sponsor as the gatekeeper."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.author = world.person("Author")
        self.number = world.project(self.author).id
        self.sponsor = world.sponsor_of(self.again().challenge)

    def again(self) -> Project:
        self.world.anew()
        found = projects.by_id(self.number)
        assert found is not None
        return found

    def decide(self, key: str, passed: bool = True, who: Actor | None = None, reason: str = "It holds.") -> str:
        row = self.again()
        values: dict[str, Any] = {"gate_key": key, "passed": passed, "reason": reason}
        return answer(lambda: running.decide_gate(actor=who or self.sponsor, project=row, **values))

    def states(self) -> list[str]:
        return [gate.state for gate in self.again().gates]


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


@pytest.mark.parametrize("answers", [(True, True), (True, False), (False, False)])
def test_two_people_who_decide_at_once_decide_once(proof: Proof, answers: tuple[bool, bool]) -> None:
    world, number = proof.world, proof.number
    manager = world.manager
    world.anew()

    def decide(who: Actor, passed: bool) -> None:
        project = projects.by_id(number)
        assert project is not None
        db.session.rollback()
        running.decide_gate(actor=who, project=project, gate_key="frame", passed=passed, reason=f"By {who.name}.")

    calls = [lambda w=w, p=p: decide(w, p) for w, p in zip((proof.sponsor, manager), answers, strict=True)] * 2
    results = sorted(spelled(each) for each in at_once(world.app, calls))
    refusals = {"NotPossible gate_decided_already", "NotPossible project_has_ended"}
    assert (results.count("NoneType"), set(results) - {"NoneType"} <= refusals) == (1, True)
    names = ["GatePassed", "GateStopped"]
    assert db.session.scalar(select(func.count()).select_from(Event).where(Event.name.in_(names))) == 1
    assert proof.states()[2:] == ["ahead", "ahead"]


def test_a_project_that_stops_keeps_its_lesson(proof: Proof) -> None:
    proof.decide("frame")
    assert proof.decide("build", passed=False, reason="The foam came back.") == "done"
    project = proof.again()
    assert (project.state, project.lesson, project.ended_at is not None) == ("stopped", "The foam came back.", True)
    assert proof.states() == ["passed", "stopped", "ahead", "ahead"]
    open_stages = db.session.scalars(
        select(Passage.stage).where(Passage.left_at.is_(None), Passage.subject_kind.in_(["project", "gate"]))
    ).all()
    assert open_stages == ["project_stopped"]


def test_a_decision_keeps_who_took_it_when_and_why(proof: Proof) -> None:
    proof.decide("frame", reason="The measure is clear.")
    gate = proof.again().gates[0]
    assert (gate.decided_by, gate.reason, gate.decided_at is not None) == (
        proof.sponsor.person_id,
        "The measure is clear.",
        True,
    )


# --- who -----------------------------------------------------------------------------------------------------------


def test_only_sponsor_and_manager_keep_a_gate(proof: Proof) -> None:
    world = proof.world
    panel = world.grant(world.person(), Role.PANEL, "challenge", proof.again().challenge_id)
    watchers = [world.person(), panel, proof.author, world.grant(world.person(), Role.ADMINISTRATOR)]
    assert [proof.decide("frame", who=who) for who in watchers] == ["Refused decide_gate"] * 4
    assert proof.decide("frame", who=world.manager) == "done"


def test_a_team_member_does_not_keep_the_gate_whatever_else_he_is(world: World) -> None:
    manager = world.grant(world.person("Author"), Role.MANAGER)
    author_is_manager = Proof.__new__(Proof)
    author_is_manager.world, author_is_manager.author = world, manager
    author_is_manager.number = world.project(manager).id
    author_is_manager.sponsor = world.sponsor_of(author_is_manager.again().challenge)
    assert author_is_manager.decide("frame", who=manager) == "Refused decide_gate"

    proof, email = author_is_manager, f"{author_is_manager.sponsor.name}@example.org"
    running.add_member(actor=world.manager, project=proof.again(), email=email, task="Steam")
    assert proof.decide("frame", who=proof.sponsor) == "Refused decide_gate"
    assert proof.decide("frame", who=world.manager) == "done"


def test_the_door_refuses_a_team_member(proof: Proof) -> None:
    path = f"/projects/{proof.again().public_id}/gate"
    form = {"gate": "frame", "decision": "pass", "reason": "We are great."}
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


def test_an_address_of_the_work_is_a_web_address(proof: Proof) -> None:
    browser, path = proof.world.browser(proof.author), f"/projects/{proof.again().public_id}/edit"
    for address in ("javascript:alert(1)", "data:text/html,x", "//evil.example", "ftp://x", "not one"):
        assert browser.post(path, {"title": "T", "goal": "G", "work_url": address}).status_code == 422
    assert proof.again().work_url == ""


# --- what a team writes --------------------------------------------------------------------------------------------


def test_a_double_click_makes_one_update_one_milestone_and_one_member(proof: Proof) -> None:
    world = proof.world
    world.person("Helper")
    browser, path = world.browser(proof.author), f"/projects/{proof.again().public_id}"
    forms: dict[str, dict[str, str]] = {
        "updates": {"status": "on_track", "text": "Going well."},
        "milestones": {"title": "A pump", "due_on": "2027-01-31", "owner": ""},
        "members": {"email": "helper@example.org", "task": "Pumps"},
    }
    for ending, form in forms.items():
        answers = [browser.post(f"{path}/{ending}", form | {"once": ending * 3}).status_code for _ in range(2)]
        assert answers == [303, 303]
    made = [db.session.scalar(select(func.count()).select_from(model)) for model in (Update, Milestone)]
    assert (made, len(proof.again().members)) == ([1, 1], 2)


def test_a_milestone_is_done_and_not_done_after_all(proof: Proof) -> None:
    running.add_milestone(actor=proof.author, project=proof.again(), title="A pump", due_on=date(2027, 1, 31), owner="")
    browser, path = proof.world.browser(proof.author), f"/projects/{proof.again().public_id}/milestones"
    seen = []
    for value in ("done", "done", "open"):
        assert browser.post(f"{path}/1", {"value": value}).status_code == 303
        row = db.session.scalars(select(Milestone)).one()
        seen.append((row.done_by, row.done_at is not None))
    assert seen == [(proof.author.person_id, True)] * 2 + [(None, False)]
    assert [browser.post(f"{path}/{number}", {"value": "done"}).status_code for number in (0, 2, 10**30)] == [422] * 3


def test_an_ended_project_takes_no_new_plans(proof: Proof) -> None:
    proof.decide("frame", passed=False)
    later = {"title": "T", "due_on": date(2027, 1, 31), "owner": ""}
    said = [
        answer(lambda: running.describe(actor=proof.author, project=proof.again(), title="T", goal="G", work_url="")),
        answer(lambda: running.add_milestone(actor=proof.author, project=proof.again(), **later)),
    ]
    assert said == ["NotPossible project_has_ended"] * 2


def test_only_the_lead_takes_people_in(proof: Proof) -> None:
    world = proof.world
    helper = world.person("Helper")
    world.person("Third")
    running.add_member(actor=proof.author, project=proof.again(), email="helper@example.org", task="")
    said = [
        answer(lambda w=who, e=email: running.add_member(actor=w, project=proof.again(), email=e, task=""))
        for who, email in (
            (helper, "third@example.org"),
            (world.person(), "third@example.org"),
            (proof.author, "nobody@example.org"),
            (proof.author, "helper@example.org"),
            (proof.author, "third@example.org"),
        )
    ]
    assert said == [
        "Refused lead_project",
        "Refused lead_project",
        "Invalid nobody_has_this_address",
        "Invalid member_already",
        "done",
    ]
