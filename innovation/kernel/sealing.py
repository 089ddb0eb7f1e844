"""Sealing facts into a chain, behind the writers' backs, and checking the chain.

``hash_n = SHA-256(hash_{n-1} || canonical JSON of the fact)``. Writers never wait: one sealer, alone by the database's
lock, takes committed facts every few seconds in the order of their ids. A fact that commits late is sealed late.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import func, select

from innovation.kernel import queue
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction

_START = "0" * 64
_BATCH = 2000


def fact_hash(event: Event, previous: str) -> str:
    """The hash that seals a fact behind the one before it."""
    body = {
        "id": event.id,
        "name": event.name,
        "version": event.version,
        "actor_id": event.actor_id,
        "origin": event.origin,
        "programme_id": event.programme_id,
        "challenge_id": event.challenge_id,
        "idea_id": event.idea_id,
        "project_id": event.project_id,
        "payload": event.payload,
        "occurred_at": event.occurred_at.isoformat(),
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256((previous + text).encode()).hexdigest()


def head() -> tuple[int, str]:
    """Number and hash of the last sealed fact; (0, zeros) before the first."""
    row = db.session.execute(
        select(Event.seal_no, Event.hash).where(Event.seal_no.is_not(None)).order_by(Event.seal_no.desc()).limit(1)
    ).first()
    return (row[0], str(row[1])) if row and row[0] else (0, _START)


@queue.every(name="kernel.seal", seconds=5)
def seal() -> int:
    """Chain every committed fact that is not sealed yet. Returns how many."""
    sealed = 0
    while True:
        with transaction():
            if db.session.get_bind().dialect.name == "postgresql":
                # One sealer at a time: two would give two facts the same number.
                db.session.execute(select(func.pg_advisory_xact_lock(7_310_001)))
            number, previous = head()
            batch = db.session.scalars(select(Event).where(Event.seal_no.is_(None)).order_by(Event.id).limit(_BATCH)).all()
            for event in batch:
                number += 1
                event.previous_hash, event.hash = previous, fact_hash(event, previous)
                event.seal_no, previous = number, event.hash
        sealed += len(batch)
        if len(batch) < _BATCH:
            return sealed


@dataclass(frozen=True, slots=True)
class ChainReport:
    """How the chain stands: facts sealed, facts waiting, and the id of the first fact that does not fit."""

    sealed: int
    waiting: int
    broken_at: int | None


def check() -> ChainReport:
    """Recompute the whole chain and compare."""
    previous, number, broken = _START, 0, None
    for event in db.session.scalars(
        select(Event).where(Event.seal_no.is_not(None)).order_by(Event.seal_no).execution_options(yield_per=1000)
    ):
        number += 1
        fits = event.seal_no == number and event.previous_hash == previous and event.hash == fact_hash(event, previous)
        if not fits and broken is None:
            broken = event.id
        previous = event.hash or ""
    waiting = db.session.scalar(select(func.count()).select_from(Event).where(Event.seal_no.is_(None))) or 0
    return ChainReport(number, waiting, broken)
