"""People: who is new, and who is here already, known by his old id or his address. What he set himself stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from innovation.exchange.service.loading.entries import take_in_people
from innovation.exchange.service.mapping.meaning import Entry, Mapping
from innovation.exchange.service.mapping.sorting.referring import people_addressed
from innovation.exchange.service.mapping.task import Place, Sorted, load_of
from innovation.exchange.service.rows import PersonRow
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.events import emit
from innovation.people.events import CircleChanged
from innovation.people.models import CircleMembership, Person
from innovation.people.service.accounts import place as put
from innovation.people.service.importing import known_people
from innovation.people.service.invitations import department_named, organisation_named

_PLACED = ("circle", "organisation", "department")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands: circle, organisation, department."""

    circle: str
    organisation: str
    department: str


def sort(place: Place, entries: Sequence[Entry]) -> Sorted:
    """Tell new people from those who are here, and from those who will stand elsewhere by this file."""
    found = Sorted()
    rows = [(entry, entry.row) for entry in entries if isinstance(entry.row, PersonRow)]
    old = known_people(place.task.source, [row.foreign_id for _, row in rows])
    addressed = people_addressed([row.email for _, row in rows if row.email])
    here = _standings({*old.values(), *addressed.values()})
    taken = dict(place.seen)
    for entry, row in rows:
        by_id, by_address = old.get(row.foreign_id), addressed.get(row.email or "")
        if by_id is not None and by_address is not None and by_id != by_address:
            found.refuse(entry, "address_taken", field="email", value=row.email or "")
        elif (person := by_id if by_id is not None else by_address) is not None:
            found.ids[row.foreign_id] = person
            stays = _wanted(place.task.mapping, row, here.get(person)) == here.get(person)
            (found.known if stays else found.changed).append(entry)
        elif row.email and f"@{row.email.lower()}" in taken:
            found.refuse(entry, "twice", kind="person", id=row.email)
        else:
            found.new.append(entry)
        if row.email:
            taken[f"@{row.email.lower()}"] = ""
    return found


def write(place: Place, found: Sorted) -> None:
    """Make who is new; put who changed where the file says, except where a sign-in provider says it. Nobody is mailed."""
    take_in_people(
        actor=place.importer,
        work=load_of(place),
        rows=[each.row for each in found.new if isinstance(each.row, PersonRow)],
    )
    people = {
        person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(set(found.ids.values()))))
    }
    here = _standings(set(found.ids.values()))
    moved = {entry.line.number for entry in found.changed}
    for entry in (*found.known, *found.changed):
        if not isinstance(entry.row, PersonRow):
            continue
        person = people[found.ids[entry.row.foreign_id]]
        if person.source is None and entry.row.foreign_id != (entry.row.email or "").lower():
            person.source, person.foreign_id = place.task.source, entry.row.foreign_id
        if entry.line.number in moved:
            _move(place.importer, person, _wanted(place.task.mapping, entry.row, here.get(person.id)), place.now)


def _move(actor: Actor, person: Person, to: Standing | None, now: datetime) -> None:
    if to is None:
        return
    organisation, department = organisation_named(to.organisation), department_named(to.department)
    put(person, Circle(to.circle), organisation, department, "import", now)
    emit(CircleChanged(person_id=person.id, circle=to.circle), actor=actor, now=now)


def _wanted(mapping: Mapping, row: PersonRow, now: Standing | None) -> Standing | None:
    """Where a row wants somebody: what it does not say stays. None where that is not for a file to say."""
    if now is None:
        return None
    circle, organisation, department = (
        (getattr(row, name) if mapping.given(name) else "") or getattr(now, name) for name in _PLACED
    )
    return Standing(circle, organisation, department if circle == Circle.STAFF else "")


def _standings(people: set[int]) -> dict[int, Standing]:
    """Where people stand whom a file may place; whom a sign-in provider places is not among them."""
    rows = db.session.scalars(
        select(CircleMembership)
        .options(joinedload(CircleMembership.organisation), joinedload(CircleMembership.department))
        .where(
            CircleMembership.person_id.in_(people),
            CircleMembership.valid_to.is_(None),
            CircleMembership.verified_by != "provider",
        )
    )
    return {
        row.person_id: Standing(
            row.circle, row.organisation.name if row.organisation else "", row.department.name if row.department else ""
        )
        for row in rows
    }
