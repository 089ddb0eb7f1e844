"""Reading the full part of a brief: how it stands for somebody, who asked for it, and who opened it when.

What counts as one opening: every time the text is handed out at its own address, a second later included. Files of a
challenge belong to its summary and are read with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from innovation.challenges.models import Challenge, FullOpening
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import roles
from innovation.people.models import Person
from innovation.rules.predicates import Role

OPENED = "FullBriefOpened"
MOST_WAITING = 50


class Stand(StrEnum):
    """How the full part of a brief stands for one person."""

    NONE = "none"
    SIGN_IN = "sign_in"
    CLOSED = "closed"
    ACCEPT = "accept"
    ACCEPT_ANEW = "accept_anew"
    ASK = "ask"
    ASKED = "asked"
    REFUSED = "refused"
    OPEN = "open"
    OWN = "own"


FULL_READABLE = frozenset({Stand.OPEN, Stand.OWN})


def full_terms_hash(challenge: Challenge) -> str:
    """SHA-256 of a full part's confidentiality terms; line ends and spaces around the text do not count."""
    text = challenge.full_terms.replace("\r\n", "\n").strip()
    return hashlib.sha256(text.encode()).hexdigest()


def opening(person_id: int | None, challenge_id: int) -> FullOpening | None:
    """Somebody's leave to read a full part, or his request for it; read anew."""
    return db.session.scalars(
        select(FullOpening)
        .where(FullOpening.challenge_id == challenge_id, FullOpening.person_id == person_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def full_stand(actor: Actor, challenge: Challenge) -> Stand:
    """How the full part stands for this person: at most one query, none where there is no full part.

    Sponsors and managers read it as their own. The panel needs nobody's leave, but accepts the terms like everybody else.
    An administrator has no more of it than anybody of his circle.
    """
    if challenge.full_access == "none":
        return Stand.NONE
    mine = roles(actor, challenge)
    if mine & {Role.SPONSOR, Role.MANAGER}:
        return Stand.OWN
    if not actor.signed_in:
        return Stand.SIGN_IN
    if not mine & {Role.AUDIENCE, Role.PANEL}:
        return Stand.CLOSED
    row = opening(actor.person_id, challenge.id)
    waits = challenge.full_access == "approval" and Role.PANEL not in mine
    if row is None:
        return Stand.ASK if waits else Stand.ACCEPT
    if row.state == "refused":
        return Stand.REFUSED
    if row.state == "asked" and waits:
        return Stand.ASKED
    if row.state == "asked":
        return Stand.ACCEPT
    return Stand.OPEN if row.terms_hash == full_terms_hash(challenge) else Stand.ACCEPT_ANEW


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who asked for a full part; the name is None where he is no longer here."""

    row: FullOpening
    name: str | None
    public_id: str


@dataclass(frozen=True, slots=True)
class Opened:
    """One opening of a full part, and the hash of the terms under which it was read (none were needed: empty)."""

    name: str | None
    reference: str
    at: datetime
    terms_hash: str


def full_waiting(challenge: Challenge) -> Sequence[Reader]:
    """Who waits for an answer, the longest first."""
    rows = db.session.execute(
        select(FullOpening, Person)
        .join(Person, Person.id == FullOpening.person_id)
        .where(FullOpening.challenge_id == challenge.id, FullOpening.state == "asked")
        .order_by(FullOpening.asked_at, FullOpening.id)
        .limit(MOST_WAITING)
    )
    return [_reader(row, person) for row, person in rows]


def full_readers(challenge: Challenge, cursor: str | None) -> paging.Page[Reader]:
    """Who was answered, the latest first."""
    statement = (
        select(FullOpening, Person)
        .join(Person, Person.id == FullOpening.person_id)
        .where(FullOpening.challenge_id == challenge.id, FullOpening.state != "asked")
    )
    found = paging.fetch(statement, [paging.Key(FullOpening.id, True)], cursor, lambda row: (row[0].id,))
    return paging.Page([_reader(*row) for row in found.items], found.next, found.first)


def full_openings(challenge: Challenge, cursor: str | None = None, size: int = paging.PAGE) -> paging.Page[Opened]:
    """Every opening of a challenge's full part, the latest first."""
    statement = (
        select(Event, Person)
        .join(Person, Person.id == Event.actor_id)
        .where(Event.challenge_id == challenge.id, Event.name == OPENED)
    )
    found = paging.fetch(statement, [paging.Key(Event.id, True)], cursor, lambda row: (row[0].id,), size)
    return paging.Page([_opened(*row) for row in found.items], found.next, found.first)


def all_full_openings(challenge: Challenge) -> Iterator[Opened]:
    """Every opening, page by page, for a file."""
    cursor: str | None = None
    while True:
        page = full_openings(challenge, cursor, 500)
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


def _reader(row: FullOpening, person: Person) -> Reader:
    return Reader(row, person.name if person.erased_at is None else None, person.public_id)


def _opened(event: Event, person: Person) -> Opened:
    name = person.name if person.erased_at is None else None
    return Opened(name, person.public_id, event.occurred_at, event.payload.get("terms_hash", ""))
