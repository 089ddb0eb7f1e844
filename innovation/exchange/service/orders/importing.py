"""Taking the ideas of a file into a challenge: looked through first, then a few hundred rows at a time, each once."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.exchange.models import Order
from innovation.exchange.service import csv_files
from innovation.exchange.service.loading.progress import Load, people_by_name
from innovation.exchange.service.orders.asking import require_open
from innovation.exchange.service.orders.progress import under_way
from innovation.exchange.service.rows import Bundle, IdeaRow, Problem, Where
from innovation.ideas.models import Idea
from innovation.ideas.service.importing import take_in_idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Refused
from innovation.kernel.files import Store
from innovation.kernel.usecase import AT_LOCK, may, use_case
from innovation.people import queries as people
from innovation.rules.policy import May

BATCH = 300
MOST_ROWS = 20_000
"""Longer files are for the command line."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file looked through: how many ideas would be new, how many are here already, and what is wrong, row by row."""

    new: int
    known: int
    problems: Sequence[Problem]


def checked(content: bytes, challenge: Challenge, now: datetime) -> Checked:
    """Look a file through without writing anything."""
    rows, problems = _read(content, challenge, now)
    known = _known(challenge, [row.foreign_id for row in rows])
    return Checked(sum(row.foreign_id not in known for row in rows), len(known), problems)


@use_case(None)
def take_in(*, actor: Actor, order_id: int, content: bytes, now: datetime = AT_LOCK) -> bool:
    """Take in the next rows of a file. A row that is here already, by its id and challenge, stays as it is.

    Args:
        actor: the house, as an import: nobody is mailed of what is taken in.

    Returns:
        Whether there is more; False too once the order has ended or was cancelled.

    Raises:
        Refused: who asked may no longer take ideas in.
        NotNow: the challenge no longer takes ideas.
    """
    order = under_way(actor, order_id, now)
    if order is None or order.challenge is None:
        return False
    challenge = order.challenge
    if order.asked_by is None or not may(people.actor(order.asked_by), May.IMPORT_IDEAS, challenge):
        raise Refused("import")
    require_open(challenge)
    rows, problems = _read(content, challenge, now)
    start = int(order.cursor or 0)
    batch = rows[start : start + BATCH]
    known = _known(challenge, [row.foreign_id for row in batch])
    fresh = [row for row in batch if row.foreign_id not in known]
    authors = _authors(challenge, fresh, actor)
    for row in fresh:
        take_in_idea(
            actor=actor,
            challenge=challenge,
            source=_source(challenge),
            foreign_id=row.foreign_id,
            title=row.title,
            text=row.text,
            requested_minor=row.requested,
            language=row.language,
            url=row.url,
            author_ids=[authors[name] for name in row.authors if name in authors],
            submitted_at=min(row.submitted_at or now, now),
            withdrawn=row.state == "withdrawn",
            answers=row.answers,
        )
    order.done, order.total = start + len(batch), len(rows)
    order.cursor = str(order.done)
    order.params = order.params | {"new": int(order.params.get("new", 0)) + len(fresh), "left_out": _left_out(problems)}
    return order.done < len(rows)


def file_of(order: Order, store: Store) -> bytes:
    """The file that an import brought."""
    return b"".join(store.get(order.file_key))


def _source(challenge: Challenge) -> str:
    """What goes with the ids of a challenge's files: the same id in another challenge is another idea."""
    return f"file:{challenge.public_id}"


def _read(content: bytes, challenge: Challenge, now: datetime) -> tuple[Sequence[IdeaRow], Sequence[Problem]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ideas.csv"
        path.write_bytes(content)
        found = csv_files.read_ideas(path, challenge.public_id, challenge.currency, challenges.questions(challenge.id))
    rows, problems = list(found.ideas), list(found.problems)
    for row in rows[MOST_ROWS : MOST_ROWS + 1]:
        problems.append(_lost(row.where, "too_many_rows", most=MOST_ROWS, rows=len(rows) - MOST_ROWS))
    for row in rows:
        if row.submitted_at is not None and row.submitted_at > now:
            problems.append(Problem(row.where.file, row.where.line, "sent_in_the_future", {}, lost=False))
    return rows[:MOST_ROWS], problems


def _lost(where: Where, code: str, **params: str | int) -> Problem:
    return Problem(where.file, where.line, code, params, lost=True)


def _left_out(problems: Sequence[Problem]) -> int:
    """How many rows of a file become no idea; where it is too long, all that follow."""
    rows = {each.line: int(each.params.get("rows", 1)) for each in problems if each.lost}
    return sum(rows.values())


def _known(challenge: Challenge, foreign_ids: Sequence[str]) -> set[str]:
    known = select(Idea.foreign_id).where(Idea.source == _source(challenge), Idea.foreign_id.in_(foreign_ids))
    return {str(each) for each in db.session.scalars(known)}


def _authors(challenge: Challenge, rows: Sequence[IdeaRow], actor: Actor) -> dict[str, int]:
    """Who the rows name: people here by their address, else former participants of elsewhere, made of the bare names."""
    named = {name for row in rows for name in row.authors}
    here = {name: found.id for name in named if "@" in name and (found := people.by_email(name)) is not None}
    work = Load(Bundle(source=_source(challenge)), actor, lambda what, done, total: None)
    people_by_name(work, {name for name in named - here.keys() if "@" not in name})
    return work.people | here
