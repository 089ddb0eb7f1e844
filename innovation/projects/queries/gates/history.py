"""How a project's gates were decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.kernel.actor import VISITOR, Actor
from innovation.kernel.db import db
from innovation.people.models import Person
from innovation.projects.models import Citation, Evidence, Gate, GateDecision, Project


@dataclass(frozen=True, slots=True)
class Told:
    """One decision as it is told: of which gate, by whom (``sponsor``: by one who withholds his name), and the evidence it
    cites."""

    decision: GateDecision
    gate: Gate
    name: str | None
    cited: tuple[Evidence, ...]
    sponsor: bool = False


def latest(gate: Gate) -> GateDecision | None:
    """The newest decision about a gate."""
    return db.session.scalars(
        select(GateDecision).where(GateDecision.gate_id == gate.id).order_by(GateDecision.number.desc()).limit(1)
    ).one_or_none()


def decisions(project: Project, limit: int = 60, actor: Actor = VISITOR) -> Sequence[Told]:
    """How a project's gates were decided, the newest first, as this person may read it."""
    kept = challenges.withheld_in(actor, project.challenge_id)
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
        Told(
            decision,
            gates[decision.gate_id],
            None if erased or decision.decided_by in kept else name,
            tuple(cited.get(decision.id, ())),
            decision.decided_by in kept,
        )
        for decision, name, erased in rows
    ]
