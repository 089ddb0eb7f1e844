"""Gates: the team ticks a checklist and asks, a keeper decides, and what was decided is taken back by a new decision.

Every verb reads the gates under the project's lock. A decision is a row that is only added; a gate's own columns say
how it stands now.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from innovation.kernel import clock, lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotNow, NotPossible, Refused
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, roles, use_case
from innovation.people import queries as people
from innovation.projects import queries as projects
from innovation.projects.events import (
    DeputyNamed,
    GateAgain,
    GateAsked,
    GateClosed,
    GateHeld,
    GatePassed,
    GateReopened,
    GateStopped,
    GateUnasked,
    ProjectPassed,
    ProjectReopened,
    ProjectStopped,
)
from innovation.projects.models import Check, Citation, Evidence, Gate, GateDecision, Project
from innovation.projects.queries import gates as reading
from innovation.projects.service.opening import open_gate, scope
from innovation.rules.gatekeeping import DecidesAs
from innovation.rules.policy import May
from innovation.rules.predicates import Role
from innovation.rules.processes import MOST_DAYS
from innovation.rules.project import AT_THE_GATE, GATE, PROJECT, GateState, ProjectState, Verdict

ANSWERED_AT = time(17)
"""The hour of the day, in the challenge's zone, by which a gate is due again."""


@use_case(May.WORK_ON_PROJECT, on="project")
def tick(*, actor: Actor, project: Project, gate_key: str, line: int, done: bool, now: datetime = AT_LOCK) -> None:
    """Tick a line of the checklist of the gate at hand, or untick it.

    Args:
        line: the line's place in the checklist, counted from 1.

    Raises:
        NotPossible: the gate is not at hand any more, or waits for its decision.
        Invalid: there is no such line.
    """
    gate = _at_hand(project, gate_key)
    if gate.state == GateState.ASKED:
        raise NotPossible("plan_is_locked")
    check = db.session.scalars(select(Check).where(Check.gate_id == gate.id, Check.position == line)).one_or_none()
    if check is None:
        raise Invalid("no_such_line")
    if done and check.done_at is None:
        check.done_at, check.done_by = now, actor.person_id
    elif not done:
        check.done_at = check.done_by = None


@use_case(May.WORK_ON_PROJECT, on="project")
def ask(*, actor: Actor, project: Project, gate_key: str, now: datetime = AT_LOCK) -> None:
    """Ask for the decision. The project's plan is locked until it is taken, or the request taken back."""
    gate = _at_hand(project, gate_key)
    gate.asked_at, gate.asked_by = now, actor.person_id
    lifecycle.move(gate, GATE, "ask", GateAsked(gate=gate.key, **scope(project)), actor=actor, now=now)


@use_case(May.WORK_ON_PROJECT, on="project")
def unask(*, actor: Actor, project: Project, gate_key: str, now: datetime = AT_LOCK) -> None:
    """Take the request back: the team has something to change first."""
    gate = _at_hand(project, gate_key)
    lifecycle.move(gate, GATE, "unask", GateUnasked(gate=gate.key, **scope(project)), actor=actor, now=now)
    gate.asked_at = gate.asked_by = None


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
    gate = _at_hand(project, gate_key)
    last = reading.latest(gate)
    if (last.number if last else 0) != seen:
        raise NotPossible("gate_decided_already")
    decides_as = reading.acts_as(actor, project, gate, now)
    if decides_as is None:
        raise NotNow("not_your_turn")
    cited = _evidence(project, evidence)
    if verdict == Verdict.PASS and len(cited) < gate.evidence_needed:
        raise Invalid("evidence_missing", field="evidence", needed=gate.evidence_needed)
    _record(actor, gate, last, verdict, reason, decides_as, now, cited=cited)
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
            gate.due_at = _due(project, due_on, now)
            lifecycle.move(gate, GATE, "again", GateAgain(gate=gate.key, **where), actor=actor, now=now)
            gate.asked_at = gate.asked_by = None
        case Verdict.REOPEN:
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
    gates = _gates(project)
    gate = reading.last_decided(gates)
    last = reading.latest(gate) if gate else None
    if gate is None or gate.key != gate_key or last is None or last.number != seen:
        raise NotPossible("not_the_last_decision")
    reopens_as = reading.reopens_as(actor, project, gate)
    if reopens_as is None:
        raise Refused("not_the_keeper")
    _record(actor, gate, last, Verdict.REOPEN, reason, reopens_as, now, reopens=last)
    following = _after(gates, gate)
    if following is not None and following.state != GateState.AHEAD:
        if following.state != GateState.OPEN:
            raise NotPossible("next_gate_is_pending")
        lifecycle.move(following, GATE, "close", GateClosed(gate=following.key, **scope(project)), actor=actor, now=now)
    if project.state != ProjectState.RUNNING:
        lifecycle.move(project, PROJECT, "reopen", ProjectReopened(**scope(project)), actor=actor, now=now)
        project.ended_at = project.settled_at = None
    if gate.state == GateState.STOPPED:
        project.lesson = ""  # it was the reason of the decision taken back, which keeps it
    gate.due_at = _due(project, due_on, now)
    gate.asked_at = gate.asked_by = gate.decided_at = gate.decided_by = None
    gate.reason = ""
    lifecycle.move(gate, GATE, "reopen", GateReopened(gate=gate.key, **scope(project)), actor=actor, now=now)


@use_case(May.DECIDE_GATE, on="project")
def name_deputy(
    *, actor: Actor, project: Project, gate_key: str, email: str, onward: bool = False, now: datetime = AT_LOCK
) -> None:
    """Name who may decide an undecided gate once its keeper's promised days are over.

    Args:
        email: the deputy's address; '' for nobody any more.
        onward: for the gates after this one too, as far as they have the same kind of keeper.

    Raises:
        Refused: only a keeper of the gate names a deputy.
        Invalid: nobody has this address, or he works in the project, or does not see it.
    """
    gates = _gates(project)
    gate = next((each for each in gates if each.key == gate_key and each.state not in _ENDED), None)
    if gate is None:
        raise NotPossible("gate_decided_already")
    if not reading.keeps(actor, project, gate):
        raise Refused("not_the_keeper")
    deputy = _deputy(project, email) if email else None
    for each in gates:
        same = each.position > gate.position and each.keeper == gate.keeper and each.state not in _ENDED
        if (each is gate or (onward and same)) and each.deputy_id != deputy:
            each.deputy_id = deputy
            emit(DeputyNamed(gate=each.key, person_id=deputy, **scope(project)), actor=actor, now=now)


_ENDED = frozenset({GateState.PASSED, GateState.STOPPED})


def _deputy(project: Project, email: str) -> int:
    person = people.by_email(email)
    if person is None:
        raise Invalid("nobody_has_this_address", field="email")
    deputy = people.actor(person.id)
    # Who does not see the project is not let in by being named: its readers were promised.
    if projects.get(deputy, project.public_id) is None:
        raise Invalid("deputy_cannot_see", field="email")
    if roles(deputy, project) & {Role.TEAM, Role.LEAD, Role.AUTHOR}:
        raise Invalid("deputy_on_the_team", field="email")
    return person.id


def _gates(project: Project) -> Sequence[Gate]:
    """The project's gates as they are under its lock, past what was loaded before it."""
    found = db.session.scalars(
        select(Gate).where(Gate.project_id == project.id).order_by(Gate.position).execution_options(populate_existing=True)
    ).all()
    for gate in found:
        gate.project = project
    return found


def _at_hand(project: Project, gate_key: str) -> Gate:
    if project.state != ProjectState.RUNNING:
        raise NotPossible("project_has_ended", state=project.state)
    gate = next((each for each in _gates(project) if each.state in AT_THE_GATE), None)
    if gate is None or gate.key != gate_key:
        raise NotPossible("gate_decided_already")
    return gate


def _after(gates: Sequence[Gate], gate: Gate) -> Gate | None:
    return next((each for each in gates if each.position == gate.position + 1), None)


def _go_on(actor: Actor, project: Project, gate: Gate, now: datetime) -> None:
    following = _after(_gates(project), gate)
    if following is not None:
        open_gate(following, actor=actor, now=now)
        return
    project.ended_at = now
    lifecycle.move(project, PROJECT, "pass", ProjectPassed(**scope(project)), actor=actor, now=now)


def _record(
    actor: Actor,
    gate: Gate,
    last: GateDecision | None,
    verdict: Verdict,
    reason: str,
    decides_as: DecidesAs,
    now: datetime,
    *,
    reopens: GateDecision | None = None,
    cited: Sequence[Evidence] = (),
) -> None:
    if not reason.strip():
        raise Invalid("reason_missing", field="reason")
    decision = GateDecision(
        gate_id=gate.id,
        number=last.number + 1 if last else 1,
        verdict=verdict,
        reason=reason,
        decided_by=actor.person_id,
        decided_as=decides_as,
        decided_at=now,
        reopens=reopens.id if reopens else None,
    )
    db.session.add(decision)
    db.session.flush()
    db.session.add_all(Citation(decision_id=decision.id, evidence_id=each.id) for each in cited)


def _evidence(project: Project, numbers: Collection[int]) -> Sequence[Evidence]:
    wanted = set(numbers)
    found = db.session.scalars(
        select(Evidence).where(Evidence.project_id == project.id, Evidence.number.in_(wanted)).order_by(Evidence.number)
    ).all()
    if len(found) != len(wanted):
        raise Invalid("no_such_evidence", field="evidence")
    return found


def _due(project: Project, day: date | None, now: datetime) -> datetime:
    if day is None:
        raise Invalid("due_missing", field="due_on")
    if day > (now + timedelta(days=MOST_DAYS)).date():
        raise Invalid("due_too_far", field="due_on")
    due = clock.to_utc(datetime.combine(day, ANSWERED_AT), project.challenge.zone)
    if due <= now:
        raise Invalid("due_in_the_past", field="due_on")
    return due
