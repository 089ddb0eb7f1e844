"""Gathering an export: rows go into the store a few hundred at a time, so that a restart goes on from the last of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from innovation.challenges import queries as challenges
from innovation.exchange.models import Order
from innovation.exchange.queries import comments, lists
from innovation.exchange.queries.orders import standing
from innovation.exchange.service.orders.asking import WITH_COMMENTS
from innovation.exchange.service.orders.progress import under_way
from innovation.kernel.actor import Actor
from innovation.kernel.errors import Refused
from innovation.kernel.files import Store
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries as people

END = "end"
"""An order's cursor once every row is gathered."""
GATHERED = frozenset({"parts", "after", "rights"})
"""What an order's parameters say of how far it is."""


@use_case(None)
def gather(*, actor: Actor, order_id: int, store: Store, now: datetime = AT_LOCK) -> bool:
    """Gather the next rows of an export, in the name of who asked for it, as he may see them at this moment.

    The part goes into the store before the place is committed: a part that was written and not committed is written anew.

    Returns:
        Whether there is more; False too once the order has ended or was cancelled.

    Raises:
        Refused: he may no longer have this list.
    """
    order = under_way(actor, order_id, now)
    if order is None or order.cursor == END or order.asked_by is None:
        return False
    reader = people.actor(order.asked_by)
    challenge = challenges.get(reader, order.challenge.public_id) if order.challenge else None
    what = "ideas" if order.what == WITH_COMMENTS else order.what
    if (order.challenge_id is not None and challenge is None) or not lists.may_export(reader, what, challenge):
        raise Refused("export")
    number, after = _place(order)
    found = lists.batch(reader, what, order.params["args"], challenge, now, after)
    part: dict[str, Any] = {"rows": found.rows}
    if order.what == WITH_COMMENTS:
        part["comments"] = comments.of_ideas(reader, [row[0] for row in found.rows])
    store.put(part_key(order, number), json.dumps(part, default=_plain).encode())
    order.done += len(found.rows)
    rights = sorted(standing(reader).union(order.params.get("rights", ())))
    order.params = order.params | {"parts": number + 1, "after": found.next, "rights": rights}
    order.cursor = END if found.next is None else str(number + 1)
    return found.next is not None


def gathered(order: Order, store: Store, kind: str = "rows") -> Iterator[Sequence[Any]]:
    """What an export gathered, row by row: of the list, or of the ``comments``."""
    for number in range(int(order.params.get("parts", 0))):
        part = json.loads(b"".join(store.get(part_key(order, number))))
        for row in part.get(kind, ()):
            yield [_instant(cell) for cell in row]


def parts_of(order: Order) -> list[str]:
    """Where the store keeps what an export gathered, and what it made of that if it was cancelled just then."""
    made = [f"orders/{order.public_id}/{form}" for form in ("csv", "xlsx", "zip")]
    return [part_key(order, number) for number in range(int(order.params.get("parts", 0)) + 1)] + made


def left_of(order: Order, store: Store) -> list[str]:
    """Everything in the store that one order made on its way; the file that it brought is not among it."""
    if order.kind == "export":
        return parts_of(order)
    return [key for key, _size in store.under(f"orders/{order.public_id}")]


def _place(order: Order) -> tuple[int, str | None]:
    """Which part comes next, and the cursor it begins after."""
    return int(order.cursor or 0), order.params.get("after") if order.cursor else None


def part_key(order: Order, number: int) -> str:
    """Where the store keeps one part of what an export gathered."""
    return f"orders/{order.public_id}/part-{number:05d}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    raise TypeError(type(value).__name__)


def _instant(cell: Any) -> Any:
    return datetime.fromisoformat(cell["at"]) if isinstance(cell, dict) else cell
