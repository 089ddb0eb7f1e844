"""Lists page by cursor: the key of the last row shown. No list shows a total it would have to count."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, TypeDecorator, and_, or_

from innovation.kernel.db import db

T = TypeVar("T")
PAGE = 25


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, and the cursor of the next one (None at the end)."""

    items: Sequence[T]
    next: str | None
    first: bool


@dataclass(frozen=True, slots=True)
class Key:
    """One column of a list's order. The last key of an order must be unique. Columns may not be NULL."""

    column: Any
    descending: bool = False


def fetch(
    statement: Select[*tuple[Any, ...]],
    order: Sequence[Key],
    cursor: str | None,
    values: Callable[[Any], Sequence[Any]],
    size: int = PAGE,
) -> Page[Any]:
    """Run a select for one page.

    Args:
        statement: the select, without order and limit.
        order: the columns it is ordered by.
        cursor: what an earlier page gave as ``next``; anything unreadable is the first page.
        values: a function from a result row to the values of ``order``.
        size: rows a page.
    """
    after = _decode(cursor, order)
    if after is not None:
        statement = statement.where(_behind(order, after))
    statement = statement.order_by(*(k.column.desc() if k.descending else k.column.asc() for k in order))
    rows = db.session.execute(statement.limit(size + 1)).all()
    more = len(rows) > size
    items = [row[0] if len(row) == 1 else row for row in rows[:size]]
    return Page(items, _encode(values(rows[size - 1])) if more else None, after is None)


def _behind(order: Sequence[Key], after: Sequence[Any]) -> ColumnElement[bool]:
    """Rows after a key, lexicographically, each column in its own direction."""
    terms = []
    for position, key in enumerate(order):
        same = [order[i].column == after[i] for i in range(position)]
        beyond = key.column < after[position] if key.descending else key.column > after[position]
        terms.append(and_(*same, beyond))
    return or_(*terms)


def cursor(values: Sequence[Any]) -> str:
    """The cursor of the page behind a row with these values of the list's order."""
    return _encode(values)


def _encode(values: Sequence[Any]) -> str:
    plain = [{"t": v.isoformat()} if isinstance(v, datetime) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def _decode(cursor: str | None, order: Sequence[Key]) -> list[Any] | None:
    """The values a cursor holds; None when there is none, or when somebody wrote one that no list gave out."""
    if not cursor:
        return None
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(raw, list) or len(raw) != len(order):
            return None
        values = [datetime.fromisoformat(v["t"]).astimezone(UTC) if isinstance(v, dict) else v for v in raw]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    fit = all(_fits(value, _kind(key)) for value, key in zip(values, order, strict=True))
    return values if fit else None


def _kind(key: Key) -> type:
    of: Any = key.column.type
    plain: Any = of.impl if isinstance(of, TypeDecorator) else of
    found: type = plain.python_type
    return found


def _fits(value: Any, kind: type) -> bool:
    """Whether a database would take a value for a column of this kind."""
    if type(value) is not kind:
        return False
    if isinstance(value, int):
        return abs(value) < 2**63
    return not isinstance(value, str) or not any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in value)
