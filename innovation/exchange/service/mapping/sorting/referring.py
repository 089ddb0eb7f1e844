"""What rows refer to, found here: by the old id of an earlier import of the same source, by address, or by our own name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from innovation.challenges.models import Challenge
from innovation.exchange.service.mapping.meaning import Entry
from innovation.exchange.service.mapping.task import Place, Sorted
from innovation.ideas.models import Idea
from innovation.kernel.db import db
from innovation.kernel.usecase import may
from innovation.people.models import EmailAddress, Person
from innovation.people.queries import email_key
from innovation.people.service.importing import known_people
from innovation.rules.policy import May


def people_named(source: str, names: Iterable[str]) -> dict[str, int]:
    """Person ids by old id or address, of those that are here and not erased."""
    wanted = sorted(set(names))
    found = known_people(source, (name for name in wanted if "@" not in name))
    return found | people_addressed([name for name in wanted if "@" in name])


def people_addressed(addresses: Sequence[str]) -> dict[str, int]:
    """Person ids by address as it was given."""
    keys = {email_key(address): address for address in addresses}
    rows = db.session.execute(
        select(EmailAddress.key, EmailAddress.person_id)
        .join(Person, Person.id == EmailAddress.person_id)
        .where(EmailAddress.key.in_(sorted(keys)), Person.erased_at.is_(None))
    )
    return {keys[key]: person_id for key, person_id in rows}


def challenges_named(place: Place, names: Iterable[str]) -> dict[str, Challenge]:
    """Challenges by old id or public id, of those this person may bring something into."""
    return {name: row for name, row in _named(Challenge, place.task.source, names).items() if _may(place, row)}


def ideas_named(place: Place, names: Iterable[str]) -> dict[str, Idea]:
    """Ideas by old id or public id, with their challenges, of challenges this person may bring something into."""
    found = _named(Idea, place.task.source, names, joinedload(Idea.challenge))
    open_to: dict[int, bool] = {}
    for idea in found.values():
        if idea.challenge_id not in open_to:
            open_to[idea.challenge_id] = _may(place, idea.challenge)
    # A draft is its authors' alone; to the rest of the house it is not there.
    return {name: idea for name, idea in found.items() if open_to[idea.challenge_id] and idea.submitted_at is not None}


def refer(found: Sorted, entry: Entry, field: str, value: str) -> None:
    """Refuse a row for what it refers to and what is not here."""
    found.refuse(entry, "not_here", field=field, id=value[:80])


def known_ids(table: type[Any], source: str, foreign_ids: Sequence[str]) -> set[str]:
    """Which old ids of a source are here already."""
    rows = select(table.foreign_id).where(table.source == source, table.foreign_id.in_(sorted(set(foreign_ids))))
    return {str(each) for each in db.session.scalars(rows)}


def _named(table: type[Any], source: str, names: Iterable[str], *options: Any) -> dict[str, Any]:
    wanted = sorted(set(names))
    by_old = select(table).options(*options).where(table.source == source, table.foreign_id.in_(wanted))
    by_ours = select(table).options(*options).where(table.public_id.in_([name for name in wanted if len(name) == 10]))
    here = {row.public_id: row for row in db.session.scalars(by_ours)}
    return here | {str(row.foreign_id): row for row in db.session.scalars(by_old)}


def _may(place: Place, challenge: Challenge) -> bool:
    return may(place.who, May.IMPORT_INTO, challenge)
