"""Reading what people belong to: organisations, the host first among them, and its departments."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import general_roles, roles_of
from innovation.people.models import Department, Organisation
from innovation.rules.predicates import Role


@roles_of(Organisation)
def _roles_on_organisation(actor: Actor, organisation: Organisation) -> frozenset[Role]:
    return general_roles(actor)


def host() -> Organisation | None:
    """The organisation this installation belongs to."""
    return db.session.scalars(select(Organisation).where(Organisation.is_host).limit(1)).one_or_none()


def organisations() -> Sequence[Organisation]:
    """Every organisation by name, for a choice in a form."""
    return db.session.scalars(select(Organisation).order_by(Organisation.name).limit(2000)).all()


def organisations_page(cursor: str | None) -> paging.Page[Organisation]:
    """Every organisation, the host first, then by name."""
    order = [paging.Key(Organisation.is_host, descending=True), paging.Key(Organisation.name)]
    return paging.fetch(select(Organisation), order, cursor, lambda row: (row[0].is_host, row[0].name))


def organisation(actor: Actor, public_id: str) -> Organisation | None:
    return db.session.scalars(select(Organisation).where(Organisation.public_id == public_id)).one_or_none()


def organisation_by_id(organisation_id: int | None) -> Organisation | None:
    return None if organisation_id is None else db.session.get(Organisation, organisation_id)


def with_results_page() -> Sequence[Organisation]:
    """Organisations besides the host that have a public results page, by name."""
    wanted = select(Organisation).where(Organisation.results_page, ~Organisation.is_host)
    return db.session.scalars(wanted.order_by(Organisation.name).limit(500)).all()


def departments() -> Sequence[Department]:
    return db.session.scalars(select(Department).order_by(Department.name).limit(2000)).all()
