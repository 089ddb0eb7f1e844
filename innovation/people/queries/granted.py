"""Reading what people were granted: the circle they stand in and the roles they hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from innovation.kernel.db import db
from innovation.people.models import CircleMembership, GrantRow
from innovation.rules.predicates import Role


def holders(role: Role, scope: str, scope_id: int) -> list[int]:
    """The people who hold a role in a scope."""
    return list(
        db.session.scalars(
            select(GrantRow.person_id)
            .where(
                GrantRow.role == role, GrantRow.scope == scope, GrantRow.scope_id == scope_id, GrantRow.valid_to.is_(None)
            )
            .order_by(GrantRow.id)
        )
    )


def managers(programme_id: int) -> list[int]:
    """Who manages a programme: its own managers, and those of the whole house."""
    return [*holders(Role.MANAGER, "programme", programme_id), *holders(Role.MANAGER, "host", 0)]


def in_circles(circles: Iterable[str], after: int = 0, limit: int = 500) -> list[int]:
    """The next people of some circles by id, for work that goes in batches."""
    return list(
        db.session.scalars(
            select(CircleMembership.person_id)
            .where(
                CircleMembership.circle.in_(list(circles)),
                CircleMembership.valid_to.is_(None),
                CircleMembership.person_id > after,
            )
            .order_by(CircleMembership.person_id)
            .limit(limit)
        )
    )


def grants_of(person_id: int) -> Sequence[GrantRow]:
    return db.session.scalars(
        select(GrantRow).where(GrantRow.person_id == person_id, GrantRow.valid_to.is_(None)).order_by(GrantRow.id)
    ).all()


def standing(person_id: int) -> tuple[str | None, int | None]:
    """(circle, organisation id) of a person now."""
    row = db.session.execute(
        select(CircleMembership.circle, CircleMembership.organisation_id).where(
            CircleMembership.person_id == person_id, CircleMembership.valid_to.is_(None)
        )
    ).one_or_none()
    return (row[0], row[1]) if row else (None, None)


def circle_of(person_id: int) -> CircleMembership | None:
    return db.session.scalars(
        select(CircleMembership)
        .options(joinedload(CircleMembership.organisation), joinedload(CircleMembership.department))
        .where(CircleMembership.person_id == person_id, CircleMembership.valid_to.is_(None))
    ).one_or_none()
