"""Organisations and departments by name, made when somebody first belongs to one."""

from __future__ import annotations

from sqlalchemy import select

from innovation.kernel.db import db
from innovation.people.models import Department, Organisation


def organisation_named(name: str) -> int | None:
    """The organisation of that name, made if it is new; None for no name."""
    if not name.strip():
        return None
    found = db.session.scalars(select(Organisation).where(Organisation.name == name.strip())).one_or_none()
    if found is None:
        found = Organisation(name=name.strip())
        db.session.add(found)
        db.session.flush()
    return found.id


def department_named(name: str) -> int | None:
    """The department of that name, made if it is new; None for no name."""
    if not name.strip():
        return None
    found = db.session.scalars(select(Department).where(Department.name == name.strip())).one_or_none()
    if found is None:
        found = Department(name=name.strip())
        db.session.add(found)
        db.session.flush()
    return found.id
