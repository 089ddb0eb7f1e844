"""A person's own file: rows go into the store some hundreds at a time, so that a restart goes on from the last of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from innovation.exchange.models import Order
from innovation.exchange.queries import personal as queries
from innovation.exchange.service.orders.exporting import END, part_key
from innovation.exchange.service.orders.progress import under_way
from innovation.exchange.service.personal.holding import Holding, Lead
from innovation.exchange.service.personal.registry import HOLDINGS
from innovation.kernel.actor import Actor
from innovation.kernel.errors import Refused
from innovation.kernel.files import Store
from innovation.kernel.usecase import AT_LOCK, use_case

BATCH = 500
GIVEN: tuple[tuple[Holding, Lead], ...] = tuple((each, lead) for each in HOLDINGS for lead in each.leads if lead.gives)
"""What a person gets, in the order in which it is gathered."""


@dataclass(frozen=True, slots=True)
class Share:
    """Rows of one table that lead to the person in one way."""

    holding: Holding
    lead: Lead
    rows: list[dict[str, Any]]


@use_case(None)
def gather_own(*, actor: Actor, order_id: int, store: Store, at_most: int = BATCH, now: datetime = AT_LOCK) -> bool:
    """Gather the next rows about who asked.

    Args:
        at_most: how many.

    Returns:
        Whether there is more; False too once the order has ended or was cancelled.

    Raises:
        Refused: he is erased.
    """
    order = under_way(actor, order_id, now)
    if order is None or order.cursor == END or order.asked_by is None:
        return False
    if not queries.is_there(order.asked_by):
        raise Refused("export")
    place, after = (int(each) for each in (order.cursor or "0:0").split(":"))
    part: list[dict[str, Any]] = []
    room = at_most
    while place < len(GIVEN) and room > 0:
        holding, lead = GIVEN[place]
        found = _rows(holding, lead, order.asked_by, after, room)
        part.append({"place": place, "rows": found})
        full = len(found) == room
        room -= len(found)
        place, after = (place, found[-1]["id"]) if full else (place + 1, 0)
    number = int(order.params.get("parts", 0))
    store.put(part_key(order, number), json.dumps(part, default=plain, ensure_ascii=False).encode())
    order.params = order.params | {"parts": number + 1}
    order.done += at_most - room
    order.cursor = END if place == len(GIVEN) else f"{place}:{after}"
    return place < len(GIVEN)


def _rows(holding: Holding, lead: Lead, person_id: int, after: int, limit: int) -> list[dict[str, Any]]:
    columns = lead.columns(queries.columns_of(holding.table, but=lead.column), holding.withheld.split())
    wanted = list(dict.fromkeys(["id", *columns]))
    return queries.rows(holding.table, lead.column, lead.through, wanted, person_id, after, limit)


def gathered_own(order: Order, store: Store) -> Iterator[Share]:
    """What was gathered, in order, each share whole."""
    held: dict[int, list[dict[str, Any]]] = {}
    for number in range(int(order.params.get("parts", 0))):
        for each in json.loads(b"".join(store.get(part_key(order, number)))):
            held.setdefault(each["place"], []).extend(each["rows"])
    for place in sorted(held):
        if held[place]:
            yield Share(*GIVEN[place], held[place])


def plain(value: Any) -> Any:
    """A value as JSON can say it."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError(type(value).__name__)
