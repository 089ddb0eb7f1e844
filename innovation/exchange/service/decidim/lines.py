"""Lines of JSON and what stands in them: texts, whole numbers, days and moments, with every oddity told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from innovation.exchange.service.rows import PersonRow, Problem, Where

ZONE: Final = "Europe/Madrid"
"""Where dates without an offset are read."""
LONGEST_ID: Final = 200

_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?\s*")

KINDS: Final = {
    "official": "Institution",
    "organization": "Organisation",
    "citizen": "Citizen",
}
"""What may speak there, the nearest to the site first: somebody who is two of them is the first."""
MEETING: Final = PersonRow("meeting", "Meetings")
"""Who proposals of meetings are by: which meeting it was, the files do not say."""


@dataclass(slots=True)
class Reading:
    """A folder being read: who spoke in it, and what was odd."""

    problems: list[Problem] = field(default_factory=list)
    people: dict[str, PersonRow] = field(default_factory=dict)

    def tell(self, where: Where, code: str, /, *, lost: bool = False, **params: str | int) -> None:
        self.problems.append(Problem(where.file, where.line, code, params, lost))

    def rows(self, file: Path, *, told: bool = True) -> Iterator[tuple[Where, Mapping[str, Any]]]:
        """The objects of a file, line by line; lines that hold none are told of and lost."""
        try:
            with file.open(encoding="utf-8-sig") as text:
                for line, written in enumerate(text, 1):
                    row = self._row(Where(file.name, line), written, told)
                    if row is not None:
                        yield Where(file.name, line), row
        except FileNotFoundError:
            if told:
                self.tell(Where(file.name, 0), "absent", lost=True, what=file.name)
        except UnicodeDecodeError:
            if told:
                self.tell(Where(file.name, 0), "not_utf8", lost=True)

    def _row(self, where: Where, written: str, told: bool) -> Mapping[str, Any] | None:
        if not written.strip():
            return None
        try:
            row = json.loads(written)
        except ValueError as error:
            row, why = None, str(error)
        else:
            why = "not an object"
        if isinstance(row, dict):
            return row
        if told:
            self.tell(where, "not_readable", lost=True, format="a line of JSON", why=why)
        return None

    def id_of(self, row: Mapping[str, Any], where: Where) -> str | None:
        """A row's own id; one without is told of and lost."""
        name = identifier(row.get("id"))
        if name is None:
            self.tell(where, "missing_value", lost=True, field="id")
        return name

    def speaker(self, author: Any, kind: str) -> str | None:
        """The foreign id of whoever wrote something; None where the file does not say."""
        if kind == "meeting":
            self.people.setdefault(MEETING.foreign_id, MEETING)
            return MEETING.foreign_id
        name = identifier(author)
        if name is None:
            return None
        known = self.people.get(name)
        order = list(KINDS.values())
        word = KINDS.get(kind, KINDS["citizen"])
        if known is None or order.index(word) < order.index(known.name.split(" ", 1)[0]):
            called = f"{word} {name}"
            self.people[name] = PersonRow(name, called, organisation="" if word == KINDS["citizen"] else called)
        return name

    def moment(self, said: Any, where: Where) -> datetime | None:
        """When something was made, in UTC: day first with or without a time in :data:`ZONE`, or as ISO 8601 has it.

        None, and a problem, for what is no date. A time that clocks skip is taken an hour later and reported.
        """
        try:
            local = _wall(said)
            moment = local.astimezone(UTC)
        except (ValueError, OverflowError):
            self.tell(where, "not_a_time", field="created_at", value=str(said))
            return None
        if moment.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
            self.tell(where, "no_such_time", field="created_at", value=str(said), zone=ZONE)
        return moment

    def number(self, row: Mapping[str, Any], name: str, where: Where) -> int:
        """A whole number from 0; what is none is told of and taken as 0."""
        value = row.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        if value is not None:
            self.tell(where, "not_whole", field=name, value=str(value))
        return 0


def identifier(value: Any) -> str | None:
    """An id as text; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip()[:LONGEST_ID] or None


def words(value: Any) -> str:
    """A text on one line, without white space around it or twice within."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _wall(said: Any) -> datetime:
    if not isinstance(said, str):
        raise ValueError("not a text")
    day_first = _DAY_FIRST.fullmatch(said.strip())
    if day_first is None:
        local = datetime.fromisoformat(said.strip())
    else:
        day, month, year, at = day_first.groups()
        local = datetime.fromisoformat(
            f"{year}-{month:0>2}-{day:0>2} {at.zfill(len(at) + len(at) % 2 - 1) if at else '00:00'}"
        )
    return local if local.tzinfo else local.replace(tzinfo=ZoneInfo(ZONE))
