"""The people of the demo: the host, the cast with their roles, and the crowd that makes 1,850."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from innovation.exchange.service.demo import names
from innovation.exchange.service.demo.telling import SEED, Demo
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import use_case
from innovation.people.models import CircleMembership, EmailAddress, Organisation, Person
from innovation.people.service import grants
from innovation.people.service.importing import take_in_person
from innovation.rules.predicates import Role
from innovation.voting.queries.groups import group_key

SOURCE = "demo"
CIRCLES = {"staff": Circle.STAFF, "partner": Circle.PARTNER, "invited": Circle.EXPERT, "public": Circle.PUBLIC}


@use_case(None)
def write_people(*, actor: Actor, demo: Demo) -> None:
    """Write the host and everybody in the demo, and remember who is who."""
    now = clock.now()
    host = demo.programme["host"]
    db.session.add(Organisation(name=host["name"], is_host=True, about=host["sentence"]))
    db.session.flush()
    organisations: dict[str, int | None] = {"": None}
    departments: dict[str, int | None] = {"": None}
    cast = demo.programme["person"]
    counts = dict(names.STORY_COUNTS)
    taken: set[str] = set()
    fresh: list[tuple[str, str, Person]] = []
    for row in cast:
        counts[row["circle"]] -= 1
        person = _person(row["key"], row, row["job"], now, organisations, departments, taken)
        fresh.append((row["key"], row["circle"], person))
    for number, row in enumerate(names.people(SEED, counts)):
        values = {
            "name": row.name,
            "email": row.email,
            "circle": row.circle,
            "organisation": row.organisation or "",
            "department": row.department or "",
            "language": row.language,
        }
        fresh.append(
            (f"person-{number}", row.circle, _person(f"person-{number}", values, "", now, organisations, departments, taken))
        )
    db.session.flush()
    keys = {row["key"] for row in cast}
    for key, circle, person in fresh:
        demo.ids[key] = person.id
        if key not in keys:
            demo.crowd.setdefault(circle, []).append(person.id)
    _remember_circles(demo)
    for row in cast:
        if row["role"] == "manager":
            for role in (Role.MANAGER, Role.ADMINISTRATOR):
                grants.give(actor=actor, person_id=demo.ids[row["key"]], role=role, scope="host", scope_id=0, now=now)


def _person(
    key: str,
    row: dict[str, Any],
    job: str,
    now: datetime,
    organisations: dict[str, int | None],
    departments: dict[str, int | None],
    taken: set[str],
) -> Person:
    return take_in_person(
        source=SOURCE,
        foreign_id=key,
        name=row["name"],
        email=row["email"],
        circle=CIRCLES[row["circle"]],
        organisation=row.get("organisation", ""),
        department=row.get("department", ""),
        language=row["language"],
        now=now,
        taken=taken,
        organisations=organisations,
        departments=departments,
        columns={"demo": True, "job_title": job},
    )


def _remember_circles(demo: Demo) -> None:
    columns = (CircleMembership.circle, CircleMembership.organisation_id, CircleMembership.department_id)
    for person_id, circle, organisation_id, department_id in db.session.execute(
        select(CircleMembership.person_id, *columns)
    ):
        demo.circle[person_id] = (circle, organisation_id, group_key(circle, organisation_id, department_id))
    demo.emails = dict(db.session.execute(select(EmailAddress.person_id, EmailAddress.typed)).all())
