"""Taking in people from elsewhere, inside an importer's use case. They have no password."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from innovation.kernel.actor import Circle
from innovation.kernel.db import db, insert_many
from innovation.people import queries
from innovation.people.models import CircleMembership, EmailAddress, Person
from innovation.people.service.invitations import department_named, organisation_named


def known_people(source: str, foreign_ids: Iterable[str]) -> dict[str, int]:
    """Person ids by foreign id, of those a source brought before."""
    wanted = list(foreign_ids)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), 500):
        rows = db.session.execute(
            select(Person.foreign_id, Person.id).where(
                Person.source == source, Person.foreign_id.in_(wanted[start : start + 500])
            )
        )
        found |= {str(foreign_id): person_id for foreign_id, person_id in rows}
    return found


def taken_addresses(emails: Iterable[str]) -> set[str]:
    """The keys of those addresses that belong to somebody already."""
    keys = sorted({queries.email_key(email) for email in emails})
    found: set[str] = set()
    for start in range(0, len(keys), 500):
        found |= set(db.session.scalars(select(EmailAddress.key).where(EmailAddress.key.in_(keys[start : start + 500]))))
    return found


def take_in_person(
    *,
    source: str,
    foreign_id: str,
    name: str,
    email: str | None,
    circle: Circle,
    organisation: str,
    department: str,
    language: str,
    now: datetime,
    taken: set[str],
    organisations: dict[str, int | None] | None = None,
    departments: dict[str, int | None] | None = None,
    columns: Mapping[str, object] | None = None,
) -> Person:
    """A person with circle and (where given and free) address.

    Args:
        taken: the keys of addresses that belong to somebody (:func:`taken_addresses`); this person's is added.
        organisations, departments: ids by name, filled as they are met, so that a long list asks once a name.
        columns: further columns of the person.

    Raises:
        ValueError: the address belongs to somebody else; the person is not made.
    """
    organisations = {} if organisations is None else organisations
    departments = {} if departments is None else departments
    key = queries.email_key(email) if email else None
    if key in taken:
        raise ValueError("address_taken")
    if organisation not in organisations:
        organisations[organisation] = organisation_named(organisation)
    if department not in departments:
        departments[department] = department_named(department)
    person = Person(
        source=source, foreign_id=foreign_id, name=name, language=language, created_at=now, **dict(columns or {})
    )
    person.circles = [
        CircleMembership(
            circle=circle,
            organisation_id=organisations[organisation],
            department_id=departments[department],
            verified_by="import",
            valid_from=now,
        )
    ]
    person.addresses = [EmailAddress(typed=email.strip(), key=queries.email_key(email), verified_at=now)] if email else []
    db.session.add(person)
    return person


def take_in_voters(source: str, names: Sequence[tuple[str, str]], now: datetime) -> tuple[dict[str, int], int]:
    """People of the public, without account or address, by the thousand; those the source brought before stay.

    Args:
        names: (foreign id, name) of each, every id once.

    Returns:
        Person ids by foreign id, of everybody the source ever brought, and how many are new.
    """
    known = _of_source(source)
    fresh = [(foreign_id, name) for foreign_id, name in names if foreign_id not in known]
    if not fresh:
        return known, 0
    insert_many(
        Person,
        [{"source": source, "foreign_id": foreign_id, "name": name, "created_at": now} for foreign_id, name in fresh],
    )
    everyone = _of_source(source)
    insert_many(
        CircleMembership,
        [
            {"person_id": person_id, "circle": Circle.PUBLIC, "verified_by": "import", "valid_from": now}
            for person_id in (everyone[foreign_id] for foreign_id, _ in fresh)
        ],
    )
    return everyone, len(fresh)


def _of_source(source: str) -> dict[str, int]:
    rows = db.session.execute(select(Person.foreign_id, Person.id).where(Person.source == source))
    return {str(foreign_id): person_id for foreign_id, person_id in rows}
