"""A quarter of a year, as in ``2026-Q4``. Its days are UTC days, as everywhere in the figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

_FORM = re.compile(r"(20\d\d|19\d\d|21\d\d)-Q([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a year."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def starts(self) -> datetime:
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=UTC)

    @property
    def ends(self) -> datetime:
        """The first instant after it."""
        return self.next.starts

    @property
    def next(self) -> Quarter:
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def before(self) -> Quarter:
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)


def quarter_of(moment: datetime) -> Quarter:
    """The quarter an instant lies in."""
    at = moment.astimezone(UTC)
    return Quarter(at.year, (at.month + 2) // 3)


def parse(text: str) -> Quarter | None:
    """Read ``2026-Q4``; None for anything else."""
    found = _FORM.fullmatch(text)
    return Quarter(int(found[1]), int(found[2])) if found else None
