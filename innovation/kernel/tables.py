"""Tables as files for spreadsheets. A text that a spreadsheet would take for a formula is shown as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

Table = tuple[Sequence[str], Iterable[Sequence[Any]]]
"""The heads of the columns, and the rows: texts, whole numbers or None."""

MIMETYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet computes, without the control characters that a workbook cannot hold."""
    if not isinstance(value, str):
        return value
    kept = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{kept}" if kept[:1] and kept[:1] in "=+-@\t\r\n" else kept


def as_csv(table: Table) -> bytes:
    """One table, in UTF-8 with a mark of it, since spreadsheets guess otherwise."""
    columns, rows = table
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in columns])
    writer.writerows([harmless(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(sheets: Mapping[str, Table]) -> bytes:
    """Tables as the sheets of one workbook, by their names."""
    book = Workbook(write_only=True)
    for name, (columns, rows) in sheets.items():
        sheet = book.create_sheet(name[:31])
        sheet.append([harmless(column) for column in columns])
        for row in rows:
            sheet.append([harmless(value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
