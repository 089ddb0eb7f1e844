"""What one mapped file is brought in as, and what came of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from innovation.exchange.models import Order
from innovation.exchange.service.loading import Load
from innovation.exchange.service.mapping.fields import Kind
from innovation.exchange.service.mapping.meaning import Entry, Mapping
from innovation.exchange.service.rows import Bundle, Problem
from innovation.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Task:
    """Which file, read how, as what. ``source`` goes with every old id; ``dry`` writes nothing."""

    kind: Kind
    mapping: Mapping
    source: str
    sheet: str
    programme_id: int | None
    dry: bool

    def as_params(self) -> dict[str, Any]:
        return {
            "kind": str(self.kind),
            "mapping": self.mapping.as_json(),
            "source": self.source,
            "sheet": self.sheet,
            "programme_id": self.programme_id,
            "dry": self.dry,
        }


def is_mapped(order: Order) -> bool:
    """Whether an order brings a mapped file."""
    return order.kind == "import" and "mapping" in order.params


def task_of(order: Order) -> Task:
    """What an order was asked to bring."""
    params = order.params
    kind = Kind(params["kind"])
    return Task(
        kind,
        Mapping.from_json(kind, params["mapping"]),
        params["source"],
        params["sheet"],
        params["programme_id"],
        params["dry"],
    )


@dataclass(slots=True)
class Sorted:
    """What becomes of some rows: made, changed, here already, or left out with the reason.

    ``ids`` are the numbers here of what the rows name, by what they call it; ``people`` those of each row, by its place.
    """

    new: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    known: list[Entry] = field(default_factory=list)
    wrong: list[tuple[Entry, Problem]] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    people: dict[str, list[int]] = field(default_factory=dict)

    def refuse(self, entry: Entry, code: str, *, lost: bool = True, **params: str | int) -> None:
        self.wrong.append((entry, Problem("", entry.line.number, code, params, lost=lost)))

    @property
    def counts(self) -> Counter[str]:
        lost = {entry.line.number for entry, problem in self.wrong if problem.lost}
        return Counter(new=len(self.new), changed=len(self.changed), known=len(self.known), left_out=len(lost))


@dataclass(frozen=True, slots=True)
class Place:
    """For whom rows are sorted, and when. ``seen`` are the ids of the rows before these in the same file.

    ``who`` is asked what he may bring; ``importer`` is the house, in whose name it comes in, so that nobody is mailed.
    """

    task: Task
    who: Actor
    importer: Actor
    now: datetime
    seen: Map[str, str]


def load_of(place: Place) -> Load:
    """A load of the house's own importer for rows of this source."""
    return Load(Bundle(source=place.task.source), place.importer, lambda what, done, total: None)


def problems_of(entries: Sequence[Entry]) -> list[tuple[Entry, Problem]]:
    """What was wrong with rows by themselves."""
    return [(entry, problem) for entry in entries for problem in entry.problems]
