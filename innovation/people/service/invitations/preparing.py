"""What would become of a list: who is invited, who stands in it twice, who is here already, which lines are broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from innovation.kernel.errors import Invalid
from innovation.people import queries
from innovation.people.service.invitations.reading import Line, lines_of

MOST_LINES = 5000
LONGEST = 400_000
"""Characters of a list."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who is invited."""

    key: str
    email: str
    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that cannot be used, and why."""

    number: int
    cells: tuple[str, ...]
    code: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A list as it would be taken. ``known`` are the addresses of people who are here; ``never`` is a number alone."""

    entries: Sequence[Entry]
    merged: int
    known: Sequence[str]
    never: int
    broken: Sequence[Broken]


def prepare(*, text: str) -> Prepared:
    """Look a list through without keeping anything of it.

    Raises:
        Invalid: it has more lines than go into one list.
    """
    lines = lines_of(text) if len(text) <= LONGEST else []
    if len(text) > LONGEST or len(lines) > MOST_LINES:
        raise Invalid("too_many_lines", field="lines")
    sound = [line for line in lines if not line.code]
    firsts: dict[str, Entry] = {}
    for line in sound:
        key = queries.email_key(line.email)
        firsts[key] = _merged(firsts.get(key), Entry(key, line.email, line.name, line.organisation))
    here, never = queries.keys_taken(list(firsts)), queries.said_never(list(firsts))
    return Prepared(
        entries=[entry for key, entry in firsts.items() if key not in here and key not in never],
        merged=len(sound) - len(firsts),
        known=[entry.email for key, entry in firsts.items() if key in here],
        never=len(never - here),
        broken=[_broken(line) for line in lines if line.code],
    )


def _merged(first: Entry | None, again: Entry) -> Entry:
    """The first line counts; what it leaves empty is taken from the later one."""
    if first is None:
        return again
    return replace(first, name=first.name or again.name, organisation=first.organisation or again.organisation)


def _broken(line: Line) -> Broken:
    return Broken(line.number, line.cells, line.code)
