"""What ended projects taught: the list of it, and what of it is like a question that is being written.

A project that grew from a sealed idea teaches only its own people: whoever works in it, and who sponsors or judges its
challenge. A manager sees that such a project is there, and not what it says.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import joinedload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.projects.models import Project
from innovation.projects.queries import is_member, visible
from innovation.rules.similar import LONGEST, most_similar

NEWEST = 2_000
"""How many lessons a question is compared with; the measure reads all of them each time, and stores nothing."""
AT_LEAST = 0.06
"""Below this cosine two texts share little more than their language."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson that may bear on a question; ``likeness`` from 0 to 1 is for the order alone."""

    public_id: str
    title: str
    language: str
    state: str
    lesson: str
    likeness: float


def teaches(actor: Actor) -> ColumnElement[bool]:
    """Ended projects with a lesson that this person may read; the challenge must be joined."""
    return and_(Project.ended_at.is_not(None), Project.lesson != "", readable(actor))


def readable(actor: Actor) -> ColumnElement[bool]:
    """Projects whose words this person may read outside the project's own page; the challenge must be joined."""
    if actor.is_house:
        return true()
    return and_(visible(actor), or_(Project.visibility == "audience", is_member(actor), challenges.works_on(actor)))


def page(actor: Actor, search: str, cursor: str | None) -> paging.Page[Project]:
    """Ended projects with a lesson, the latest ended first, with their challenges."""
    statement = _teaching(actor).options(joinedload(Project.challenge))
    if search:
        like = f"%{search}%"
        statement = statement.where(or_(*(text.ilike(like) for text in (Project.title, Project.goal, Project.lesson))))
    order = [paging.Key(Project.ended_at, True), paging.Key(Project.id, True)]
    return paging.fetch(statement, order, cursor, lambda row: (row[0].ended_at, row[0].id))


def like(actor: Actor, challenge: Challenge, count: int = 3) -> list[Lesson]:
    """The lessons most like a challenge's question, the nearest first; none where none is."""
    rows = db.session.execute(
        _teaching(actor)
        .with_only_columns(Project.public_id, Project.title, Project.goal, Project.lesson, Project.language, Project.state)
        .order_by(Project.ended_at.desc(), Project.id.desc())
        .limit(NEWEST)
    ).all()
    asked = "\n".join((challenge.title, challenge.must, challenge.summary, challenge.background))[:LONGEST]
    nearest = most_similar(asked, ["\n".join((row.title, row.goal, row.lesson)) for row in rows], count, AT_LEAST)
    return [
        Lesson(rows[at].public_id, rows[at].title, rows[at].language, rows[at].state, rows[at].lesson, likeness)
        for at, likeness in nearest
    ]


def _teaching(actor: Actor) -> Select[Project]:
    return select(Project).join(Project.challenge).where(teaches(actor))
