"""Reading sendings: one's own, what is in them, and what the clock finds due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import clock, paging
from innovation.kernel.actor import Actor, Origin
from innovation.kernel.db import db
from innovation.kernel.usecase import general_roles, loader_of, locks_of, roles_of
from innovation.people import queries as people
from innovation.people.models import Person
from innovation.projects.models import Gate
from innovation.rules.predicates import Role
from innovation.rules.sending import LineState, SendingState
from innovation.steering.models import Sending, SendingLine

RECENT = timedelta(days=7)
"""So long a page still shows what somebody sent."""
BATCH = 50


def get(actor: Actor, public_id: str) -> Sending | None:
    """What this person himself decided; nobody reads another's."""
    if actor.person_id is None:
        return None
    return db.session.scalars(
        select(Sending).where(Sending.public_id == public_id, Sending.decided_by == actor.person_id)
    ).one_or_none()


@loader_of(Sending)
def by_id(sending_id: int) -> Sending | None:
    """A sending for the house's own work."""
    return db.session.scalars(select(Sending).where(Sending.id == sending_id)).one_or_none()


def recent(actor: Actor, limit: int = 10) -> Sequence[Sending]:
    """What this person decided and can still stop, and what left or was stopped in the last week, the newest first."""
    if actor.person_id is None:
        return []
    new = or_(Sending.state == SendingState.WAITING, Sending.decided_at > clock.now() - RECENT)
    return db.session.scalars(
        select(Sending).where(Sending.decided_by == actor.person_id, new).order_by(Sending.id.desc()).limit(limit)
    ).all()


def has_any(actor: Actor) -> bool:
    """Whether this person ever decided something for several at once."""
    mine = exists().where(Sending.decided_by == actor.person_id)
    return actor.person_id is not None and bool(db.session.scalar(select(mine)))


def lines(sending: Sending, cursor: str | None) -> paging.Page[SendingLine]:
    """A sending's lines with what each is about, in the order in which they were chosen."""
    return paging.fetch(
        _with_things().where(SendingLine.sending_id == sending.id),
        [paging.Key(SendingLine.id)],
        cursor,
        lambda row: (row[0].id,),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as who decided it may read it: ``title`` is empty where he may not, ``name`` where nobody is reminded."""

    line: SendingLine
    number: int
    title: str
    name: str


def shown(actor: Actor, sending: Sending, found: Sequence[SendingLine]) -> list[Shown]:
    """Some lines in a row, each with its place in the sending and the names that this person may read: three queries."""
    if not found:
        return []
    before = select(func.count()).where(SendingLine.sending_id == sending.id, SendingLine.id < found[0].id)
    first = (db.session.scalar(before) or 0) + 1
    wanted = [each.idea_id for each in found if each.idea_id is not None]
    read = select(Idea.id).join(Idea.challenge).where(Idea.id.in_(wanted), ideas.visible(actor))
    readable = set(db.session.scalars(read))
    unnamed = challenges.unnamed(actor, {each.challenge_id for each in found})
    return [
        Shown(each, number, _title(each, readable), "" if each.challenge_id in unnamed else _name(each))
        for number, each in enumerate(found, first)
    ]


def _title(line: SendingLine, readable: set[int]) -> str:
    if line.idea is not None:
        return line.idea.title if line.idea_id in readable else line.idea.public_id
    if line.inquiry is not None:
        return line.inquiry.text
    return line.gate.project.title if line.gate is not None else line.challenge.title


def _name(line: SendingLine) -> str:
    return line.person.name if line.person is not None and line.person.erased_at is None else ""


def counts(sending_ids: Iterable[int]) -> dict[int, dict[LineState, int]]:
    """How many lines of some sendings stand in which state: one query."""
    rows = db.session.execute(
        select(SendingLine.sending_id, SendingLine.state, func.count())
        .where(SendingLine.sending_id.in_(list(sending_ids)))
        .group_by(SendingLine.sending_id, SendingLine.state)
    )
    found: dict[int, dict[LineState, int]] = {}
    for sending_id, state, number in rows:
        found.setdefault(sending_id, {})[LineState(state)] = number
    return found


def line(sending: Sending, number: int) -> SendingLine | None:
    """One line of a sending by its place in it, counted from 1."""
    return db.session.scalars(
        select(SendingLine)
        .where(SendingLine.sending_id == sending.id)
        .order_by(SendingLine.id)
        .offset(max(number, 1) - 1)
        .limit(1)
    ).one_or_none()


def due(now: datetime) -> Sequence[Sending]:
    """The next sendings whose ten minutes are over, locked; who stops one at this moment waits or was first."""
    return db.session.scalars(
        select(Sending)
        .where(Sending.state == SendingState.WAITING, Sending.goes_at <= now)
        .order_by(Sending.id)
        .limit(BATCH)
        .with_for_update(of=Sending)
        .execution_options(populate_existing=True)
    ).all()


def page(actor: Actor, cursor: str | None) -> paging.Page[Sending]:
    """What this person decided, the newest first."""
    return paging.fetch(
        select(Sending).where(Sending.decided_by == actor.person_id),
        [paging.Key(Sending.id, True)],
        cursor,
        lambda row: (row[0].id,),
    )


def waiting_lines(sending_id: int) -> Sequence[SendingLine]:
    """A sending's lines that nothing was done about yet, the first one first."""
    return db.session.scalars(
        select(SendingLine)
        .where(SendingLine.sending_id == sending_id, SendingLine.state == LineState.WAITING)
        .order_by(SendingLine.id)
    ).all()


def problems(sending_id: int) -> Sequence[str]:
    """Why the lines of a sending could not be carried out, as codes; nothing for one that was."""
    found = select(SendingLine.problem).where(SendingLine.sending_id == sending_id).order_by(SendingLine.id)
    return db.session.scalars(found).all()


def locked_line(line_id: int) -> SendingLine | None:
    """A line and its sending as they are now, the line locked."""
    return db.session.scalars(
        select(SendingLine)
        .options(selectinload(SendingLine.sending))
        .where(SendingLine.id == line_id)
        .with_for_update(of=SendingLine)
        .execution_options(populate_existing=True)
    ).one_or_none()


def line_by_id(line_id: int) -> SendingLine | None:
    """A line with what it is about, for the house's own work."""
    return db.session.scalars(_with_things().where(SendingLine.id == line_id)).one_or_none()


def decider(sending: Sending) -> Actor | None:
    """Who decided a sending, with the rights he has now; None when he is no longer here."""
    person = db.session.get(Person, sending.decided_by)
    if person is None or person.disabled_at is not None or person.erased_at is not None:
        return None
    return people.actor(sending.decided_by, Origin.CLOCK)


def _with_things() -> Select[SendingLine]:
    return select(SendingLine).options(
        joinedload(SendingLine.challenge),
        joinedload(SendingLine.idea).joinedload(Idea.challenge),
        joinedload(SendingLine.inquiry),
        joinedload(SendingLine.gate).joinedload(Gate.project),
        joinedload(SendingLine.person),
    )


@roles_of(Sending)
def roles_on_sending(actor: Actor, sending: Sending) -> frozenset[Role]:
    mine = actor.person_id is not None and actor.person_id == sending.decided_by
    return general_roles(actor) | ({Role.DECIDER} if mine else set())


@locks_of(Sending)
def _locks(sending: Sending) -> Sequence[Select[Any]]:
    return [select(Sending.id).where(Sending.id == sending.id).with_for_update()]
