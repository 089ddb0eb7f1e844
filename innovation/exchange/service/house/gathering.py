"""An export of everything the house holds: asked for by an administrator, gathered part by part, each export a fact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from innovation.exchange.events import HouseExported
from innovation.exchange.models import Order
from innovation.exchange.queries import house as queries
from innovation.exchange.queries.house import Kept
from innovation.exchange.service.house.shares import BATCH, share, sources
from innovation.exchange.service.orders.asking import put_in_line
from innovation.exchange.service.orders.exporting import END, part_key
from innovation.exchange.service.orders.progress import under_way
from innovation.ideas.service.openings import REASONS, open_with_reason
from innovation.kernel.actor import Actor
from innovation.kernel.errors import Invalid, Refused
from innovation.kernel.events import emit
from innovation.kernel.files import Store
from innovation.kernel.usecase import AT_LOCK, may, use_case
from innovation.people import queries as people
from innovation.rules.policy import May

HOUSE = "house"


@use_case(May.EXPORT_HOUSE)
def ask_house(*, actor: Actor, why: str, language: str, now: datetime = AT_LOCK) -> Order:
    """Ask for everything the house holds as one archive.

    Args:
        why: empty to leave the words of sealed ideas out; else the reason for opening every one of them, a code of
            `ideas.service.openings`. Their authors are told, as of any opening.

    Raises:
        Invalid: the reason is none that counts.
        NotPossible: three orders of his are under way.
    """
    if why and why not in REASONS:
        raise Invalid("reason_missing", field="why")
    order = put_in_line(actor, "export", HOUSE, {"form": "zip", "language": language, "why": why}, None, "", "", now)
    emit(HouseExported(order_id=order.id, why=why), actor=actor, now=now)
    return order


@use_case(None)
def note_export(*, actor: Actor, now: datetime = AT_LOCK) -> None:
    """Note that an operator wrote everything the house holds to a file, sealed words left out."""
    emit(HouseExported(order_id=0, why=""), actor=actor, now=now)


@use_case(None)
def gather_house(*, actor: Actor, order_id: int, store: Store, now: datetime = AT_LOCK) -> bool:
    """Gather the next rows, and open the sealed ideas among them where that was asked for.

    The part goes into the store before the place is committed: a part that was written and not committed is written anew.

    Returns:
        Whether there is more; False too once the order has ended or was cancelled.

    Raises:
        Refused: who asked is no administrator any more.
    """
    order = under_way(actor, order_id, now)
    if order is None or order.cursor == END or order.asked_by is None:
        return False
    who = people.actor(order.asked_by)
    if not may(who, May.EXPORT_HOUSE):
        raise Refused("export")
    place, after = (int(each) for each in (order.cursor or "-1:0").split(":"))
    if place < 0:  # before any word of them goes out, their authors are told
        order.cursor = _open(who, after, order.params["why"])
        return True
    found = share(place, after, Kept(bool(order.params["why"])))
    number = int(order.params.get("parts", 0))
    part = {"file": found.file, "rows": found.rows}
    store.put(part_key(order, number), json.dumps(part, ensure_ascii=False).encode("utf-8", "replace"))
    order.params = order.params | {"parts": number + 1}
    order.done += len(found.rows)
    place, after = (place, found.next) if found.next is not None else (place + 1, 0)
    order.cursor = f"{place}:{after}" if place < len(sources()) else END
    return place < len(sources())


def _open(who: Actor, after: int, why: str) -> str:
    """Open the next sealed ideas for the reason that was given; the place that comes then."""
    found = queries.sealed_ideas(after, BATCH) if why else []
    for idea in found:
        open_with_reason(actor=who, idea=idea, why=why)
    return f"-1:{found[-1].id}" if len(found) == BATCH else "0:0"


def gathered_house(order: Order, store: Store) -> Iterator[tuple[str, list[list[Any]]]]:
    """What was gathered, in order: a file's name, and some of its rows."""
    for number in range(int(order.params.get("parts", 0))):
        part = json.loads(b"".join(store.get(part_key(order, number))))
        yield part["file"], part["rows"]


def shared_house() -> Iterator[tuple[str, list[list[Any]]]]:
    """The same, read at once and without sealed words, for an operator's command."""
    for place in range(len(sources())):
        after: int | None = 0
        while after is not None:
            found = share(place, after, Kept())
            after = found.next
            yield found.file, found.rows
