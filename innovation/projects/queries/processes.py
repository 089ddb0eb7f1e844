"""Reading processes: what a programme's next project is run by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from innovation.kernel.db import db
from innovation.people.models import Person
from innovation.projects.models import Process
from innovation.rules.processes import DEFAULT, READY_MADE, Plan, from_json


@dataclass(frozen=True, slots=True)
class Chosen:
    """A programme's process, and who chose it when; both None while nobody has."""

    plan: Plan
    made_by: str | None
    made_at: datetime | None

    @property
    def version(self) -> int:
        """The number of the programme's version; 0 while it has none of its own."""
        return self.plan.version if self.made_at else 0


def plan_of(programme_id: int) -> Plan:
    """The process that a project opened now gets: the programme's newest version, else the six-week proof."""
    row = db.session.scalars(
        select(Process).where(Process.programme_id == programme_id).order_by(Process.version.desc()).limit(1)
    ).one_or_none()
    return _plan(row) if row else READY_MADE[DEFAULT]


def chosen(programme_id: int) -> Chosen:
    """The process of a programme, for its page."""
    row = db.session.execute(
        select(Process, Person.name)
        .outerjoin(Person, Person.id == Process.made_by)
        .where(Process.programme_id == programme_id)
        .order_by(Process.version.desc())
        .limit(1)
    ).one_or_none()
    return Chosen(_plan(row[0]), row[1], row[0].made_at) if row else Chosen(READY_MADE[DEFAULT], None, None)


def _plan(row: Process) -> Plan:
    return Plan(key=row.key, version=row.version, steps=from_json(row.gates), title=row.title)
