"""Reading persons: by id, by address, by name; where their mail goes, and as whom they act."""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Iterable

from sqlalchemy import and_, func, or_, select

from innovation.kernel import paging
from innovation.kernel.actor import Actor, Circle, Grant, Origin
from innovation.kernel.db import db
from innovation.kernel.usecase import general_roles, roles_of
from innovation.people.models import CircleMembership, EmailAddress, GrantRow, Organisation, Person
from innovation.rules.predicates import Role


@roles_of(Person)
def _roles_on_person(actor: Actor, person: Person) -> frozenset[Role]:
    return general_roles(actor)


def email_key(typed: str) -> str:
    """The form under which an address is unique: NFKC, lower case, domain in IDNA."""
    local, _, domain = unicodedata.normalize("NFKC", typed.strip()).rpartition("@")
    # What is no domain name stays as it is: a form has refused it by then, an import keeps it.
    with contextlib.suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    return f"{local.lower()}@{domain.lower()}"


def actor(person_id: int, origin: Origin = Origin.WEB) -> Actor:
    """A person as an actor, outside any sign-in: for the command line, imports and tests.

    Raises:
        LookupError: there is no such person.
    """
    found = actors([person_id], origin)
    if not found:
        raise LookupError(f"no person {person_id}")
    return found[person_id]


def actors(person_ids: Iterable[int], origin: Origin = Origin.WEB) -> dict[int, Actor]:
    """People as actors by id, with everything granted to them: three queries, however many they are."""
    wanted = list(set(person_ids))
    people = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted))).all()
    circles = {
        row.person_id: row
        for row in db.session.scalars(
            select(CircleMembership).where(CircleMembership.person_id.in_(wanted), CircleMembership.valid_to.is_(None))
        )
    }
    grants: dict[int, set[Grant]] = {}
    for row in db.session.scalars(select(GrantRow).where(GrantRow.person_id.in_(wanted), GrantRow.valid_to.is_(None))):
        grants.setdefault(row.person_id, set()).add(Grant(Role(row.role), row.scope, row.scope_id))
    return {person_id: _as_actor(person_id, name, circles.get(person_id), grants, origin) for person_id, name in people}


def _as_actor(
    person_id: int, name: str, circle: CircleMembership | None, grants: dict[int, set[Grant]], origin: Origin
) -> Actor:
    return Actor(
        person_id=person_id,
        name=name,
        circle=Circle(circle.circle) if circle else None,
        organisation_id=circle.organisation_id if circle else None,
        department_id=circle.department_id if circle else None,
        grants=frozenset(grants.get(person_id, ())),
        origin=origin,
    )


def get(actor: Actor, public_id: str) -> Person | None:
    """A person as managers and administrators see him."""
    return db.session.scalars(select(Person).where(Person.public_id == public_id, Person.erased_at.is_(None))).one_or_none()


def by_email(typed: str) -> Person | None:
    """The person who has this address, confirmed or not."""
    return db.session.scalars(
        select(Person).join(EmailAddress).where(EmailAddress.key == email_key(typed), Person.erased_at.is_(None))
    ).one_or_none()


def address_of(person_id: int) -> EmailAddress | None:
    """Where a person's mail goes: a confirmed address before one that is not."""
    return db.session.scalars(
        select(EmailAddress)
        .where(EmailAddress.person_id == person_id)
        .order_by(EmailAddress.verified_at.is_(None), EmailAddress.id)
        .limit(1)
    ).one_or_none()


def recipients(person_ids: Iterable[int]) -> list[tuple[int, str, str]]:
    """(person id, address, language) of the people who can be written to."""
    found = db.session.execute(
        select(Person.id, EmailAddress.typed, Person.language)
        .join(EmailAddress, EmailAddress.person_id == Person.id)
        .where(
            Person.id.in_(list(person_ids)),
            EmailAddress.verified_at.is_not(None),
            Person.disabled_at.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(Person.id, EmailAddress.id)
    ).all()
    firsts: dict[int, tuple[int, str, str]] = {}
    for person_id, typed, language in found:
        firsts.setdefault(person_id, (person_id, typed, language))
    return list(firsts.values())


def names(person_ids: Iterable[int]) -> dict[int, str]:
    """Names by person id; an erased person has none and is missing."""
    wanted = list(set(person_ids))
    if not wanted:
        return {}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted), Person.erased_at.is_(None)))
    return {row.id: row.name for row in rows}


def persons(person_ids: Iterable[int]) -> list[Person]:
    """People by id, in the order asked for; an erased one is missing."""
    wanted = list(person_ids)
    rows = db.session.scalars(select(Person).where(Person.id.in_(wanted), Person.erased_at.is_(None)))
    found = {person.id: person for person in rows}
    return [found[each] for each in wanted if each in found]


def people_page(
    search: str, circle: str, cursor: str | None, size: int = paging.PAGE
) -> paging.Page[tuple[Person, CircleMembership | None, str | None]]:
    """People by name, with circle and organisation: one query."""
    statement = (
        select(Person, CircleMembership, Organisation.name)
        .outerjoin(CircleMembership, and_(CircleMembership.person_id == Person.id, CircleMembership.valid_to.is_(None)))
        .outerjoin(Organisation, Organisation.id == CircleMembership.organisation_id)
        .where(Person.erased_at.is_(None))
    )
    if circle:
        statement = statement.where(CircleMembership.circle == circle)
    if search:
        like = f"%{search.lower()}%"
        statement = statement.where(or_(func.lower(Person.name).like(like), func.lower(Organisation.name).like(like)))
    return paging.fetch(
        statement, [paging.Key(Person.name), paging.Key(Person.id)], cursor, lambda row: (row[0].name, row[0].id), size
    )
