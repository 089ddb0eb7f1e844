"""A load under way: what is known by foreign id, what was new, what could not be taken, how far it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from innovation.challenges.models import Programme
from innovation.challenges.service.importing import take_in_programme
from innovation.exchange.service.rows import Bundle, Problem, Where
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.people.service.importing import known_people, take_in_person

_T = TypeVar("_T")
BATCH = 300

Progress = Callable[[str, int, int], None]
"""Called with (what, done, total)."""


class Load:
    """One bundle being loaded: what is known by foreign id, what was new, and what could not be taken."""

    def __init__(self, bundle: Bundle, actor: Actor, progress: Progress) -> None:
        self.bundle = bundle
        self.actor = actor
        self.progress = progress
        self.now = clock.now()
        self.new: Counter[str] = Counter()
        self.problems: list[Problem] = list(bundle.problems)
        self.challenges: dict[str, int] = {}
        self.ideas: dict[str, int] = {}
        self.people: dict[str, int] = {}
        self.comments: dict[str, int] = {}
        self.programme: Programme | None = None
        """Where challenges go; None for one named as the source."""

    @property
    def source(self) -> str:
        return self.bundle.source


def batches(work: Load, what: str, rows: Sequence[_T]) -> Iterator[list[_T]]:
    """The rows a few hundred at a time; how far it is, is told after each batch."""
    done, rest = 0, iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch
        done += len(batch)
        work.progress(what, done, len(rows))


def unknown(work: Load, where: Where, field: str, value: str, kind: str) -> None:
    """Note a row that refers to something this source does not hold; it is not imported."""
    params = {"field": field, "id": value, "kind": kind}
    work.problems.append(Problem(where.file, where.line, "unknown_reference", params, lost=True))


def programme_of(work: Load) -> Programme:
    """The programme a bundle belongs to, made the first time."""
    if work.programme is not None:
        return work.programme
    row = work.bundle.programme
    found, new = take_in_programme(
        work.source, row.foreign_id if row else work.source, row.title if row else work.source, work.now
    )
    work.new["programmes"] += new
    return found


def people_by_name(work: Load, names: set[str]) -> None:
    """Make people of names that no people file explains, so that what they wrote has an author."""
    unknown = names - work.people.keys()
    work.people |= known_people(work.source, unknown)
    fresh = [
        take_in_person(
            source=work.source,
            foreign_id=name,
            name=name[:200],
            email=None,
            circle=Circle.PUBLIC,
            organisation="",
            department="",
            language="en",
            now=work.now,
            taken=set(),
        )
        for name in sorted(unknown - work.people.keys())
    ]
    db.session.flush()
    work.people |= {str(person.foreign_id): person.id for person in fresh}
