"""Reading what a person owns here, and who takes it over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.people.models import Invitation, Person, Succession
from innovation.people.queries.granted import grants_of

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Duty:
    """Something a person owns.

    Attributes:
        what: a code, put into words by the page.
        title: what it is called, '' where the reader may not know or where it has no name.
        endpoint, public_id: where to look at it and give it to somebody else; '' for nowhere.
        why: why it would not pass, or did not: a code; '' for nothing in the way.
    """

    what: str
    title: str = ""
    endpoint: str = ""
    public_id: str = ""
    why: str = ""


Find = Callable[[Actor, int, int | None], Sequence[Duty]]
_elsewhere: dict[str, Find] = {}


def also_owned(kind: str, find: Find) -> None:
    """Register who else knows of things that people own: ``find(reader, person id, successor's id)``."""
    _elsewhere[kind] = find


def duties(reader: Actor, person_id: int, successor_id: int | None) -> list[Duty]:
    """What a person owns now, a hundred of a kind at most."""
    found = [Duty(grant.role) for grant in grants_of(person_id) if grant.scope == "host"]
    waiting = (Invitation.invited_by == person_id, Invitation.accepted_at.is_(None), Invitation.expires_at > clock.now())
    if db.session.scalar(select(Invitation.id).where(*waiting).limit(1)) is not None:
        found.append(Duty("invitations", endpoint="pages.invite"))
    for find in _elsewhere.values():
        found.extend(find(reader, person_id, successor_id))
    return found


def succession(person_id: int) -> Succession | None:
    """Who was named to take over from a person."""
    return db.session.scalars(
        select(Succession).where(Succession.person_id == person_id).execution_options(populate_existing=True)
    ).one_or_none()


def successor_of(person_id: int) -> tuple[Succession, Person] | None:
    """The same, with the successor."""
    successor = aliased(Person)
    row = db.session.execute(
        select(Succession, successor)
        .join(successor, successor.id == Succession.successor_id)
        .where(Succession.person_id == person_id)
    ).one_or_none()
    return (row[0], row[1]) if row else None
