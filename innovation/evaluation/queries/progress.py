"""How far a panel is: counts alone, nobody's scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, select

from innovation.challenges.models import Challenge
from innovation.evaluation.models import Review
from innovation.evaluation.queries.reading import mine, to_score
from innovation.ideas import queries as ideas
from innovation.ideas.models import Author, Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.people import queries as people
from innovation.rules.predicates import Role


@dataclass(frozen=True, slots=True)
class Share:
    """One member's complete reviews, of those he owes; his own ideas are others' to score."""

    person_id: int
    name: str | None
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a panel is: the ideas it scores, those nobody has completed a review of, and each member's share."""

    ideas: int
    without_review: int
    members: Sequence[Share]

    @property
    def can_finish(self) -> bool:
        return self.ideas > 0 and self.without_review == 0


def progress(challenge: Challenge) -> Progress:
    """Counts alone, of the members named now: nobody's scores."""
    here = to_score(challenge)
    reviewed = exists().where(Review.idea_id == Idea.id, Review.valid)
    total = db.session.scalar(select(func.count(Idea.id)).where(here)) or 0
    missing = db.session.scalar(select(func.count(Idea.id)).where(here, ~reviewed)) or 0
    seats = people.holders(Role.PANEL, "challenge", challenge.id)
    done = _by_person(
        select(Review.reviewer_id, func.count(Review.id))
        .join(Idea, Idea.id == Review.idea_id)
        .where(here, Review.valid, Review.source.is_(None))
        .group_by(Review.reviewer_id)
    )
    own = _by_person(
        select(Author.person_id, func.count(Author.id))
        .join(Idea, Idea.id == Author.idea_id)
        .where(here, Author.person_id.in_(seats))
        .group_by(Author.person_id)
    )
    names = people.names(seats)
    shares = [Share(seat, names.get(seat), done.get(seat, 0), total - own.get(seat, 0)) for seat in seats]
    return Progress(total, missing, shares)


def _by_person(statement: Select[*tuple[Any, ...]]) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(statement)}


def my_progress(actor: Actor, challenge: Challenge) -> tuple[int, int]:
    """(complete reviews, ideas to score) of one member; his own ideas are others' to score."""
    row = db.session.execute(
        select(func.count(Review.id), func.count(Idea.id))
        .select_from(Idea)
        .outerjoin(Review, and_(mine(actor), Review.valid))
        .where(to_score(challenge), ~ideas.is_author(actor))
    ).one()
    return int(row[0]), int(row[1])


def next_to_score(actor: Actor, challenge: Challenge, after: Idea | None = None) -> str | None:
    """The public id of the next idea this member has no complete review of: behind ``after``, else the first."""
    left = (
        select(Idea.public_id)
        .outerjoin(Review, and_(mine(actor), Review.valid))
        .where(to_score(challenge), ~ideas.is_author(actor), Review.id.is_(None))
    )
    behind = (Idea.id <= after.id,) if after is not None else ()
    return db.session.scalar(left.order_by(*behind, Idea.id).limit(1))
