"""Opening the project of a chosen idea; called by the announcement, inside its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from innovation.ideas.models import Idea
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.projects.events import GateOpened, ProjectOpened
from innovation.projects.models import Check, Gate, Member, Project
from innovation.projects.queries import processes
from innovation.rules.processes import Step
from innovation.rules.project import GATE, PROJECT


def open_project(*, actor: Actor, idea: Idea, author_ids: Sequence[int], now: datetime) -> Project:
    """Open the project of an idea: its programme's process as it is now, its authors as the team, the first one leading.

    Gates and their checklists are copies: a process that is changed later changes no running project.
    The unique key on the idea is the last wall: a second project of the same idea cannot be written.
    """
    plan = processes.plan_of(idea.challenge.programme_id)
    project = Project(
        idea=idea,
        challenge_id=idea.challenge_id,
        programme_id=idea.challenge.programme_id,
        title=idea.title,
        language=idea.language,
        visibility=idea.visibility,
        started_at=now,
        due_at=now + timedelta(days=plan.days),
        process_key=plan.key,
        process_version=plan.version,
        budget_minor=idea.requested_minor,
        currency=idea.challenge.currency,
    )
    project.members = [
        Member(person_id=person_id, role="lead" if position == 0 else "member", accepted_at=now)
        for position, person_id in enumerate(author_ids)
    ]
    project.gates = [_gate(position, step, now) for position, step in enumerate(plan.steps, start=1)]
    db.session.add(project)
    db.session.flush()
    lifecycle.begin(project, PROJECT, ProjectOpened(**scope(project)), actor=actor, now=now)
    open_gate(project.gates[0], actor=actor, now=now)
    return project


def _gate(position: int, step: Step, now: datetime) -> Gate:
    return Gate(
        position=position,
        key=step.key,
        title=step.title,
        purpose=step.purpose,
        keeper=step.keeper,
        evidence_needed=step.evidence,
        answer_days=step.answer_days,
        due_at=now + timedelta(days=step.day),
        checks=[Check(position=line, key=key, text=text) for line, (key, text) in enumerate(step.checks, start=1)],
    )


def open_gate(gate: Gate, *, actor: Actor, now: datetime) -> None:
    """Let a gate be the next one to pass."""
    lifecycle.move(gate, GATE, "open", GateOpened(gate=gate.key, **scope(gate.project)), actor=actor, now=now)


def scope(project: Project) -> dict[str, int]:
    """Where a project belongs, for its facts."""
    return {
        "programme_id": project.programme_id,
        "challenge_id": project.challenge_id,
        "idea_id": project.idea_id,
        "project_id": project.id,
    }
