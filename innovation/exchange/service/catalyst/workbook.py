"""The sheets of ``votes.xlsx``: rows of votes per challenge, budgets and the registered power."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook

from innovation.exchange.service.rows import Problem

# Only these columns are ever read; the published outcome has no name here.
COLUMNS: Final[Mapping[str, re.Pattern[str]]] = {
    "title": re.compile(r"proposal|proposal (title|name)|idea|title"),
    "challenge": re.compile(r"challenge"),
    "link": re.compile(r"link\b.*|url"),
    "score": re.compile(r"(overall|average|avg) ?score|score|rating"),
    "voters": re.compile(r"votes cast|(unique )?(wallets|voters)|number of votes"),
    "yes": re.compile(r"yes( votes)?"),
    "no": re.compile(r"no( votes)?"),
    "requested": re.compile(r"requested.*"),
}
HEADING_WITHIN: Final = 10
"""A heading stands in one of the first rows, or the sheet has none."""


@dataclass(frozen=True, slots=True)
class VoteRow:
    """One idea's row. Votes are voting power; ``requested`` is in whole dollars; None is an empty cell."""

    sheet: str
    line: int
    title: str
    challenge: str
    link: str
    score: Decimal | None
    voters: Decimal | None
    yes: Decimal | None
    no: Decimal | None
    requested: Decimal | None


@dataclass(frozen=True, slots=True)
class Votes:
    """The whole workbook: rows per sheet, withdrawn rows, budgets by their label, registered voting power."""

    sheets: Mapping[str, Sequence[VoteRow]]
    withdrawn: Sequence[VoteRow]
    budgets: Sequence[tuple[str, Decimal]]
    registered: Decimal | None
    problems: Sequence[Problem]


def read_votes(path: Path) -> Votes:
    """Read the workbook. Raises OSError and whatever openpyxl does when it is none."""
    sheets: dict[str, list[VoteRow]] = {}
    withdrawn: list[VoteRow] = []
    budgets: list[tuple[str, Decimal]] = []
    registered: Decimal | None = None
    problems: list[Problem] = []
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            name = sheet.title.casefold()
            # Left-overs are outcome; a hidden sheet is a form that somebody copied the others from.
            if re.search(r"left\s*-?overs?", name) or sheet.sheet_state != "visible":
                continue
            lines = [tuple(line) for line in sheet.iter_rows(values_only=True)]
            if "validation" in name:
                budgets, registered = _validation(lines)
                continue
            rows = list(_rows(sheet.title, lines, path.name, problems))
            if "withdraw" in name:
                withdrawn += rows
            elif rows:
                sheets[sheet.title] = rows
    finally:
        book.close()
    return Votes(sheets, withdrawn, budgets, registered, problems)


def _rows(sheet: str, lines: Sequence[tuple[Any, ...]], file: str, problems: list[Problem]) -> Iterable[VoteRow]:
    heading, columns = _heading(lines)
    if not columns:
        return
    for line, cells in enumerate(lines[heading + 1 :], heading + 2):
        found = {name: cells[at] if at < len(cells) else None for name, at in columns.items()}
        title = _text(found.get("title"))
        row = VoteRow(
            sheet=sheet,
            line=line,
            title=title,
            challenge=_text(found.get("challenge")),
            link=_text(found.get("link")),
            score=_decimal(found.get("score")),
            voters=_decimal(found.get("voters")),
            yes=_decimal(found.get("yes")),
            no=_decimal(found.get("no")),
            requested=_decimal(found.get("requested")),
        )
        if title:
            yield row
        elif row.yes is not None or row.no is not None:
            problems.append(Problem(f"{file}#{sheet}", line, "missing_value", {"field": "Proposal"}, lost=True))


def _heading(lines: Sequence[tuple[Any, ...]]) -> tuple[int, dict[str, int]]:
    for number, cells in enumerate(lines[:HEADING_WITHIN]):
        words = [" ".join(_text(cell).casefold().split()) for cell in cells]
        columns = {
            name: next(at for at, word in enumerate(words) if pattern.fullmatch(word))
            for name, pattern in COLUMNS.items()
            if any(pattern.fullmatch(word) for word in words)
        }
        if {"title", "yes", "no"} <= columns.keys():
            return number, columns
    return 0, {}


def _validation(lines: Iterable[tuple[Any, ...]]) -> tuple[list[tuple[str, Decimal]], Decimal | None]:
    budgets: list[tuple[str, Decimal]] = []
    registered = one_percent = None
    for cells in lines:
        label = " ".join(cell.strip() for cell in cells if isinstance(cell, str) and cell.strip())
        numbers = [number for cell in cells if not isinstance(cell, str) and (number := _decimal(cell)) is not None]
        if not label or not numbers:
            continue
        if re.search(r"\bregistered\b|^total\b.*\b(stake|voting power)", label, re.IGNORECASE):
            registered = numbers[-1]
        elif re.search(r"\b1\s*%", label):
            one_percent = numbers[-1]
        elif not re.search(r"left\s*-?overs?", label, re.IGNORECASE):
            inner = re.fullmatch(r"fund size\s*:?\s*\((.*)\)", label, re.IGNORECASE)
            budgets.append((inner[1].strip() if inner else label, numbers[-1]))
    if registered is None and one_percent is not None:
        registered = one_percent * 100
    return budgets, registered


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _decimal(cell: Any) -> Decimal | None:
    """A cell's number, exactly as written there; None for anything else, spreadsheet errors included."""
    if cell is None or isinstance(cell, bool):
        return None
    try:
        value = Decimal(str(cell).strip().lstrip("$").replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
