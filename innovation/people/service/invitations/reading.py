"""From a pasted text or a file to the lines of a list: each with its number, its cells, and what they mean.

One person a line: ``address``, ``Name <address>``, or ``address;name;organisation`` (a comma or a tab does as well).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from openpyxl import load_workbook

from innovation.kernel.errors import Invalid

LONGEST_NAME = 200
MOST_CELLS = 20
UNPACKED = 40_000_000
"""Bytes of a workbook once unpacked; more is no list of people."""
MOST_ROWS = 20_000
"""Rows of a file, empty ones among them."""
HEADS = {
    "email": {"email", "e-mail", "mail", "address", "e-mail address", "email address", "adres", "e-mailadres", "mailadres"},
    "name": {"name", "full name", "naam", "volledige naam"},
    "organisation": {"organisation", "organization", "company", "employer", "organisatie", "bedrijf", "werkgever"},
}
_BRACKETS = re.compile(r'^"?([^"<>]*)"?\s*<([^<>]*)>$')
_BETWEEN = re.compile(r"(?<=>)\s*[;,]\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a list as it was written; ``code`` says why the line cannot be used, and is empty where it can."""

    number: int
    cells: tuple[str, ...]
    email: str = ""
    name: str = ""
    organisation: str = ""
    code: str = ""


def lines_of(text: str) -> list[Line]:
    """Every line that has something in it, in order; a heading is none."""
    found: list[Line] = []
    order: dict[str, int] | None = None
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip(" ;,\t\ufeff"):
            continue
        for part in _persons(raw.strip(" \t\ufeff")):
            cells = _cells(part)
            if not found and order is None and (order := _heading(cells)):
                continue
            found.append(_line(number, cells, order or {}))
    return found


def lines_of_file(name: str, content: bytes) -> str:
    """The text of a CSV or XLSX file, one person a line; each stands on the line that it had in the file.

    Raises:
        Invalid: it is neither, or cannot be read.
    """
    rows = _sheet(content) if name.lower().endswith(".xlsx") or content.startswith(b"PK") else _table(content)
    written: list[str] = []
    for number, cells in rows:
        if number > MOST_ROWS:
            raise Invalid("too_many_lines", field="file")
        written += [""] * (number - 1 - len(written))
        line = io.StringIO()
        csv.writer(line, delimiter=";", lineterminator="").writerow([" ".join(cell.split()) for cell in cells])
        written.append(line.getvalue())
    return "\n".join(written)


def _table(content: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        raise Invalid("not_utf8", field="file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("not_utf8", field="file") from None
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";\t,", key=re.sub(r'"[^"]*"', "", first).count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    began = 1
    try:
        for cells in reader:
            yield began, cells[:MOST_CELLS]
            began = reader.line_num + 1
    except csv.Error:
        raise Invalid("not_readable", field="file") from None


def _sheet(content: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > UNPACKED:
                raise Invalid("not_readable", field="file")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Invalid:
        raise
    except Exception:  # a damaged workbook fails in as many ways as it has parts
        raise Invalid("not_readable", field="file") from None
    try:
        sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
        for number, row in enumerate(sheet.iter_rows(values_only=True) if sheet else (), start=1):
            cells = ["" if cell is None else str(cell) for cell in row[:MOST_CELLS]]
            if any(cell.strip() for cell in cells) or number > MOST_ROWS:
                yield number, cells
    except Exception:
        raise Invalid("not_readable", field="file") from None
    finally:
        book.close()


def _persons(raw: str) -> list[str]:
    """A mail program copies several people as one line: ``A <a@x.org>; B <b@x.org>``."""
    return [part for part in _BETWEEN.split(raw) if part] if raw.count("<") > 1 else [raw]


def _cells(raw: str) -> tuple[str, ...]:
    bracketed = _BRACKETS.match(raw.rstrip(";, "))
    if bracketed:
        return bracketed[2].strip(), bracketed[1].strip()
    delimiter = max(";\t,", key=raw.count)
    try:
        cells = next(csv.reader([raw], delimiter=delimiter), [])
    except csv.Error:
        cells = [raw]
    while cells and not cells[-1].strip():
        cells.pop()
    return tuple(" ".join(cell.split()) for cell in cells[:MOST_CELLS])


def _heading(cells: Sequence[str]) -> dict[str, int]:
    """Which column holds what, where the first line says so; empty where it does not."""
    plain = [cell.lower().strip(" :*") for cell in cells]
    order = {what: next((at for at, cell in enumerate(plain) if cell in words), -1) for what, words in HEADS.items()}
    return order if order["email"] >= 0 else {}


def _line(number: int, cells: tuple[str, ...], order: dict[str, int]) -> Line:
    if order:
        email, name, organisation = (_at(cells, order[what]) for what in ("email", "name", "organisation"))
    else:
        at = next((place for place, cell in enumerate(cells) if "@" in cell), 0)
        others = [cell for place, cell in enumerate(cells) if place != at]
        email, name, organisation = _at(cells, at), _at(others, 0), _at(others, 1)
    bracketed = _BRACKETS.match(email)
    if bracketed:
        email, name = bracketed[2].strip(), name or bracketed[1].strip()
    email = email.removeprefix("mailto:")
    return Line(number, cells, email, name, organisation, _wrong(email, name, organisation))


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if 0 <= place < len(cells) else ""


def _wrong(email: str, name: str, organisation: str) -> str:
    if "@" not in email:
        return "no_address"
    if email.count("@") > 1:
        return "two_addresses"
    if len(name) > LONGEST_NAME or len(organisation) > LONGEST_NAME:
        return "too_long"
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        return "bad_address"
    return "bad_address" if len(email) > 320 else ""
