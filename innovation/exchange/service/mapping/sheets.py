"""From a file somebody has to its rows, one at a time: what it is written in, its sheets, its heading, its cells.

A file is never held whole: what is read of a row is forgotten with the row. A row that cannot be read loses itself alone.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Any

from openpyxl import load_workbook

from innovation.kernel.errors import Invalid

MOST_COLUMNS = 300
MOST_ROWS = 100_000
MOST_UNPACKED = 400 * 1024 * 1024
"""Bytes that a workbook may unpack to; its rows are read one at a time, whatever it holds."""
MOST_WORDS = 60 * 1024 * 1024
"""Bytes of a workbook's list of texts, which has to be held whole while its rows are read."""
MOST_LINES = 1_000
"""Lines that one record may go over; quotes that have not closed by then never will."""
_PIECE = 1024 * 1024
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file is. ``encoding`` and ``delimiter`` are empty for a workbook, ``sheets`` for a text file."""

    form: str
    encoding: str
    delimiter: str
    sheets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its number in the file, from 1, its cells as text, and a code where it cannot be read."""

    number: int
    cells: Sequence[str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The heading of one table, every name once, and the rows below it."""

    headings: tuple[str, ...]
    lines: Iterator[Line]


def layout_of(file: IO[bytes]) -> Layout:
    """What a file is: a workbook with its sheets, or text with its encoding and delimiter.

    Raises:
        Invalid: it is empty, of a kind that is not read here, or unpacks to more than is read.
    """
    file.seek(0)
    first = file.read(_PIECE)
    if not first.strip(b"\x00\r\n\t ,;\xef\xbb\xbf\xff\xfe"):
        raise Invalid("file_empty", field="file")
    if first.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid("old_workbook", field="file")
    if first.startswith(b"PK\x03\x04"):
        with _workbook(file) as book:
            return Layout("xlsx", "", "", tuple(str(name) for name in book.sheetnames))
    encoding = _encoding(file, first)
    if b"\x00" in first and not encoding.startswith("utf-16"):
        raise Invalid("file_unreadable", field="file")
    return Layout("csv", encoding, _delimiter(first.decode(encoding, errors="replace")), ())


@contextmanager
def opened(file: IO[bytes], layout: Layout, sheet: str = "") -> Iterator[Sheet]:
    """A table of a file: its heading, and its rows as they are asked for.

    Args:
        sheet: which one of a workbook; the first where it is none of them.

    Raises:
        Invalid: it has no heading, or more columns than are read.
    """
    if layout.form == "xlsx":
        with _workbook(file) as book:
            name = sheet if sheet in layout.sheets else layout.sheets[0]
            yield _table(_of_workbook(book[name]), pads=True)
        return
    file.seek(0)
    text = io.TextIOWrapper(file, layout.encoding, errors="surrogateescape", newline="")
    try:
        yield _table(_of_text(iter(text), layout.delimiter), pads=False)
    finally:
        text.detach()


def _table(lines: Iterator[Line], *, pads: bool) -> Sheet:
    first = next((line for line in lines if line.problem or any(cell.strip() for cell in line.cells)), None)
    if first is None:
        raise Invalid("file_empty", field="file")
    if first.problem:
        raise Invalid("file_unreadable", field="file")
    cells = list(first.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise Invalid("too_many_columns", field="file", most=MOST_COLUMNS, found=len(cells))
    headings = _named(cells)
    return Sheet(headings, _fitting(lines, len(headings), pads=pads))


def _named(cells: Sequence[str]) -> tuple[str, ...]:
    """Every column under a name of its own: doubles get a number, columns without a name are called by their place."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(shown(cell).split())[:120] or f"#{place}"
        number, free = 1, name
        while free in names:
            number += 1
            free = f"{name} ({number})"
        names.append(free)
    return tuple(names)


def _fitting(lines: Iterator[Line], width: int, *, pads: bool) -> Iterator[Line]:
    for line in lines:
        if line.problem:
            yield line
            continue
        cells = list(line.cells)
        while len(cells) > width and not cells[-1].strip():
            cells.pop()  # a spreadsheet's empty columns to the right
        if not any(cell.strip() for cell in cells):
            continue
        if pads:
            cells += [""] * (width - len(cells))
        yield Line(line.number, cells, "" if len(cells) == width else "wrong_cells")


def shown(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from computing it (see `kernel.tables.harmless`)."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1:2] in "=+-@\t\r\n" else cell


# --- text ----------------------------------------------------------------------------------------------------------


def _encoding(file: IO[bytes], first: bytes) -> str:
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(first) > 3 and first[1::2].count(0) > len(first) // 4:
        return "utf-16-le"
    if len(first) > 3 and first[0::2].count(0) > len(first) // 4:
        return "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="surrogateescape")
    good = bad = 0
    file.seek(0)
    while piece := file.read(_PIECE):
        for letter in re.findall(r"[^\x00-\x7f]", decoder.decode(piece)):
            if "\udc80" <= letter <= "\udcff":
                bad += 1
            else:
                good += 1
    # A few wrong bytes in a file of UTF-8 lose their rows; where most are wrong, it never was UTF-8.
    return "cp1252" if bad > good else "utf-8-sig"


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    told = re.fullmatch(r"sep=(.)\s*", first, re.IGNORECASE)
    if told and told[1] in _DELIMITERS:
        return told[1]
    unquoted = re.sub(r'"[^"]*"', "", first)
    return max(_DELIMITERS, key=lambda sign: (unquoted.count(sign), -_DELIMITERS.index(sign)))


class _Unclosed(Exception):
    """A record goes over more lines than one can."""


def _of_text(lines: Iterator[str], delimiter: str) -> Iterator[Line]:
    """Every record; after one that cannot be read, reading goes on with the very next line."""
    ahead: deque[str] = deque()
    held: list[str] = []
    number = 0

    def feed() -> Iterator[str]:
        while (line := ahead.popleft() if ahead else next(lines, None)) is not None:
            held.append(line)
            if len(held) > MOST_LINES:
                raise _Unclosed
            yield line

    while True:
        reader = csv.reader(feed(), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                if not (number == 0 and len(held) == 1 and re.fullmatch(r"sep=.\s*", held[0], re.IGNORECASE)):
                    yield Line(number + 1, cells)
                number += len(held)
                held.clear()
            return
        except (csv.Error, _Unclosed) as error:
            yield Line(number + 1, [held[0].rstrip("\r\n")], "too_long" if "limit" in str(error) else "broken_quotes")
            number += 1
            ahead.extendleft(reversed(held[1:]))
            held.clear()


# --- workbooks -----------------------------------------------------------------------------------------------------


@contextmanager
def _workbook(file: IO[bytes]) -> Iterator[Any]:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            sizes = {each.filename: each.file_size for each in packed.infolist()}
        words = max((size for name, size in sizes.items() if name.lower().endswith("sharedstrings.xml")), default=0)
        if sum(sizes.values()) > MOST_UNPACKED or words > MOST_WORDS:
            raise Invalid("unpacks_too_large", field="file")
        file.seek(0)
        # Values as they were last computed: nothing of a workbook is computed here.
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Invalid:
        raise
    except Exception as error:  # a broken workbook breaks its reader in any way
        raise Invalid("file_unreadable", field="file") from error
    if not book.worksheets:
        raise Invalid("file_empty", field="file")
    yield book
    book.close()


def _of_workbook(sheet: Any) -> Iterator[Line]:
    sheet.reset_dimensions()  # what it says of its own size may be anything
    try:
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            if row and any(cell is not None for cell in row):
                yield Line(number, [_text(cell) for cell in row])
    except Exception as error:
        raise Invalid("file_unreadable", field="file") from error


def _text(cell: Any) -> str:
    """What a cell says: whole numbers without a point, days and instants as ISO 8601."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)
