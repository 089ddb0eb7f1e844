"""Reading who opened a sealed idea: once per person and hour, in which role."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from innovation.challenges import queries as challenges
from innovation.ideas.events import IdeaOpenedWithReason
from innovation.ideas.models import Author, Idea, Opening
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import roles
from innovation.people.models import Person
from innovation.rules.predicates import Role

HOUR = timedelta(hours=1)
ROLES = (
    (Role.SPONSOR, "sponsor"),
    (Role.CHECKER, "checker"),
    (Role.PANEL, "panel"),
    (Role.MANAGER, "manager"),
    (Role.ADMINISTRATOR, "admin"),
)
"""What somebody is called who opened an idea: the first of these that he is to it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One opening, as authors read it: the name only of somebody whom the challenge names to them as a reader."""

    role: str
    name: str | None
    since: datetime

    @property
    def until(self) -> datetime:
        return self.since + HOUR


@dataclass(frozen=True, slots=True)
class WithReason:
    """That a manager or an administrator opened an idea: when, and the code of the reason."""

    at: datetime
    why: str


def hour_of(now: datetime) -> datetime:
    """The full hour in which a moment lies."""
    return now.replace(minute=0, second=0, microsecond=0)


def role_of(actor: Actor, idea: Idea) -> str:
    """In which role somebody reads an idea that is not his own."""
    held = roles(actor, idea)
    return next((name for role, name in ROLES if role in held), "reader")


def needs_noting(actor: Actor, idea: Idea, now: datetime) -> bool:
    """Whether an opening is news: a sealed idea, somebody else than an author, and not noted in this hour yet."""
    if actor.person_id is None or idea.visibility != "sealed":
        return False
    noted = Opening.idea_id == idea.id, Opening.person_id == actor.person_id, Opening.hour == hour_of(now)
    mine = Author.idea_id == idea.id, Author.person_id == actor.person_id
    return not db.session.scalar(select(exists().where(*mine) | exists().where(*noted)))


def page(actor: Actor, idea: Idea, cursor: str | None) -> paging.Page[Opened]:
    """Who opened an idea, the latest first, as its authors may know it."""
    order = [paging.Key(Opening.hour, True), paging.Key(Opening.id, True)]
    statement = (
        select(Opening, Person.name, Person.erased_at)
        .join(Person, Person.id == Opening.person_id)
        .where(Opening.idea_id == idea.id)
    )
    found = paging.fetch(statement, order, cursor, lambda row: (row[0].hour, row[0].id))
    kept_back = challenges.withheld(actor, idea.challenge)
    return replace(
        found,
        items=[
            Opened(row.role, name if _named(row, kept_back) and erased is None else None, row.hour)
            for row, name, erased in found.items
        ],
    )


def _named(row: Opening, kept_back: frozenset[int]) -> bool:
    """Sponsors, checkers and panel are named to authors before they send; nobody else is, nor who withholds his name."""
    return row.role in {"sponsor", "checker", "panel"} and row.person_id not in kept_back


def with_reason(idea_id: int) -> list[WithReason]:
    """When a manager or an administrator opened an idea, and why, the latest first."""
    rows = db.session.execute(
        select(Event.occurred_at, Event.payload)
        .where(Event.idea_id == idea_id, Event.name == IdeaOpenedWithReason.__name__)
        .order_by(Event.id.desc())
        .limit(50)
    )
    return [WithReason(row.occurred_at, row.payload["why"]) for row in rows]
