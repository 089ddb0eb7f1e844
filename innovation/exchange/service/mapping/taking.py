"""Carrying a mapped file row by row: looked through without writing anything, or taken in; each batch a transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from innovation.exchange.models import Order
from innovation.exchange.service.mapping.fields import Kind
from innovation.exchange.service.mapping.meaning import CastVote, Entry, Reader
from innovation.exchange.service.mapping.sheets import MOST_ROWS, Layout, Line, layout_of, opened
from innovation.exchange.service.mapping.sorting import SORTS, WRITES, votes
from innovation.exchange.service.mapping.task import Place, Sorted, Task, problems_of, task_of
from innovation.exchange.service.orders.progress import under_way
from innovation.exchange.service.rows import CommentRow, PersonRow, Problem
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Refused
from innovation.kernel.files import Store
from innovation.kernel.usecase import AT_LOCK, may, use_case
from innovation.people import queries as people
from innovation.rules.policy import May

BATCH = 300
IN_MEMORY = 2 * 1024 * 1024


class Taking:
    """One file under way. It remembers the ids it has met, and nothing else of the rows behind it."""

    def __init__(self, task: Task, headings: Sequence[str]) -> None:
        self.task = task
        self.reader = Reader(task.mapping, headings)
        self._met: set[str] = set()
        self._accepted: dict[str, str] = {}

    def pass_over(self, lines: Iterable[Line]) -> None:
        """Rows that were done before the work was broken off: their ids are met, nothing more."""
        for line in lines:
            entry = self.reader.read(line)
            if entry.row is not None:
                self._met.add(entry.row.foreign_id)

    def sort(self, lines: Sequence[Line], who: Actor, importer: Actor, now: datetime) -> tuple[Place, Sorted]:
        """What becomes of the next rows."""
        entries = [self.reader.read(line) for line in lines]
        fresh, doubles = [], []
        for entry in entries:
            if entry.row is not None and entry.row.foreign_id in self._met:
                doubles.append(entry)
            elif entry.row is not None:
                self._met.add(entry.row.foreign_id)
                fresh.append(entry)
        place = Place(self.task, who, importer, now, self._accepted)
        found = SORTS[self.task.kind](place, fresh)
        found.wrong = problems_of(entries) + found.wrong
        for entry in doubles:
            assert entry.row is not None
            found.refuse(entry, "twice", kind=str(self.task.kind), id=entry.row.foreign_id[:80])
        if self.task.dry:
            self._remember(place, found)
        return place, found

    def _remember(self, place: Place, found: Sorted) -> None:
        """What later rows may refer to, or must not repeat, since nothing of this is written."""
        for entry in found.new:
            if isinstance(entry.row, CommentRow):
                self._accepted[entry.row.foreign_id] = entry.row.idea
            elif isinstance(entry.row, PersonRow) and entry.row.email:
                self._accepted[f"@{entry.row.email.lower()}"] = ""
        if any(isinstance(entry.row, CastVote) for entry in found.new):
            self._accepted |= votes.spends(place, found)


@contextmanager
def spooled(pieces: Iterable[bytes]) -> Iterator[IO[bytes]]:
    """A file of the store where it can be read at any place; a large one lies on the disk meanwhile."""
    with SpooledTemporaryFile(IN_MEMORY) as file:
        for piece in pieces:
            file.write(piece)
        file.seek(0)
        yield file


@contextmanager
def carried(order: Order, file: IO[bytes]) -> Iterator[tuple[Taking, Iterator[list[Line]]]]:
    """A file at the place an order has reached, and its further rows a few hundred at a time."""
    task = task_of(order)
    with opened(file, layout_of(file), task.sheet) as sheet:
        taking = Taking(task, sheet.headings)
        rows = islice(sheet.lines, MOST_ROWS)
        taking.pass_over(islice(rows, int(order.cursor or 0)))
        yield taking, _batches(rows)


def _batches(rows: Iterator[Line]) -> Iterator[list[Line]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


@use_case(None)
def take_step(
    *, actor: Actor, order_id: int, taking: Taking, lines: Sequence[Line], store: Store, now: datetime = AT_LOCK
) -> bool:
    """Look the next rows through, or take them in, in the name of who asked and by what he may do at this moment.

    The rows that were left out go into the store, with every reason, before the place is committed.

    Returns:
        False once the order has ended or was cancelled.

    Raises:
        Refused: who asked may not bring this in any more.
    """
    order = under_way(actor, order_id, now)
    if order is None:
        return False
    who = people.actor(order.asked_by) if order.asked_by is not None else None
    if who is None or not may_bring(who, taking.task.kind):
        raise Refused("import")
    with db.session.no_autoflush:
        place, found = taking.sort(lines, who, actor, now)
    if not taking.task.dry:
        WRITES[taking.task.kind](place, found)
    if found.wrong:
        store.put(
            part_key(order, int(order.cursor or 0)), json.dumps(_lost(found), ensure_ascii=False).encode("utf-8", "replace")
        )
    order.done = int(order.cursor or 0) + len(lines)
    order.cursor = str(order.done)
    counts = {name: int(order.params.get(name, 0)) + number for name, number in found.counts.items()}
    order.params = order.params | counts | {"headings": list(taking.reader.places)}
    order.params = order.params | {"remarks": int(order.params.get("remarks", 0)) + len(found.wrong)}
    return True


def may_bring(who: Actor, kind: Kind) -> bool:
    """Whether somebody may bring a kind of thing at all; into which challenge is asked row by row."""
    return may(who, May.IMPORT_PEOPLE if kind == Kind.PEOPLE else May.IMPORT)


def part_key(order: Order, place: int) -> str:
    """Where the store keeps what was left out of the rows from a place on."""
    return f"orders/{order.public_id}/wrong-{place:07d}"


def left_out(order: Order, store: Store) -> Iterator[tuple[list[str], int, list[Problem]]]:
    """The rows that were left out or need a look, in order: their cells, their number, and every reason."""
    for key, _size in store.under(f"orders/{order.public_id}"):
        if "/wrong-" in key:
            for row in json.loads(b"".join(store.get(key))):
                told = [Problem("", row["line"], code, params, lost=lost) for code, params, lost in row["why"]]
                yield row["cells"], row["line"], told


def _lost(found: Sorted) -> list[dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    for entry, problem in sorted(found.wrong, key=lambda each: each[0].line.number):
        row = rows.setdefault(entry.line.number, {"line": entry.line.number, "cells": list(entry.line.cells), "why": []})
        row["why"].append([problem.code, dict(problem.params), problem.lost])
    return list(rows.values())


def sample(file: IO[bytes], layout: Layout, sheet: str, most: int) -> tuple[tuple[str, ...], list[Line]]:
    """A table's heading and its first rows."""
    with opened(file, layout, sheet) as found:
        return found.headings, list(islice(found.lines, most))


def preview(reader: Reader, lines: Sequence[Line]) -> list[Entry]:
    """The first rows as they would be read; whether what they refer to is here is not asked yet."""
    return [reader.read(line) for line in lines]
