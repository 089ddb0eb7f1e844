"""The keeper's side of a gate: decide it, and take a decision back by a new one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select

from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotNow, NotPossible, Refused
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.events import (
    GateAgain,
    GateClosed,
    GateHeld,
    GatePassed,
    GateReopened,
    GateStopped,
    ProjectPassed,
    ProjectReopened,
    ProjectStopped,
)
from innovation.projects.models import Evidence, Gate, Project
from innovation.projects.queries import gates as reading
from innovation.projects.service.gates.recording import later_day, record
from innovation.projects.service.gates.under_lock import after, gate_at_hand, gates_of
from innovation.projects.service.opening import open_gate, scope
from innovation.rules.policy import May
from innovation.rules.project import GATE, PROJECT, GateState, ProjectState, Verdict


@use_case(May.DECIDE_GATE, on="project")
def decide(
    *,
    actor: Actor,
    project: Project,
    gate_key: str,
    seen: int,
    verdict: Verdict,
    reason: str,
    evidence: Collection[int] = (),
    due_on: date | None = None,
    now: datetime = AT_LOCK,
) -> None:
    """Decide the gate at hand, with a reason: on to the next one, once more, on hold, or stop.

    The last gate passed is the proof. Lines of the checklist that are open forbid nothing: the reason says why not.

    Args:
        gate_key: the gate the decision was written for; another one may be at hand by now.
        seen: the number of the latest decision about it that the keeper knew of, 0 for none.
        evidence: the numbers of the project's pieces of evidence that the decision rests on.
        due_on: for ``again``, by when the gate is to be passed now.

    Raises:
        NotPossible: the project has ended, or somebody else decided meanwhile.
        NotNow: it is not this person's turn (yet).
        Invalid: the reason, the evidence to cite or the new day is missing or wrong.
    """
    gate = gate_at_hand(project, gate_key)
    last = reading.latest(gate)
    if (last.number if last else 0) != seen:
        raise NotPossible("gate_decided_already")
    decides_as = reading.acts_as(actor, project, gate, now)
    if decides_as is None:
        raise NotNow("not_your_turn")
    cited = _evidence(project, evidence)
    if verdict == Verdict.PASS and len(cited) < gate.evidence_needed:
        raise Invalid("evidence_missing", field="evidence", needed=gate.evidence_needed)
    record(actor, gate, last, verdict, reason, decides_as, now, cited=cited)
    where = scope(project)
    match verdict:
        case Verdict.PASS:
            gate.decided_at, gate.decided_by, gate.reason = now, actor.person_id, reason
            lifecycle.move(gate, GATE, "pass", GatePassed(gate=gate.key, **where), actor=actor, now=now)
            _go_on(actor, project, gate, now)
        case Verdict.STOP:
            gate.decided_at, gate.decided_by, gate.reason = now, actor.person_id, reason
            lifecycle.move(gate, GATE, "stop", GateStopped(gate=gate.key, **where), actor=actor, now=now)
            project.ended_at, project.lesson = now, reason
            lifecycle.move(project, PROJECT, "stop", ProjectStopped(**where), actor=actor, now=now)
        case Verdict.HOLD:
            lifecycle.move(gate, GATE, "hold", GateHeld(gate=gate.key, **where), actor=actor, now=now)
            gate.asked_at = gate.asked_by = None
        case Verdict.AGAIN:
            gate.due_at = later_day(project, due_on, now)
            lifecycle.move(gate, GATE, "again", GateAgain(gate=gate.key, **where), actor=actor, now=now)
            gate.asked_at = gate.asked_by = None
        case Verdict.REOPEN | Verdict.LATER:
            raise NotPossible("cannot_reopen", machine=GATE.name, state=gate.state)


@use_case(May.REOPEN_GATE, on="project")
def reopen(
    *,
    actor: Actor,
    project: Project,
    gate_key: str,
    seen: int,
    reason: str,
    due_on: date | None,
    now: datetime = AT_LOCK,
) -> None:
    """Take back that the last decided gate was passed or stopped, by a new decision; the old one stays in the history.

    The gate is open again with a new day, the one after it lies ahead again, and a project that had ended runs.

    Raises:
        NotPossible: the project moved on (the next gate waits for its decision or is on hold), was decided once more,
            or its outcome is settled.
        Refused: neither this gate's keeper nor the manager.
        Invalid: the reason or the new day is missing or wrong.
    """
    gates = gates_of(project)
    gate = reading.last_decided(gates)
    last = reading.latest(gate) if gate else None
    if gate is None or gate.key != gate_key or last is None or last.number != seen:
        raise NotPossible("not_the_last_decision")
    reopens_as = reading.reopens_as(actor, project, gate)
    if reopens_as is None:
        raise Refused("not_the_keeper")
    record(actor, gate, last, Verdict.REOPEN, reason, reopens_as, now, reopens=last)
    following = after(gates, gate)
    if following is not None and following.state != GateState.AHEAD:
        if following.state != GateState.OPEN:
            raise NotPossible("next_gate_is_pending")
        lifecycle.move(following, GATE, "close", GateClosed(gate=following.key, **scope(project)), actor=actor, now=now)
    if project.state != ProjectState.RUNNING:
        lifecycle.move(project, PROJECT, "reopen", ProjectReopened(**scope(project)), actor=actor, now=now)
        project.ended_at = project.settled_at = None
    if gate.state == GateState.STOPPED:
        project.lesson = ""  # it was the reason of the decision taken back, which keeps it
    gate.due_at = later_day(project, due_on, now)
    gate.asked_at = gate.asked_by = gate.decided_at = gate.decided_by = None
    gate.reason = ""
    lifecycle.move(gate, GATE, "reopen", GateReopened(gate=gate.key, **scope(project)), actor=actor, now=now)


def _go_on(actor: Actor, project: Project, gate: Gate, now: datetime) -> None:
    following = after(gates_of(project), gate)
    if following is not None:
        open_gate(following, actor=actor, now=now)
        return
    project.ended_at = now
    lifecycle.move(project, PROJECT, "pass", ProjectPassed(**scope(project)), actor=actor, now=now)


def _evidence(project: Project, numbers: Collection[int]) -> Sequence[Evidence]:
    wanted = set(numbers)
    found = db.session.scalars(
        select(Evidence).where(Evidence.project_id == project.id, Evidence.number.in_(wanted)).order_by(Evidence.number)
    ).all()
    if len(found) != len(wanted):
        raise Invalid("no_such_evidence", field="evidence")
    return found
