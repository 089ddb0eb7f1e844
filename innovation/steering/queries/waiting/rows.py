"""One line of the desk, and how a list of them is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select

from innovation.challenges.models import Challenge
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.projects.queries.gates import Duty


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that waits.

    Attributes:
        name: how a selection calls it: ``challenge:…``, ``run:…``, ``idea:…``, ``inquiry:…`` with a public id, or
            ``gate:<public id of the project>/<key of the gate>``.
        thing: the row itself: a challenge, run, idea, question or gate.
        due: by when it was promised; None where nothing was.
        who: the names of those who have to act; empty where it is a role and nobody by name, or a name that is withheld.
        waits_for: what it waits for (:class:`innovation.rules.desk.Waits`), '' where the list says it.
        mine: whether this reader can decide it himself now.
        duty: of a gate, who has to act.
    """

    name: str
    thing: Any
    challenge: Challenge
    due: datetime | None = None
    late: bool = False
    who: tuple[str, ...] = ()
    waits_for: str = ""
    mine: bool = True
    duty: Duty | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """How one list is read: a select with its order, and what turns found things into rows.

    ``rows`` asks the same number of queries for any number of things.
    """

    statement: Select[Any]
    order: Sequence[paging.Key]
    key: Callable[[Any], Sequence[Any]]
    rows: Callable[[Actor, Sequence[Any], datetime], list[Row]]

    def page(self, actor: Actor, now: datetime, cursor: str | None, size: int) -> paging.Page[Row]:
        found = paging.fetch(self.statement, self.order, cursor, lambda row: self.key(row[0]), size)
        return paging.Page(self.rows(actor, found.items, now), found.next, found.first)
