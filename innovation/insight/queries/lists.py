"""The list that makes a figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import contains_eager, joinedload

from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.insight.models import Participation
from innovation.insight.queries.filters import Filters, on_passages, on_people
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.lifecycle import Passage
from innovation.people.models import Person
from innovation.projects.models import Gate, Project
from innovation.rules.predicates import Role

PARTS = ("entered", "inside", "left")


def members(
    actor: Actor, filters: Filters, kind: str, stage: str, part: str, cursor: str | None, size: int = paging.PAGE
) -> paging.Page[Any]:
    """The list that makes a figure: (passage, idea, project or None), the latest entered first.

    Args:
        kind: ``idea``, ``gate`` or ``project``.
        part: ``entered``, ``inside`` or ``left``.
    """
    statement = _passages(kind).where(Passage.stage == stage, *on_passages(actor, filters))
    if part == "inside":
        statement = statement.where(Passage.left_at.is_(None))
    elif part == "left":
        statement = statement.where(Passage.left_at.is_not(None))
    order = [paging.Key(Passage.entered_at, True), paging.Key(Passage.id, True)]
    return paging.fetch(statement, order, cursor, lambda row: (row[0].entered_at, row[0].id), size)


def people(
    actor: Actor, filters: Filters, stage: str, cursor: str | None, size: int = paging.PAGE
) -> paging.Page[Participation]:
    """The people a figure counts, with their challenges, the latest first. No month's ideas are people."""
    statement = (
        select(Participation)
        .join(Participation.challenge)
        .options(contains_eager(Participation.challenge), joinedload(Participation.person))
        .where(Participation.stage == stage, *on_people(actor, filters))
    )
    if filters.cohort:
        statement = statement.where(db.false())
    order = [paging.Key(Participation.since, True), paging.Key(Participation.id, True)]
    return paging.fetch(statement, order, cursor, lambda row: (row[0].since, row[0].id), size)


def _passages(kind: str) -> Select[Passage, Idea, Project]:
    of_kind = Passage.subject_kind == kind
    if kind == "idea":
        statement = select(Passage, Idea, Project).join(Idea, and_(of_kind, Idea.id == Passage.subject_id))
        statement = statement.outerjoin(Project, Project.idea_id == Idea.id)
    elif kind == "gate":
        statement = select(Passage, Idea, Project).join(Gate, and_(of_kind, Gate.id == Passage.subject_id))
        statement = statement.join(Project, Project.id == Gate.project_id).join(Idea, Idea.id == Project.idea_id)
    else:
        statement = select(Passage, Idea, Project).join(Project, and_(of_kind, Project.id == Passage.subject_id))
        statement = statement.join(Idea, Idea.id == Project.idea_id)
    return statement.join(Challenge, Challenge.id == Idea.challenge_id).options(joinedload(Idea.challenge))


def readable(actor: Actor, idea_ids: Sequence[int]) -> set[int]:
    """Which of some ideas this person may read by title; a sealed one is a row without a title to others."""
    if not idea_ids:
        return set()
    return set(
        db.session.scalars(select(Idea.id).join(Idea.challenge).where(Idea.id.in_(list(idea_ids)), ideas.visible(actor)))
    )


def names_people(actor: Actor, challenge: Challenge) -> bool:
    """Whether this person reads who took part in a challenge: its manager and its sponsor do, unless they judge there.

    That somebody took part says nothing of how he voted.
    """
    if actor.is_house:
        return True
    if actor.holds(Role.PANEL, "challenge", challenge.id):
        return False
    leads = actor.holds(Role.MANAGER) or actor.holds(Role.MANAGER, "programme", challenge.programme_id)
    return leads or actor.holds(Role.SPONSOR, "challenge", challenge.id)


def named(actor: Actor, rows: Iterable[Participation]) -> dict[int, Person]:
    """Whom this person reads by name among some participations, by the participation's id."""
    return {row.id: row.person for row in rows if row.person.erased_at is None and names_people(actor, row.challenge)}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of an exported list.

    ``title``, a person's name for people, is None where this person does not read it, and for whatever is sealed: a file
    goes from hand to hand, so it names an idea and its project by reference alone, whoever asked for it.
    """

    stage: str
    reference: str
    title: str | None
    state: str
    challenge: str
    entered_at: datetime
    left_at: datetime | None


BATCH = 500


def lines(actor: Actor, filters: Filters, kind: str, stage: str, part: str) -> Iterator[Line]:
    """The whole list behind a figure, as it is exported: three queries for every five hundred rows."""
    cursor: str | None = None
    while True:
        if kind == "person":
            people_found = people(actor, filters, stage, cursor, BATCH)
            if part != "left":
                yield from _of_people(actor, people_found.items)
            cursor = people_found.next
        else:
            found = members(actor, filters, kind, stage, part, cursor, BATCH)
            yield from _of_subjects(actor, kind, found.items)
            cursor = found.next
        if cursor is None:
            return


def _of_people(actor: Actor, rows: Sequence[Participation]) -> Iterator[Line]:
    known = named(actor, rows)
    for row in rows:
        person = known.get(row.id)
        yield Line(
            row.stage,
            person.public_id if person else "",
            person.name if person else None,
            row.circle,
            row.challenge.title,
            row.since,
            None,
        )


def _of_subjects(actor: Actor, kind: str, rows: Sequence[Any]) -> Iterator[Line]:
    open_to = readable(actor, [idea.id for _passage, idea, _project in rows]) if kind == "idea" else set()
    for passage, idea, project in rows:
        subject = idea if kind == "idea" else project
        read = subject.visibility != "sealed" and (kind != "idea" or idea.id in open_to)
        yield Line(
            passage.stage,
            subject.public_id,
            subject.title if read else None,
            str(subject.state),
            idea.challenge.title,
            passage.entered_at,
            passage.left_at,
        )
