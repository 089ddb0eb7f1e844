"""Reading who asks and who reads: the people that hold a role in a challenge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from innovation.kernel.db import db
from innovation.people.models import GrantRow, Person
from innovation.rules.predicates import Role


def sponsors(challenge_id: int) -> Sequence[Person]:
    """The people who answer for a challenge, first named first."""
    return db.session.scalars(
        select(Person)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(
            GrantRow.role == Role.SPONSOR,
            GrantRow.scope == "challenge",
            GrantRow.scope_id == challenge_id,
            GrantRow.valid_to.is_(None),
        )
        .order_by(GrantRow.id)
    ).all()


def sponsor_names(challenge_ids: Iterable[int]) -> dict[int, str]:
    """Who asks, by challenge id, for lists: the names of the people who answer for each challenge."""
    rows = db.session.execute(
        select(GrantRow.scope_id, Person.name)
        .join(Person, Person.id == GrantRow.person_id)
        .where(
            GrantRow.role == Role.SPONSOR,
            GrantRow.scope == "challenge",
            GrantRow.scope_id.in_(list(challenge_ids)),
            GrantRow.valid_to.is_(None),
        )
        .order_by(GrantRow.id)
    )
    found: dict[int, list[str]] = {}
    for challenge_id, name in rows:
        found.setdefault(challenge_id, []).append(name)
    return {challenge_id: ", ".join(names) for challenge_id, names in found.items()}


def readers_of_sealed(challenge_id: int) -> Sequence[str]:
    """The names of everyone who will read a sealed idea besides its authors."""
    return db.session.scalars(
        select(Person.name)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(
            GrantRow.role.in_([Role.SPONSOR, Role.PANEL]),
            GrantRow.scope == "challenge",
            GrantRow.scope_id == challenge_id,
            GrantRow.valid_to.is_(None),
        )
        .order_by(Person.name)
        .distinct()
    ).all()
