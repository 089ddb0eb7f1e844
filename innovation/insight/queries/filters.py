"""What a figure is of: a programme, a challenge, an organisation, a circle, a topic, a time, a month's ideas; or everything.

A figure and the list behind it are asked with the same filters, so one is as long as the other says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Programme, Topic
from innovation.ideas.models import Idea
from innovation.insight.models import Participation
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.lifecycle import Passage
from innovation.people.models import Organisation
from innovation.projects.models import Gate, Project


@dataclass(frozen=True, slots=True)
class Filters:
    """What figures are of. ``since`` and ``until`` are days (UTC), both included, on which a stage was entered;
    ``cohort`` is a month as in ``2026-11``: of the ideas sent in it; circle and organisation are the first author's."""

    programme: Programme | None = None
    challenge: Challenge | None = None
    organisation: Organisation | None = None
    circle: str = ""
    topic: str = ""
    since: date | None = None
    until: date | None = None
    cohort: str = ""

    @property
    def counted(self) -> bool:
        """Whether counters are kept for just this: of everything, a programme or a challenge."""
        return not (self.organisation or self.circle or self.topic or self.since or self.until or self.cohort)

    @property
    def any(self) -> bool:
        return self != EVERYTHING

    def query(self, **more: Any) -> dict[str, str]:
        """The filters as an address carries them."""
        said = {
            "programme": self.programme.public_id if self.programme else None,
            "challenge": self.challenge.public_id if self.challenge else None,
            "organisation": self.organisation.public_id if self.organisation else None,
            "circle": self.circle,
            "topic": self.topic,
            "from": self.since.isoformat() if self.since else None,
            "to": self.until.isoformat() if self.until else None,
            "cohort": self.cohort,
        }
        return {key: str(value) for key, value in (said | more).items() if value}

    def before(self) -> Filters | None:
        """The same over as many days just before; None without a first and a last day."""
        if self.since is None or self.until is None:
            return None
        days = self.until - self.since + timedelta(days=1)
        return replace(self, since=self.since - days, until=self.until - days)


EVERYTHING = Filters()


def of_challenge(challenge: Challenge) -> Filters:
    return Filters(challenge=challenge)


def month(cohort: str) -> tuple[datetime, datetime]:
    """From when to before when a month lasts.

    Raises:
        ValueError: it is no month.
    """
    first = datetime.strptime(cohort, "%Y-%m").replace(tzinfo=UTC)
    return first, (first + timedelta(days=32)).replace(day=1)


def counted_for(actor: Actor) -> ColumnElement[bool]:
    """Challenges this person manages or works on; the challenge must be joined."""
    return challenges.manages(actor, Challenge.programme_id) | challenges.works_on(actor)


def on_challenges(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    """Conditions on challenges; the challenge must be joined."""
    found = [counted_for(actor)]
    if filters.programme is not None:
        found.append(Challenge.programme_id == filters.programme.id)
    if filters.challenge is not None:
        found.append(Challenge.id == filters.challenge.id)
    if filters.topic:
        found.append(exists().where(Topic.challenge_id == Challenge.id, Topic.topic == filters.topic))
    return found


def on_ideas(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    """Conditions on ideas and their challenges, both joined; nothing about when a stage was entered."""
    found = on_challenges(actor, filters)
    if filters.circle:
        found.append(func.coalesce(Idea.circle, "") == filters.circle)
    if filters.organisation is not None:
        found.append(Idea.organisation_id == filters.organisation.id)
    if filters.cohort:
        found.append(_in_cohort(filters.cohort))
    return found


def on_passages(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    """Conditions on passages; the challenge must be joined."""
    found = on_challenges(actor, filters)
    if filters.circle:
        found.append(Passage.circle == filters.circle)
    if filters.organisation is not None:
        found.append(Passage.organisation_id == filters.organisation.id)
    if filters.cohort:
        found.append(_of_cohort(filters.cohort))
    return found + within(Passage.entered_at, filters)


def on_people(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    """Conditions on participations; the challenge must be joined. A month's ideas are no people, so none are asked for."""
    found = on_challenges(actor, filters)
    if filters.circle:
        found.append(Participation.circle == filters.circle)
    if filters.organisation is not None:
        found.append(Participation.organisation_id == filters.organisation.id)
    return found + within(Participation.since, filters)


def within(column: Any, filters: Filters) -> list[ColumnElement[bool]]:
    """Conditions on an instant."""
    found: list[ColumnElement[bool]] = []
    if filters.since is not None:
        found.append(column >= datetime.combine(filters.since, time.min, UTC))
    if filters.until is not None:
        found.append(column < datetime.combine(filters.until, time.min, UTC) + timedelta(days=1))
    return found


def _in_cohort(cohort: str) -> ColumnElement[bool]:
    first, end = month(cohort)
    return and_(Idea.submitted_at >= first, Idea.submitted_at < end)


def _of_cohort(cohort: str) -> ColumnElement[bool]:
    sent = select(Idea.id).where(_in_cohort(cohort))
    grown = select(Project.id).where(Project.idea_id.in_(sent))
    passed = select(Gate.id).where(Gate.project_id.in_(grown))
    kinds: tuple[tuple[str, Select[Any]], ...] = (("idea", sent), ("project", grown), ("gate", passed))
    return or_(*(and_(Passage.subject_kind == kind, Passage.subject_id.in_(ids)) for kind, ids in kinds))


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be filtered by."""

    challenges: Sequence[Challenge]
    organisations: Sequence[Organisation]
    topics: Sequence[str]


def choices(actor: Actor, limit: int = 500) -> Choices:
    """What this person can filter by: his challenges, the organisations and the topics in them; three queries."""
    mine = counted_for(actor)
    asked = select(Challenge).where(mine, Challenge.published_at.is_not(None)).order_by(Challenge.title, Challenge.id)
    working = select(Idea.organisation_id).join(Idea.challenge).where(mine, Idea.submitted_at.is_not(None))
    named = select(Organisation).where(Organisation.id.in_(working)).order_by(Organisation.name)
    topics = select(Topic.topic).join(Challenge, Challenge.id == Topic.challenge_id).where(mine)
    return Choices(
        db.session.scalars(asked.limit(limit)).all(),
        db.session.scalars(named.limit(limit)).all(),
        db.session.scalars(topics.distinct().order_by(Topic.topic).limit(limit)).all(),
    )


def organisation(public_id: str) -> Organisation | None:
    return db.session.scalars(select(Organisation).where(Organisation.public_id == public_id)).one_or_none()


def challenge(actor: Actor, public_id: str) -> Challenge | None:
    """A challenge whose figures this person may ask for."""
    return db.session.scalars(select(Challenge).where(Challenge.public_id == public_id, counted_for(actor))).one_or_none()
