"""A leaver's projects are led by his successor, who stands in at gates too, as far as nobody then judges his own work."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, forget_roles, load_locked, use_case
from innovation.people import queries as people
from innovation.people.events import DutyLeft, DutyPassed
from innovation.projects import queries as projects
from innovation.projects.events import DeputyNamed, LeadHandedOver
from innovation.projects.models import Member, Project
from innovation.projects.queries.leaving import DECIDED, led, stood_in, why_no_deputy, why_not_lead
from innovation.projects.service.opening import scope


@use_case(None)
def take_over(*, actor: Actor, person_id: int, successor_id: int, now: datetime = AT_LOCK) -> None:
    """Everything a leaver owns of projects; what he no longer owns is not given twice."""
    successor = people.actor(successor_id)
    for project_id in sorted({*led(person_id), *stood_in(person_id)}):
        project = load_locked(partial(projects.by_id, project_id))
        assert project is not None
        # Who stands in at a gate has no part in the work: the deputy's place is asked about before the lead's passes.
        _stand_in(actor, project, person_id, successor, now)
        _lead(actor, project, person_id, successor, now)


def _lead(actor: Actor, project: Project, person_id: int, successor: Actor, now: datetime) -> None:
    leaver = next((each for each in project.members if each.person_id == person_id and each.role == "lead"), None)
    if leaver is None:
        return
    assert successor.person_id is not None
    why = why_not_lead(successor, [project.id]).get(project.id)
    if why:
        _left(actor, project, person_id, successor, "lead", project.id, why, now)
        return
    heir = next((each for each in project.members if each.person_id == successor.person_id), None)
    if heir is None:
        heir = Member(project_id=project.id, person_id=successor.person_id, role="lead", task="")
        db.session.add(heir)
    heir.role, heir.accepted_at = "lead", heir.accepted_at or now
    leaver.role = "member"
    forget_roles(project)
    emit(LeadHandedOver(person_id=successor.person_id, **scope(project)), actor=actor, now=now)
    _passed(actor, project, person_id, successor, "lead", project.id, now)


def _stand_in(actor: Actor, project: Project, person_id: int, successor: Actor, now: datetime) -> None:
    assert successor.person_id is not None
    for gate in project.gates:
        if gate.deputy_id != person_id or gate.state in DECIDED:
            continue
        why = why_no_deputy(successor, [project.id]).get(project.id)
        if why:
            _left(actor, project, person_id, successor, "gate_deputy", gate.id, why, now)
            continue
        gate.deputy_id = successor.person_id
        emit(DeputyNamed(gate=gate.key, person_id=successor.person_id, **scope(project)), actor=actor, now=now)
        _passed(actor, project, person_id, successor, "gate_deputy", gate.id, now)


def _passed(
    actor: Actor, project: Project, person_id: int, successor: Actor, duty: str, subject_id: int, now: datetime
) -> None:
    assert successor.person_id is not None
    to = {"person_id": person_id, "successor_id": successor.person_id}
    emit(DutyPassed(duty=duty, subject_id=subject_id, **to, **scope(project)), actor=actor, now=now)


def _left(
    actor: Actor, project: Project, person_id: int, successor: Actor, duty: str, subject_id: int, why: str, now: datetime
) -> None:
    assert successor.person_id is not None
    to = {"person_id": person_id, "successor_id": successor.person_id}
    emit(DutyLeft(duty=duty, subject_id=subject_id, why=why, **to, **scope(project)), actor=actor, now=now)
