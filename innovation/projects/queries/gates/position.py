"""Where a project stands among its gates, and what it still needs there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.projects.models import Check, Evidence, Gate, Project
from innovation.projects.queries.gates.acting import acts_in_turn, reopenable
from innovation.projects.queries.gates.history import Told, decisions
from innovation.projects.queries.gates.turns import Duty, duties
from innovation.rules.gatekeeping import DecidesAs
from innovation.rules.project import AT_THE_GATE


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
    told = decisions(project, actor=actor)
    duty = duties([(gate, project)], now, actor)[gate.id] if gate else None
    return Standing(
        gate=gate,
        checks=checks(gate) if gate else (),
        evidence=evidence_count(project),
        duty=duty,
        acts_as=acts_in_turn(actor, project, gate, duty.turn, now) if gate and duty else None,
        decisions=told,
        reopens=reopenable(actor, project),
    )


def at_hand(project: Project) -> Gate | None:
    """The gate that a project stands at."""
    return next((gate for gate in project.gates if gate.state in AT_THE_GATE), None)


def checks(gate: Gate) -> Sequence[Check]:
    """A gate's checklist."""
    return db.session.scalars(select(Check).where(Check.gate_id == gate.id).order_by(Check.position)).all()


def evidence_count(project: Project) -> int:
    """How many pieces of evidence a project has: rows are only added, so the last number says it."""
    return db.session.scalar(select(func.max(Evidence.number)).where(Evidence.project_id == project.id)) or 0
