"""Keeping a decision about a gate, and the day it is due again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.projects.models import Citation, Evidence, Gate, GateDecision, Project
from innovation.rules.gatekeeping import DecidesAs
from innovation.rules.processes import MOST_DAYS
from innovation.rules.project import Verdict

ANSWERED_AT = time(17)
"""The hour of the day, in the challenge's zone, by which a gate is due again."""


def record(
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
    """Add the next decision of a gate, inside a use case that holds the project's lock.

    Raises:
        Invalid: no reason is given.
    """
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


def later_day(project: Project, day: date | None, now: datetime, field: str = "due_on") -> datetime:
    """The instant by which a gate is due on a day.

    Raises:
        Invalid: the day is missing, past or too far away; ``field`` is where it is asked for.
    """
    if day is None:
        raise Invalid("due_missing", field=field)
    if day > (now + timedelta(days=MOST_DAYS)).date():
        raise Invalid("due_too_far", field=field)
    due = clock.to_utc(datetime.combine(day, ANSWERED_AT), project.challenge.zone)
    if due <= now:
        raise Invalid("due_in_the_past", field=field)
    return due
