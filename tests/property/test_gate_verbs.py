"""Gates under any order of asking, deciding and taking back: one gate at hand, figures that add up, a state that fits."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import func, select

from innovation.insight import queries as insight
from innovation.kernel import clock
from innovation.kernel.db import db
from innovation.kernel.lifecycle import Passage
from innovation.projects import queries as projects
from innovation.projects.models import Gate, GateDecision, Project
from innovation.projects.queries import gates as reading
from innovation.projects.service import gates
from innovation.projects.service.plan_lock import plan_locked
from innovation.rules.project import AT_THE_GATE, GateState, ProjectState, Verdict
from tests.conftest import House
from tests.support.life import HouseMachine, live

KEYS = st.sampled_from(["frame", "build", "test", "decide"])
AT_HAND = st.booleans()
"""Three verbs of four are about the gate they can be about; the others are to be refused."""


class Gatekeeping(HouseMachine):
    """A team, two sponsors and a manager."""

    def __init__(self) -> None:
        super().__init__()
        self.author = self.world.person("Author")
        self.number = self.world.project(self.author).id
        self.sponsor = self.world.sponsor_of(self.project().challenge)
        self.told: list[tuple[int, int, str]] = []

    def project(self) -> Project:
        self.world.anew()
        found = projects.by_id(self.number)
        assert found is not None
        return found

    def act(self, verb: Any, **values: Any) -> None:
        self.tries(lambda: verb(project=self.project(), **values))

    def key(self, other: str, at_hand: bool) -> str:
        gate = reading.at_hand(self.project())
        return gate.key if gate and at_hand else other

    def seen(self, key: str) -> int:
        gate = next(gate for gate in self.project().gates if gate.key == key)
        last = reading.latest(gate)
        return last.number if last else 0

    def later(self) -> Any:
        return clock.now().date().replace(year=clock.now().year + 1, day=1)

    @rule(key=KEYS, at_hand=AT_HAND, back=st.booleans())
    def ask(self, key: str, at_hand: bool, back: bool) -> None:
        self.act(gates.unask if back else gates.ask, actor=self.author, gate_key=self.key(key, at_hand))

    @rule(key=KEYS, at_hand=st.sampled_from([True, True, True, False]), verdict=st.sampled_from([*Verdict, "pass", "pass"]))
    def decide(self, key: str, at_hand: bool, verdict: str) -> None:
        key = self.key(key, at_hand)
        values: dict[str, Any] = {"gate_key": key, "seen": self.seen(key), "verdict": Verdict(verdict)}
        self.act(gates.decide, actor=self.sponsor, reason="So it is.", due_on=self.later(), **values)

    @rule(manager=st.booleans(), key=KEYS, last=st.sampled_from([True, True, False]))
    def reopen(self, manager: bool, key: str, last: bool) -> None:
        gate = reading.last_decided(self.project().gates)
        key = gate.key if gate and last else key
        who = self.world.manager if manager else self.sponsor
        self.act(gates.reopen, actor=who, gate_key=key, seen=self.seen(key), reason="No.", due_on=self.later())

    @invariant()
    def at_most_one_gate_is_at_hand_and_those_before_it_are_passed(self) -> None:
        project = self.project()
        states = [str(gate.state) for gate in project.gates]
        here = [place for place, state in enumerate(states) if state in AT_THE_GATE]
        ended = [place for place, state in enumerate(states) if state == GateState.STOPPED]
        assert len(here) + len(ended) <= 1
        turn = (here or ended or [len(states)])[0]
        assert states[:turn] == [GateState.PASSED] * turn
        assert set(states[turn + 1 :]) <= {GateState.AHEAD}
        expected = ProjectState.RUNNING if here else ProjectState.STOPPED if ended else ProjectState.PASSED
        assert (project.state, project.ended_at is None) == (expected, bool(here))

    @invariant()
    def a_gates_columns_say_what_its_newest_decision_said(self) -> None:
        for gate in self.project().gates:
            last = reading.latest(gate)
            closed = gate.state in {GateState.PASSED, GateState.STOPPED}
            assert (gate.decided_at is not None, bool(gate.reason)) == (closed, closed)
            assert (gate.asked_at is not None) <= (gate.state == GateState.ASKED or closed)
            if closed:
                assert last is not None
                assert (gate.reason, gate.decided_by) == (last.reason, last.decided_by)
                assert last.verdict == (Verdict.PASS if gate.state == GateState.PASSED else Verdict.STOP)
        assert plan_locked(self.project()) == any(gate.state == GateState.ASKED for gate in self.project().gates)

    @invariant()
    def decisions_are_only_added_and_numbered_without_a_gap(self) -> None:
        rows = db.session.scalars(select(GateDecision).order_by(GateDecision.id)).all()
        now = [(row.gate_id, row.number, str(row.verdict)) for row in rows]
        assert now[: len(self.told)] == self.told
        self.told = now
        for gate_id in {row[0] for row in now}:
            numbers = [number for gate, number, _verdict in now if gate == gate_id]
            assert numbers == list(range(1, len(numbers) + 1))
        taken_back = [row.reopens for row in rows if row.verdict == Verdict.REOPEN]
        assert None not in taken_back
        assert len(taken_back) == len(set(taken_back))

    @invariant()
    def passages_reconcile(self) -> None:
        assert insight.mismatches() == []
        inside = db.session.execute(
            select(Passage.subject_kind, Passage.stage).where(
                Passage.left_at.is_(None), Passage.subject_kind.in_(["gate", "project"])
            )
        ).all()
        at_hand = db.session.scalars(select(Gate.key).where(Gate.state.in_(AT_THE_GATE))).all()
        expected = {("project", f"project_{self.project().state}")} | {("gate", f"gate_{key}") for key in at_hand}
        assert (len(inside), {(row[0], row[1]) for row in inside}) == (len(expected), expected)
        entered = db.session.execute(
            select(Passage.stage, func.count(), func.count(Passage.left_at))
            .where(Passage.subject_kind.in_(["gate", "project"]))
            .group_by(Passage.stage)
        ).all()
        for stage, count, left in entered:
            assert count == left + sum(row[1] == stage for row in inside)
        db.session.rollback()


def test_gates_keep_their_promises_in_any_order_of_verbs(sqlite_house: House) -> None:
    live(Gatekeeping, sqlite_house, steps=30)
