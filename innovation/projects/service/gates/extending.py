"""A gate that nobody decides by its day gets a later one, with a reason that everybody who sees the project reads."""

from __future__ import annotations

from datetime import date, datetime

from innovation.kernel.actor import Actor
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.events import GateExtended
from innovation.projects.models import Project
from innovation.projects.queries import gates as reading
from innovation.projects.service.gates.recording import later_day, record
from innovation.projects.service.gates.under_lock import gate_at_hand
from innovation.projects.service.opening import scope
from innovation.rules.gatekeeping import DecidesAs
from innovation.rules.policy import May
from innovation.rules.project import GateState, Verdict


@use_case(May.EXTEND_GATE, on="project")
def extend(*, actor: Actor, project: Project, gate_key: str, day: date, reason: str, now: datetime = AT_LOCK) -> None:
    """Give the gate at hand a later day. The gates after it keep theirs.

    Args:
        reason: why; it stands among the gate's decisions.

    Raises:
        NotPossible: the project has ended, another gate is at hand, or this one waits for a decision the team asked for:
            then a day is not what is missing.
        Invalid: the day is not later than the present one, past or too far away, or no reason is given.
    """
    gate = gate_at_hand(project, gate_key)
    if gate.state != GateState.OPEN:
        raise NotPossible("gate_waits_for_decision")
    before, due = gate.due_at, later_day(project, day, now, field="day")
    if due <= before:
        raise Invalid("gate_only_later", field="day")
    decides_as = DecidesAs.KEEPER if reading.keeps(actor, project, gate) else DecidesAs.MANAGER
    record(actor, gate, reading.latest(gate), Verdict.LATER, reason, decides_as, now)
    gate.due_at = due
    fact = GateExtended(gate=gate.key, before=before.isoformat(), after=due.isoformat(), **scope(project))
    emit(fact, actor=actor, now=now)
