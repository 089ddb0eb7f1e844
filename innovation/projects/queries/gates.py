"""Reading gates: where a project stands, whose turn it is, and how its gates were decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal, or_, select
from sqlalchemy.orm import joinedload

from innovation.challenges import queries as challenges
from innovation.ideas.models import Author
from innovation.kernel.actor import Actor
from innovation.kernel.db import UtcDateTime, db
from innovation.kernel.usecase import roles
from innovation.people import queries as people
from innovation.people.models import GrantRow, Person
from innovation.projects.models import Check, Citation, Evidence, Gate, GateDecision, Member, Project
from innovation.projects.queries import visible
from innovation.rules.gatekeeping import MOST_ANSWER_DAYS, DecidesAs, Turn
from innovation.rules.predicates import Role
from innovation.rules.project import AT_THE_GATE, GateState, ProjectState

WAITING = (GateState.OPEN, GateState.ASKED)
"""A gate in one of these waits for its keeper; one on hold waits for what it was put on hold for."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Who has to act at a gate.

    Attributes:
        keepers: the names of its keepers outside the team; empty where there is none.
        deputy: the deputy's name, empty without one.
        deputy_now: whether the deputy may act.
        manager_now: whether the manager may act in the keeper's place.
    """

    turn: Turn
    keepers: tuple[str, ...]
    deputy: str
    deputy_now: bool
    manager_now: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One decision as it is told: of which gate, by whom, and the evidence it cites."""

    decision: GateDecision
    gate: Gate
    name: str | None
    cited: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a project stands among its gates, for one reader.

    Attributes:
        gate: the gate at hand; None once the project has ended.
        evidence: how many pieces of evidence the project has.
        acts_as: in which capacity the reader may decide now; None when it is not his turn.
        decisions: every decision so far, the newest first.
        reopens: the gate whose decision the reader may take back.
    """

    gate: Gate | None
    checks: Sequence[Check]
    evidence: int
    duty: Duty | None
    acts_as: DecidesAs | None
    decisions: Sequence[Told]
    reopens: Gate | None

    @property
    def seen(self) -> int:
        """The number of the latest decision about the gate at hand, 0 for none."""
        return next((told.decision.number for told in self.decisions if told.gate is self.gate), 0)

    @property
    def open_checks(self) -> int:
        """How many lines of the checklist are not ticked."""
        return sum(check.done_at is None for check in self.checks)


def standing(actor: Actor, project: Project, now: datetime) -> Standing:
    """Where a project stands, what it still needs and how it came there: eight queries at most."""
    gate = at_hand(project)
    told = decisions(project)
    duty = duties([(gate, project)], now)[gate.id] if gate else None
    return Standing(
        gate=gate,
        checks=checks(gate) if gate else (),
        evidence=evidence_count(project),
        duty=duty,
        acts_as=_acts_as(actor, project, gate, duty.turn, now) if gate and duty else None,
        decisions=told,
        reopens=_reopens(actor, project),
    )


def at_hand(project: Project) -> Gate | None:
    """The gate that a project stands at."""
    return next((gate for gate in project.gates if gate.state in AT_THE_GATE), None)


def last_decided(gates: Iterable[Gate]) -> Gate | None:
    """The last gate that was passed or stopped: the only one that can be reopened."""
    ended = [gate for gate in gates if gate.state in {GateState.PASSED, GateState.STOPPED}]
    return max(ended, key=lambda gate: gate.position, default=None)


def acts_as(actor: Actor, project: Project, gate: Gate, now: datetime) -> DecidesAs | None:
    """In which capacity somebody may decide a gate now; None when it is not his turn."""
    keepers = _keepers([project.id]).get((project.id, gate.keeper), ())
    return _acts_as(actor, project, gate, _turn(gate, keepers), now)


def keeps(actor: Actor, project: Project, gate: Gate) -> bool:
    """Whether somebody is a keeper of this gate, whatever the day."""
    return actor.is_house or Role(gate.keeper) in roles(actor, project)


def reopens_as(actor: Actor, project: Project, gate: Gate) -> DecidesAs | None:
    """In which capacity somebody may take a gate's decision back: its keeper and the manager may, on any day."""
    if keeps(actor, project, gate):
        return DecidesAs.KEEPER
    return DecidesAs.MANAGER if Role.MANAGER in roles(actor, project) else None


def _acts_as(actor: Actor, project: Project, gate: Gate, turn: Turn, now: datetime) -> DecidesAs | None:
    if actor.is_house:
        return DecidesAs.KEEPER
    mine = roles(actor, project)
    if mine & {Role.TEAM, Role.LEAD, Role.AUTHOR}:
        return None
    is_deputy = actor.person_id is not None and gate.deputy_id == actor.person_id
    return turn.decides_as(mine, is_deputy=is_deputy, now=now)


def _reopens(actor: Actor, project: Project) -> Gate | None:
    gate = last_decided(project.gates)
    if gate is None or roles(actor, project) & {Role.TEAM, Role.LEAD, Role.AUTHOR}:
        return None
    following = next((each for each in project.gates if each.position == gate.position + 1), None)
    moved_on = following is not None and following.state not in {GateState.AHEAD, GateState.OPEN}
    settled = project.state in {ProjectState.ADOPTED, ProjectState.ITERATED}
    return gate if reopens_as(actor, project, gate) and not moved_on and not settled else None


def checks(gate: Gate) -> Sequence[Check]:
    """A gate's checklist."""
    return db.session.scalars(select(Check).where(Check.gate_id == gate.id).order_by(Check.position)).all()


def evidence_count(project: Project) -> int:
    """How many pieces of evidence a project has: rows are only added, so the last number says it."""
    return db.session.scalar(select(func.max(Evidence.number)).where(Evidence.project_id == project.id)) or 0


def latest(gate: Gate) -> GateDecision | None:
    """The newest decision about a gate."""
    return db.session.scalars(
        select(GateDecision).where(GateDecision.gate_id == gate.id).order_by(GateDecision.number.desc()).limit(1)
    ).one_or_none()


def decisions(project: Project, limit: int = 60) -> Sequence[Told]:
    """How a project's gates were decided, the newest first."""
    gates = {gate.id: gate for gate in project.gates}
    rows = db.session.execute(
        select(GateDecision, Person.name, Person.erased_at)
        .outerjoin(Person, Person.id == GateDecision.decided_by)
        .where(GateDecision.gate_id.in_(gates))
        .order_by(GateDecision.id.desc())
        .limit(limit)
    ).all()
    cited: dict[int, list[Evidence]] = {}
    for decision_id, evidence in db.session.execute(
        select(Citation.decision_id, Evidence)
        .join(Evidence, Evidence.id == Citation.evidence_id)
        .where(Citation.decision_id.in_([row[0].id for row in rows]))
        .order_by(Evidence.number)
    ):
        cited.setdefault(decision_id, []).append(evidence)
    return [
        Told(decision, gates[decision.gate_id], None if erased else name, tuple(cited.get(decision.id, ())))
        for decision, name, erased in rows
    ]


# --- lists -----------------------------------------------------------------------------------------------------------


def to_decide(actor: Actor, now: datetime, limit: int = 10) -> Sequence[Gate]:
    """Gates this person may decide now, the earliest due first: as keeper, or in his place when that day has come."""
    if actor.person_id is None:
        return []
    managed = challenges.manages(actor, Project.programme_id)
    sponsored = actor.scopes(Role.SPONSOR, "challenge")
    turns = (
        and_(Gate.keeper == "sponsor", Project.challenge_id.in_(sponsored) if sponsored else false()),
        and_(Gate.keeper == "manager", managed),
        and_(Gate.deputy_id == actor.person_id, _waited(1, now)),
        and_(Gate.keeper == "sponsor", managed, or_(_waited(2, now), ~_sponsor_outside())),
    )
    return db.session.scalars(
        select(Gate)
        .join(Gate.project)
        .join(Project.challenge)
        .options(joinedload(Gate.project))
        .where(
            Gate.state.in_(WAITING),
            Project.state == ProjectState.RUNNING,
            visible(actor),
            ~_on_the_team(literal(actor.person_id)),
            or_(*turns),
        )
        .order_by(Gate.due_at, Gate.id)
        .limit(limit)
    ).all()


def late(actor: Actor, now: datetime, limit: int = 10) -> Sequence[Gate]:
    """Gates past their day, or past the day of their answer, in projects this person may see."""
    return db.session.scalars(
        select(Gate)
        .join(Gate.project)
        .join(Project.challenge)
        .options(joinedload(Gate.project))
        .where(
            Gate.state.in_(WAITING),
            Project.state == ProjectState.RUNNING,
            or_(Gate.due_at < now, and_(Gate.state == GateState.ASKED, _waited(1, now))),
            visible(actor),
        )
        .order_by(Gate.due_at, Gate.id)
        .limit(limit)
    ).all()


def duties(gates: Iterable[tuple[Gate, Project]], now: datetime) -> Mapping[int, Duty]:
    """Who has to act, by gate id; two queries for any number of gates."""
    pairs = list(gates)
    keepers = _keepers([project.id for _gate, project in pairs])
    names = people.names(gate.deputy_id for gate, _project in pairs if gate.deputy_id is not None)
    found = {}
    for gate, project in pairs:
        there = keepers.get((project.id, gate.keeper), ())
        turn = _turn(gate, there)
        found[gate.id] = Duty(
            turn,
            there,
            names.get(gate.deputy_id, "") if gate.deputy_id is not None else "",
            now >= turn.answer_by,
            gate.keeper != "manager" and (now >= turn.manager_from or not there),
        )
    return found


def _turn(gate: Gate, keepers: Sequence[str]) -> Turn:
    return Turn(
        keeper=gate.keeper,
        keeper_there=bool(keepers),
        asked_at=gate.asked_at if gate.state == GateState.ASKED else None,
        due_at=gate.due_at,
        answer_days=gate.answer_days,
    )


def _waited(times: int, now: datetime) -> ColumnElement[bool]:
    """The promised days of a gate's answer have gone by so many times; the same as ``Turn`` says it, in SQL."""
    since = case((Gate.state == GateState.ASKED, Gate.asked_at), else_=Gate.due_at)
    # Days times an interval is written differently in every database; a table of the possible ones is not.
    limits = {days: literal(now - timedelta(days=times * days), UtcDateTime) for days in range(1, MOST_ANSWER_DAYS + 1)}
    return since <= case(limits, value=Gate.answer_days)


def _on_the_team(person_id: Any) -> ColumnElement[bool]:
    """Somebody works in the project, or is an author of its idea."""
    return or_(
        exists().where(Member.project_id == Project.id, Member.person_id == person_id, Member.accepted_at.is_not(None)),
        exists().where(Author.idea_id == Project.idea_id, Author.person_id == person_id, Author.accepted_at.is_not(None)),
    )


def _sponsor_outside() -> ColumnElement[bool]:
    """A sponsor of the project's challenge stands outside its team."""
    return exists().where(
        GrantRow.role == Role.SPONSOR,
        GrantRow.scope == "challenge",
        GrantRow.scope_id == Project.challenge_id,
        GrantRow.valid_to.is_(None),
        ~_on_the_team(GrantRow.person_id),
    )


def _keepers(project_ids: Sequence[int]) -> dict[tuple[int, str], tuple[str, ...]]:
    """Names of those who keep gates and stand outside the team, by (project id, role)."""
    if not project_ids:
        return {}
    of_challenge = and_(
        GrantRow.role == Role.SPONSOR, GrantRow.scope == "challenge", GrantRow.scope_id == Project.challenge_id
    )
    of_programme = and_(
        GrantRow.role == Role.MANAGER,
        or_(GrantRow.scope == "host", and_(GrantRow.scope == "programme", GrantRow.scope_id == Project.programme_id)),
    )
    rows = db.session.execute(
        select(Project.id, GrantRow.role, Person.name)
        .join(GrantRow, or_(of_challenge, of_programme))
        .join(Person, Person.id == GrantRow.person_id)
        .where(Project.id.in_(project_ids), GrantRow.valid_to.is_(None), ~_on_the_team(GrantRow.person_id))
        .order_by(GrantRow.id)
    )
    found: dict[tuple[int, str], tuple[str, ...]] = {}
    for project_id, role, name in rows:
        names = found.get((project_id, str(role)), ())
        found[project_id, str(role)] = names if name in names else (*names, name)
    return found
