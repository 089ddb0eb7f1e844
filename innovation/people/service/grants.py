"""Giving and taking roles, circles and accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db, lock
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people.events import CircleChanged
from innovation.people.models import GrantRow, Person, SignIn
from innovation.people.service import leaving
from innovation.people.service.accounts import place
from innovation.people.service.employers import department_named, organisation_named
from innovation.people.service.giving import give, take
from innovation.rules.policy import May
from innovation.rules.predicates import Role

__all__ = ["change_circle", "give", "grant_role", "revoke_role", "set_disabled", "take"]


@use_case(May.RUN_THE_PLACE)
def grant_role(*, actor: Actor, person: Person, role: Role, now: datetime = AT_LOCK) -> None:
    """Make a person administrator or innovation manager of the whole house."""
    if role not in {Role.ADMINISTRATOR, Role.MANAGER}:
        raise Invalid("role_needs_a_challenge", field="role")
    give(actor=actor, person_id=person.id, role=role, scope="host", scope_id=0, now=now)


@use_case(May.RUN_THE_PLACE)
def revoke_role(*, actor: Actor, person: Person, role: Role, now: datetime = AT_LOCK) -> None:
    """Take a role of the whole house back.

    Raises:
        Invalid: it would leave the house without an administrator.
    """
    if role == Role.ADMINISTRATOR:
        _keep_an_administrator(person)
    take(actor=actor, person_id=person.id, role=role, scope="host", scope_id=0, now=now)


def _keep_an_administrator(person: Person) -> None:
    """Refuse to lose the last administrator who can sign in."""
    able = (
        select(GrantRow.person_id)
        .join(GrantRow.person)
        .where(GrantRow.role == Role.ADMINISTRATOR, GrantRow.scope == "host", GrantRow.valid_to.is_(None))
        .where(Person.disabled_at.is_(None), Person.erased_at.is_(None))
    )
    # Under a lock on all of them: two could take each other out at once.
    lock(able.order_by(Person.id).with_for_update())
    if set(db.session.scalars(able)) == {person.id}:
        raise Invalid("last_administrator", field="role")


@use_case(May.INVITE)
def change_circle(
    *, actor: Actor, person: Person, circle: Circle, organisation: str, department: str, now: datetime = AT_LOCK
) -> None:
    """Say anew how near a person stands. A manager's word is what *verified* means here."""
    department_id = department_named(department) if circle == Circle.STAFF else None
    place(person, circle, organisation_named(organisation), department_id, "manager", now)
    emit(CircleChanged(person_id=person.id, circle=circle.value), actor=actor, now=now)


@use_case(May.RUN_THE_PLACE)
def set_disabled(*, actor: Actor, person: Person, disabled: bool, now: datetime = AT_LOCK) -> None:
    """Switch an account off (its sign-ins end at the next request; a named successor takes over) or on again.

    Raises:
        Invalid: it would leave the house without an administrator.
    """
    if disabled:
        leaving.pass_on(actor=actor, person_id=person.id, now=now)
        _keep_an_administrator(person)
    person.disabled_at = now if disabled else None
    if disabled:
        db.session.execute(
            update(SignIn).where(SignIn.person_id == person.id, SignIn.revoked_at.is_(None)).values(revoked_at=now)
        )
