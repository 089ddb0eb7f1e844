"""Reading what judges ask the authors of an idea: for its authors, the panel and the sponsors, and nobody else.

While names wait for the result, a judge is a number, given in the order of first questions on the idea, and its authors are
"the authors". A sponsor who withholds his name is named to nobody who may not know it, after the result neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea, IdeaQuestion
from innovation.ideas.queries.reading import get as get_idea
from innovation.ideas.queries.seeing import is_author
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import roles
from innovation.people.models import Person
from innovation.rules.idea import IN_THE_RUNNING
from innovation.rules.inquiry import numbered
from innovation.rules.predicates import Role

MOST = 100
"""So many questions stand on one idea."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who asked or answered, as the reader may know it.

    ``kind`` is ``you``, ``judge`` (with its number), ``sponsor`` (who withholds his name), ``authors``, ``person`` (by name)
    or ``gone``.
    """

    kind: str
    name: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to an idea's authors and its answer, with whose each is."""

    public_id: str
    text: str
    language: str
    at: datetime
    by: Voice
    answer: str
    answered_at: datetime | None
    answered_by: Voice


def readable(actor: Actor) -> ColumnElement[bool]:
    """Ideas whose questions this person may read; the challenge must be joined. No manager does for being one."""
    return or_(is_author(actor), challenges.works_on(actor))


def reads(actor: Actor, idea: Idea) -> bool:
    """:func:`readable` of an idea that this person sees."""
    return bool(roles(actor, idea) & {Role.AUTHOR, Role.PANEL, Role.SPONSOR})


def asked_about(actor: Actor, public_id: str) -> Idea | None:
    """An idea that was sent and whose questions this person may read, with challenge and authors."""
    idea = get_idea(actor, public_id)
    return idea if idea is not None and idea.submitted_at is not None and reads(actor, idea) else None


def open_here(idea: Idea) -> bool:
    """Whether anything can be asked or answered: the idea is in the running, and its decision is not being taken."""
    return idea.state in IN_THE_RUNNING and idea.challenge.frozen_at is None and idea.challenge.decided_at is None


def names_hidden(challenge: Challenge) -> bool:
    """Whether names in a challenge still wait for its result."""
    return challenge.names_hidden and challenge.decided_at is None


def of_idea(actor: Actor, idea: Idea) -> list[Asked]:
    """The questions on an idea, the first one first, as this person may know who speaks: at most three queries."""
    rows = db.session.scalars(_of(idea.id)).all()
    if not rows:
        return []
    hidden, kept = names_hidden(idea.challenge), challenges.withheld(actor, idea.challenge)
    number = numbered([each.asked_by for each in rows])
    author = Role.AUTHOR in roles(actor, idea)
    names = {} if hidden and not author else _names(rows)

    def asker(person_id: int | None) -> Voice:
        if person_id is not None and person_id == actor.person_id:
            return Voice("you")
        if hidden:
            return Voice("judge", number=number.get(person_id or 0, 0))
        return Voice("sponsor") if person_id in kept else _named(names, person_id)

    def answerer(person_id: int | None) -> Voice:
        if person_id is not None and person_id == actor.person_id:
            return Voice("you")
        return Voice("authors") if hidden and not author else _named(names, person_id)

    return [
        Asked(
            each.public_id,
            each.text,
            each.language,
            each.asked_at,
            asker(each.asked_by),
            each.answer,
            each.answered_at,
            answerer(each.answered_by),
        )
        for each in rows
    ]


def get(idea: Idea, public_id: str) -> IdeaQuestion | None:
    """One question on an idea."""
    return db.session.scalars(
        select(IdeaQuestion)
        .options(joinedload(IdeaQuestion.idea).joinedload(Idea.challenge))
        .where(IdeaQuestion.idea_id == idea.id, IdeaQuestion.public_id == public_id)
    ).one_or_none()


def by_id(question_id: int) -> IdeaQuestion | None:
    """One question for the house's own work, with its idea and the idea's challenge."""
    return db.session.scalars(
        select(IdeaQuestion)
        .options(joinedload(IdeaQuestion.idea).joinedload(Idea.challenge))
        .where(IdeaQuestion.id == question_id)
    ).one_or_none()


def waiting_by(person_id: int, idea_id: int) -> int:
    """How many questions of one judge wait for an answer on an idea."""
    waits = IdeaQuestion.idea_id == idea_id, IdeaQuestion.asked_by == person_id, IdeaQuestion.answered_at.is_(None)
    return db.session.scalar(select(func.count()).select_from(IdeaQuestion).where(*waits)) or 0


def how_many(idea_id: int) -> int:
    """How many questions were asked on an idea."""
    return db.session.scalar(select(func.count()).select_from(IdeaQuestion).where(IdeaQuestion.idea_id == idea_id)) or 0


def judges_told(question: IdeaQuestion) -> list[int]:
    """Who asked anything on the idea of a question: they are told of its answer."""
    asked = select(IdeaQuestion.asked_by).where(IdeaQuestion.idea_id == question.idea_id, IdeaQuestion.asked_by.is_not(None))
    return sorted({each for each in db.session.scalars(asked) if each is not None})


def seen(actor: Actor, idea_ids: Iterable[int]) -> set[int]:
    """Those of some ideas whose questions this person may read."""
    return set(db.session.scalars(select(Idea.id).join(Idea.challenge).where(Idea.id.in_(list(idea_ids)), readable(actor))))


def _of(idea_id: int) -> Select[IdeaQuestion]:
    return select(IdeaQuestion).where(IdeaQuestion.idea_id == idea_id).order_by(IdeaQuestion.id).limit(MOST)


def _names(rows: Sequence[IdeaQuestion]) -> dict[int, str | None]:
    """Names by person id; None for who is no longer here."""
    ids = {each.asked_by for each in rows} | {each.answered_by for each in rows}
    found = db.session.execute(select(Person.id, Person.name, Person.erased_at).where(Person.id.in_(ids - {None})))
    return {row.id: None if row.erased_at else row.name for row in found}


def _named(names: dict[int, str | None], person_id: int | None) -> Voice:
    name = names.get(person_id or 0)
    return Voice("person", name) if name else Voice("gone")
