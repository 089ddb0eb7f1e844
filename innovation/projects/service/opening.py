"""Opening the project of a chosen idea; called by the announcement, inside its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from innovation.ideas.models import Idea
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.projects.events import GateOpened, ProjectOpened
from innovation.projects.models import Gate, Member, Project
from innovation.rules.project import GATE, PROJECT, PROOF_DAYS, SIX_WEEKS


def open_project(*, actor: Actor, idea: Idea, author_ids: Sequence[int], now: datetime) -> Project:
    """Open the project of an idea: six weeks, four gates, its authors as the team, the first of them leading.

    The unique key on the idea is the last wall: a second project of the same idea cannot be written.
    """
    project = Project(
        idea_id=idea.id,
        challenge_id=idea.challenge_id,
        programme_id=idea.challenge.programme_id,
        title=idea.title,
        language=idea.language,
        visibility=idea.visibility,
        started_at=now,
        due_at=now + timedelta(days=PROOF_DAYS),
        budget_minor=idea.requested_minor,
        currency=idea.challenge.currency,
    )
    project.members = [
        Member(person_id=person_id, role="lead" if position == 0 else "member")
        for position, person_id in enumerate(author_ids)
    ]
    project.gates = [
        Gate(position=position, key=key, due_at=now + timedelta(days=day))
        for position, (key, day) in enumerate(SIX_WEEKS, start=1)
    ]
    db.session.add(project)
    db.session.flush()
    lifecycle.begin(project, PROJECT, ProjectOpened(**scope(project)), actor=actor, now=now)
    open_gate(project.gates[0], actor=actor, now=now)
    return project


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
