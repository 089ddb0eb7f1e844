"""A ``.pb`` file: its sections, and the dates and amounts written there."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from innovation.exchange.service.rows import Problem
from innovation.kernel.money import digits

NO_CURRENCY: Final = "XXX"
"""ISO 4217's code for "no currency": budgets are sometimes counted in places or points."""

GREATEST: Final = 10**15
"""The greatest amount that is taken for one."""

LONGEST_ID: Final = 200

_SECTIONS: Final = ("META", "PROJECTS", "VOTES")
_DAY: Final = re.compile(r"(?:(\d{1,2})\.(\d{1,2})\.)?(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class PbRow:
    """One row of a section, by column, and its line."""

    line: int
    cells: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.cells.get(name, "").strip()

    def several(self, name: str) -> list[str]:
        return [part.strip() for part in self.get(name).split(",") if part.strip()]


@dataclass(slots=True)
class PbFile:
    """A file's sections and what was wrong with them; META by key, in lower case."""

    file: str
    meta: dict[str, str] = field(default_factory=dict)
    projects: list[PbRow] = field(default_factory=list)
    votes: list[PbRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def tell(self, line: int, code: str, /, *, lost: bool = False, **params: str | int) -> None:
        self.problems.append(Problem(self.file, line, code, params, lost))

    def identity(self, row: PbRow, column: str) -> str | None:
        """A row's own id; None, and a problem, where it has none that can be kept."""
        said = row.get(column)
        if not said:
            self.tell(row.line, "missing_value", lost=True, field=column)
        elif len(said) > LONGEST_ID:
            self.tell(row.line, "too_long", lost=True, limit=LONGEST_ID)
        return said if 0 < len(said) <= LONGEST_ID else None

    @property
    def currency(self) -> str:
        said = self.meta.get("currency", "").upper()
        return said if re.fullmatch(r"[A-Z]{3}", said) else NO_CURRENCY


def read_file(path: Path) -> PbFile:
    """Read a file's sections. What is wrong with it, a section that is absent included, is in ``problems``."""
    found = PbFile(path.name)
    try:
        _sections(path, found)
    except UnicodeDecodeError:
        found.tell(0, "not_utf8", lost=True)
    except csv.Error as error:
        found.tell(0, "not_readable", lost=True, format="the format of pabulib", why=str(error))
    for name, rows in (("META", found.meta), ("PROJECTS", found.projects), ("VOTES", found.votes)):
        if not rows:
            found.tell(0, "absent", lost=True, what=f"the section {name}")
    return found


def _sections(path: Path, found: PbFile) -> None:
    section: str = ""
    heading: list[str] | None = None
    for line, cells in _lines(path):
        if any("\0" in cell for cell in cells):
            found.tell(line, "control_character", lost=True, field="the row")
        elif cells[0].strip().upper() in _SECTIONS and not any(cell.strip() for cell in cells[1:]):
            section, heading = cells[0].strip().upper(), None
        elif heading is None:
            heading = [cell.strip().lower() for cell in cells]
        elif section == "META":
            found.meta[cells[0].strip().lower()] = cells[1].strip() if len(cells) > 1 else ""
        elif len(cells) > len(heading):
            found.tell(line, "wrong_cells", lost=True, found=len(cells), expected=len(heading))
        elif section:
            row = PbRow(line, dict(zip(heading, cells, strict=False)))
            (found.projects if section == "PROJECTS" else found.votes).append(row)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line it ends on."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield rows.line_num, cells


def day(found: PbFile, name: str, *, last: bool) -> datetime | None:
    """A date of META as an instant: the day's start, or its ``last`` second; of a bare year, the year's."""
    said = found.meta.get(name, "")
    if not said:
        return None
    match = _DAY.fullmatch(said)
    try:
        if match is None:
            raise ValueError(said)
        in_month, month, year, *other = match.groups()
        if other[0]:
            year, month, in_month = other
        when = date(int(year), int(month or (12 if last else 1)), int(in_month or (31 if last else 1)))
    except ValueError:
        found.tell(0, "not_a_date", field=name, value=said)
        return None
    return datetime.combine(when, time(23, 59, 59) if last else time(0), UTC)


def amount(found: PbFile, line: int, name: str, said: str) -> int | None:
    """An amount in minor units, exactly; None, and a problem, for what is none."""
    try:
        value = Decimal(said if "." in said else said.replace(",", "."))
        if not value.is_finite() or not 0 <= value <= GREATEST:
            raise InvalidOperation
    except InvalidOperation:
        found.tell(line, "not_money", field=name, value=said)
        return None
    minor = value.scaleb(digits(found.currency))
    whole = minor.to_integral_value(ROUND_HALF_EVEN)
    if whole != minor:
        found.tell(line, "lossy", field=name, value=said, kept=str(whole.scaleb(-digits(found.currency))))
    return int(whole)
