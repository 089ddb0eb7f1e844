"""Facts: what happened, in the past tense, written in the transaction that made it so.

A fact is a row of ``event``; for each subscriber it has a row of ``delivery``. Together they are the outbox: what is
committed will be delivered, and what is rolled back never happened. Payloads hold ids, codes and numbers, never texts
or names, because the rows are sealed for good.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from innovation.kernel import clock, ids
from innovation.kernel.actor import Actor, Origin
from innovation.kernel.db import Base, BigInt, JsonB, Keyed, db
from innovation.kernel.mail import Letter

_SCOPE = ("programme_id", "challenge_id", "idea_id", "project_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Base of every fact. Subclasses are frozen dataclasses named in the past tense."""

    VERSION: ClassVar[int] = 1

    programme_id: int | None = None
    challenge_id: int | None = None
    idea_id: int | None = None
    project_id: int | None = None


class Event(Keyed, Base):
    """A fact as it is kept: audit trail, activity stream and outbox in one."""

    __tablename__ = "event"
    __table_args__ = (
        Index(
            "ix_event_unsealed", "id", sqlite_where=db.text("seal_no IS NULL"), postgresql_where=db.text("seal_no IS NULL")
        ),
        Index("ix_event_challenge_id_id", "challenge_id", "id"),
        Index("ix_event_idea_id_id", "idea_id", "id"),
        Index("ix_event_project_id_id", "project_id", "id"),
        Index("ix_event_actor_id_id", "actor_id", "id"),
    )

    name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    actor_id: Mapped[int | None]
    origin: Mapped[str] = mapped_column(String(10))
    programme_id: Mapped[int | None]
    challenge_id: Mapped[int | None]
    idea_id: Mapped[int | None]
    project_id: Mapped[int | None]
    payload: Mapped[dict[str, Any]] = mapped_column(JsonB)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    request_id: Mapped[str] = mapped_column(String(32))
    seal_no: Mapped[int | None] = mapped_column(BigInt, unique=True)
    previous_hash: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str | None] = mapped_column(String(64))


class DeliveryState(StrEnum):
    DUE = "due"
    DONE = "done"
    FAILED = "failed"


class Delivery(Keyed, Base):
    """One subscriber's share of one fact. ``key`` tells several of one handler apart (a message's id)."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "handler", "key"),
        CheckConstraint("state IN ('due', 'done', 'failed')", name="state"),
        Index("ix_delivery_due", "due_at", sqlite_where=db.text("state = 'due'"), postgresql_where=db.text("state = 'due'")),
        Index(
            "ix_delivery_failed",
            "id",
            sqlite_where=db.text("state = 'failed'"),
            postgresql_where=db.text("state = 'failed'"),
        ),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    handler: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(10), default=DeliveryState.DUE)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    poked_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A handler under its stable name.

    ``apart`` is False for database work (the effect and the mark commit together: twice is once) and True for what
    reaches outside or takes several transactions (claimed first, acted on with none open, marked under the fence).
    ``shows`` tells what a handler of mails would send, without sending it; a rehearsal asks for that.
    """

    name: str
    run: Callable[[Event, Delivery], None]
    apart: bool
    imports: bool
    shows: Callable[[Event, Delivery], Letter | None] | None = None


_F = TypeVar("_F", bound=Callable[..., None])
_by_fact: dict[str, list[Subscriber]] = {}
_by_name: dict[str, Subscriber] = {}
_complete = False

after_commit: list[Callable[[Sequence[int]], None]] = []
"""Called with the ids of the deliveries that a commit made; the queue's poke registers here."""


def on(
    *facts: type[Fact],
    name: str,
    apart: bool = False,
    imports: bool = False,
    shows: Callable[[Event, Delivery], Letter | None] | None = None,
) -> Callable[[_F], _F]:
    """Register a handler of facts under a stable name.

    Args:
        facts: the facts it wants; none for a handler that only :func:`deliver_later` calls.
        name: ``<feature>.<what it does>``; stored in every delivery, so it never changes.
        apart: see :class:`Subscriber`.
        imports: whether it also wants facts of imported records (nothing that mails anyone does).
        shows: see :class:`Subscriber`.
    """

    def register(run: _F) -> _F:
        subscriber = Subscriber(name, run, apart, imports, shows)
        if name in _by_name and _by_name[name].run.__module__ != run.__module__:
            raise ValueError(f"two handlers are called {name}")
        _by_name[name] = subscriber
        for fact in facts:
            _by_fact.setdefault(fact.__name__, []).append(subscriber)
        return run

    return register


def complete() -> None:
    """Say that every handler is registered; before this, :func:`emit` refuses to lose deliveries."""
    global _complete
    _complete = True


def subscriber(name: str) -> Subscriber | None:
    """The handler of that name, or None when this code has none (any more)."""
    return _by_name.get(name)


def emit(fact: Fact, *, actor: Actor, now: datetime) -> Event:
    """State a fact: one event row and one delivery row per subscriber, in the transaction under way.

    Args:
        fact: what happened.
        actor: who did it, and through which door.
        now: when it happened (for an imported record, when it happened there).

    Raises:
        RuntimeError: handlers are not registered yet, so deliveries would be lost.
    """
    if not _complete:
        raise RuntimeError("facts cannot be stated before every handler is registered")
    values = dataclasses.asdict(fact)
    event = Event(
        name=type(fact).__name__,
        version=fact.VERSION,
        actor_id=actor.person_id,
        origin=actor.origin,
        **{key: values.pop(key) for key in _SCOPE},
        payload=values,
        occurred_at=now,
        recorded_at=clock.now(),
        request_id=db.session.info.get("request_id") or ids.request_id(),
    )
    db.session.add(event)
    db.session.flush()
    for each in _by_fact.get(event.name, ()):
        if actor.origin != Origin.IMPORT or each.imports:
            deliver_later(event, each.name)
    return event


def deliver_later(event: Event, handler: str, key: str = "", due_at: datetime | None = None) -> None:
    """Add one delivery of a fact, to be carried out after the commit under way."""
    delivery = Delivery(event_id=event.id, handler=handler, key=key, due_at=due_at or event.recorded_at)
    db.session.add(delivery)
    db.session.info.setdefault("deliveries", []).append(delivery)


def announce_commit(session: Session) -> None:
    """Hand the ids of what a commit made to the queue."""
    made = session.info.pop("deliveries", [])
    if made:
        for hook in after_commit:
            hook([delivery.id for delivery in made])
