"""From a file to its rows: encoding, delimiter, heading, quotes, and which kind of file it is."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from innovation.exchange.service.csv_files.columns import COLUMNS
from innovation.exchange.service.rows import Problem


@dataclass(frozen=True, slots=True)
class Table:
    """One file's rows: (line, cells by column)."""

    file: str
    kind: str
    rows: Sequence[tuple[int, Mapping[str, str]]]


def table_of(
    file: Path,
    problems: list[Problem],
    kind: str | None = None,
    given: Mapping[str, str] | None = None,
    more: Collection[str] = (),
) -> Table | None:
    """The rows of one file, or None when nothing of it can be read; every reason goes to ``problems``.

    Args:
        kind: which kind of file it is, where that is known; None lets its name and columns tell.
        given: columns whose value is known for every row, whatever the file says.
        more: columns besides those of its kind that the file may have, as :func:`column_name` spells them.
    """
    given = given or {}

    def refuse(line: int, code: str, **params: str | int) -> None:
        problems.append(Problem(file.name, line, code, params, lost=True))

    try:
        content = file.read_bytes()
    except OSError as error:
        refuse(0, "not_readable", format="a file", why=error.strerror or "")
        return None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        refuse(1, "not_utf8")
        return None
    # A byte that is no UTF-8 becomes a lone surrogate: only the row it stands in is lost.
    lines = list(io.StringIO(content.decode("utf-8-sig", errors="surrogateescape"), newline=""))
    told = re.fullmatch(r"sep=([;,])\s*", lines[0], re.IGNORECASE) if lines else None
    if told:
        lines[0] = "\n"  # a spreadsheet's own remark; the line numbers stay
    delimiter = told[1] if told else _delimiter(lines)
    records = ((line, cells) for line, cells in _records(lines, delimiter) if isinstance(cells, str) or any(cells))
    line, heading = next(records, (1, []))
    columns = ["" if isinstance(heading, str) else column_name(cell) for cell in heading]
    kind = kind or _kind(file, columns)
    if kind is None:
        refuse(line, "unknown_kind")
        return None
    absent = [name for name, required in COLUMNS[kind].items() if required and name not in columns and name not in given]
    if absent:
        refuse(line, "missing_columns", columns=", ".join(absent))
        return None
    for name in dict.fromkeys(columns):
        if name and name not in COLUMNS[kind] and name not in more:
            problems.append(Problem(file.name, line, "unknown_column", {"column": name}))
        if name and columns.count(name) > 1:
            problems.append(Problem(file.name, line, "twice", {"kind": "column", "id": name}))
    rows = []
    for line, cells in records:
        if isinstance(cells, str):
            refuse(line, cells, **({"limit": csv.field_size_limit()} if cells == "too_long" else {}))
            continue
        while len(cells) > len(columns) and not cells[-1].strip():
            cells.pop()  # a spreadsheet's empty columns to the right
        if len(cells) != len(columns):
            refuse(line, "wrong_cells", found=len(cells), expected=len(columns))
            continue
        values: dict[str, str] = {}
        for name, cell in zip(columns, cells, strict=True):
            if name in COLUMNS[kind] or name in more:
                values.setdefault(name, cell)
        rows.append((line, {**values, **given}))
    return Table(file.name, kind, rows)


def column_name(heading: str) -> str:
    """A heading as columns are known by: small letters, without what stands between words."""
    return re.sub(r"[\s-]+", "_", heading.strip().lower())


def _records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, Any]]:
    """Every record with the line it starts on; instead of its cells a code where it cannot be read.

    After such a record reading goes on with the very next line: quotes that do not close lose one line, not
    the rest of the file.
    """
    start = 0
    while start < len(lines):
        reader = csv.reader(lines[start:], delimiter=delimiter, strict=True)
        line = start
        try:
            for cells in reader:
                yield line + 1, cells
                line = start + reader.line_num
            return
        except csv.Error as error:
            yield line + 1, "too_long" if "limit" in str(error) else "broken_quotes"
            start = line + 1


def _delimiter(lines: Sequence[str]) -> str:
    heading = next((line for line in lines if line.strip()), "")
    unquoted = re.sub(r'"[^"]*"', "", heading)
    return ";" if unquoted.count(";") > unquoted.count(",") else ","


def _kind(file: Path, columns: Sequence[str]) -> str | None:
    stem = file.stem.lower()
    words = {"challenge": "challenges", "idea": "ideas", "people": "people", "person": "people", "comment": "comments"}
    words |= {"tally": "tallies", "tallies": "tallies"}
    named = {kind for word, kind in words.items() if word in stem}
    if len(named) == 1:
        return named.pop()
    fitting = [
        kind for kind, known in COLUMNS.items() if all(name in columns for name, required in known.items() if required)
    ]
    return fitting[0] if len(fitting) == 1 else _most(fitting, columns)


def _most(kinds: Sequence[str], columns: Sequence[str]) -> str | None:
    """Of several kinds that fit, the one that knows most of the columns; None when none or two do."""
    ranked = sorted(((sum(name in COLUMNS[kind] for name in columns), kind) for kind in kinds), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1]
