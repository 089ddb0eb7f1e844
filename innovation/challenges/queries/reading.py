"""Reading one challenge or some by their ids, and what became of one challenge's rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges.models import Audience, Challenge, RuleChange
from innovation.challenges.queries.roles import role_set
from innovation.challenges.queries.seeing import in_audience, visible
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import loader_of, remember_roles
from innovation.people.models import Person


def get(actor: Actor, public_id: str) -> Challenge | None:
    """A challenge this person may see, with programme, terms and audience."""
    row = db.session.execute(
        select(Challenge, in_audience(actor))
        .options(
            joinedload(Challenge.programme),
            joinedload(Challenge.terms),
            joinedload(Challenge.thread),
            selectinload(Challenge.audience),
        )
        .where(Challenge.public_id == public_id, visible(actor))
    ).one_or_none()
    if row is None:
        return None
    remember_roles(actor, row[0], role_set(actor, row[0], in_audience=bool(row[1])))
    return row[0]


@loader_of(Challenge)
def by_id(challenge_id: int) -> Challenge:
    """A challenge for the house's own work.

    Raises:
        NoResultFound: there is no such challenge.
    """
    return db.session.execute(
        select(Challenge)
        .options(
            joinedload(Challenge.programme),
            joinedload(Challenge.terms),
            joinedload(Challenge.thread),
            selectinload(Challenge.audience),
        )
        .where(Challenge.id == challenge_id)
    ).scalar_one()


def by_ids(ids: Iterable[int]) -> Sequence[Challenge]:
    """Challenges for the house's own work."""
    return db.session.scalars(select(Challenge).where(Challenge.id.in_(list(ids))).order_by(Challenge.id)).all()


def takes_outsiders(challenge_id: int) -> bool:
    """Whether anybody from outside the house can take part in a challenge."""
    beyond = or_(
        and_(Audience.kind == "circle", Audience.value != Circle.STAFF), Audience.kind.in_(["organisation", "person"])
    )
    return bool(db.session.scalar(select(exists().where(Audience.challenge_id == challenge_id, beyond))))


def rule_changes(challenge_id: int) -> Sequence[tuple[RuleChange, str | None]]:
    """How a challenge's rule was changed after judging had begun, the first change first: (change, whose it was).

    The name is None where nobody is named, or where that person is no longer here.
    """
    rows = db.session.execute(
        select(RuleChange, Person.name, Person.erased_at)
        .outerjoin(Person, Person.id == RuleChange.changed_by)
        .where(RuleChange.challenge_id == challenge_id)
        .order_by(RuleChange.number)
    )
    return [(row[0], row[1] if row[2] is None else None) for row in rows]
