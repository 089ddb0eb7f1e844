"""Giving a role and taking it back, inside a use case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import emit
from innovation.people.events import RoleGranted, RoleRevoked
from innovation.people.models import GrantRow
from innovation.rules.predicates import Role


def give(*, actor: Actor, person_id: int, role: Role, scope: str, scope_id: int, now: datetime) -> None:
    """Give a role inside a use case; giving it twice changes nothing."""
    held = db.session.scalar(
        select(GrantRow.id).where(
            GrantRow.person_id == person_id,
            GrantRow.role == role,
            GrantRow.scope == scope,
            GrantRow.scope_id == scope_id,
            GrantRow.valid_to.is_(None),
        )
    )
    if held is not None:
        return
    db.session.add(
        GrantRow(person_id=person_id, role=role, scope=scope, scope_id=scope_id, granted_by=actor.person_id, valid_from=now)
    )
    emit(RoleGranted(person_id=person_id, role=role.value, scope=scope, scope_id=scope_id), actor=actor, now=now)


def take(*, actor: Actor, person_id: int, role: Role, scope: str, scope_id: int, now: datetime) -> None:
    """Take a role back inside a use case."""
    taken = db.session.scalar(
        update(GrantRow)
        .where(
            GrantRow.person_id == person_id,
            GrantRow.role == role,
            GrantRow.scope == scope,
            GrantRow.scope_id == scope_id,
            GrantRow.valid_to.is_(None),
        )
        .values(valid_to=now)
        .returning(GrantRow.id)
    )
    if taken is not None:
        emit(RoleRevoked(person_id=person_id, role=role.value, scope=scope, scope_id=scope_id), actor=actor, now=now)


def hand_on(*, actor: Actor, grant: GrantRow, person_id: int, now: datetime) -> None:
    """Take a role from who holds it and give it to somebody else, inside a use case."""
    role, scope, scope_id = Role(grant.role), grant.scope, grant.scope_id
    give(actor=actor, person_id=person_id, role=role, scope=scope, scope_id=scope_id, now=now)
    take(actor=actor, person_id=grant.person_id, role=role, scope=scope, scope_id=scope_id, now=now)
