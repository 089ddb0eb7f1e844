"""Reading what a project is worth, and what was said to come of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from innovation.challenges import queries as challenges
from innovation.kernel.actor import VISITOR, Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.people.models import Person
from innovation.projects.models import LogEntry, Project, ValueClaim

SAID = (
    "ProjectAdopted",
    "ProjectIterated",
    "ProjectShelved",
    "ProjectUnsettled",
    "ProjectPassed",
    "ProjectStopped",
    "LessonWritten",
)
"""The facts that tell how a project came to its end, and what followed."""
MOST_CLAIMS = 60
MOST_SAID = 40


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said of a project's end: the fact's name, who and when, and the reason where it has one."""

    fact: str
    name: str | None
    at: datetime
    reason: str


def claims(project: Project) -> dict[str, list[ValueClaim]]:
    """What a project was said to be worth, by kind, the newest first, with who said it."""
    rows = db.session.scalars(
        select(ValueClaim)
        .options(joinedload(ValueClaim.person))
        .where(ValueClaim.project_id == project.id)
        .order_by(ValueClaim.said_at.desc(), ValueClaim.id.desc())
        .limit(MOST_CLAIMS)
    )
    found: dict[str, list[ValueClaim]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    return found


def said(project: Project, actor: Actor = VISITOR) -> Sequence[Said]:
    """What was said of a project's end, the latest first, as this person may read it."""
    kept = challenges.withheld_in(actor, project.challenge_id)
    rows = db.session.execute(
        select(Event.name, Event.payload, Event.occurred_at, Person.name, Person.erased_at, Event.actor_id)
        .outerjoin(Person, Person.id == Event.actor_id)
        .where(Event.project_id == project.id, Event.name.in_(SAID))
        .order_by(Event.id.desc())
        .limit(MOST_SAID)
    ).all()
    logged = [row.payload["log_id"] for row in rows if "log_id" in row.payload]
    found = db.session.execute(select(LogEntry.id, LogEntry.reason).where(LogEntry.id.in_(logged))).all()
    reasons = {row.id: row.reason for row in found}
    return [
        Said(
            row[0],
            row[3] if row[4] is None and row[5] not in kept else None,
            row[2],
            reasons.get(row[1].get("log_id", 0), ""),
        )
        for row in rows
    ]
