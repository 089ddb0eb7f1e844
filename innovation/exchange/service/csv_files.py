"""Comma- or semicolon-separated files of challenges, ideas, people and tallies, written by people.

A folder of such files, or a single one. Which kind a file is, its name tells (``ideas.csv``) or else its
columns; the columns are in `COLUMNS` and, for readers, in ``docs/import.md``. UTF-8 with or without a
byte-order mark. A row with anything wrong is lost whole, with its line and every reason, so that it can be
mended and read again; all others are kept. Whether what a row refers to exists is for the loader to say.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final, Literal, TypeVar
from zoneinfo import ZoneInfo

from innovation.exchange.service.rows import (
    Bundle,
    ChallengeRow,
    IdeaRow,
    PersonRow,
    Problem,
    TallyRow,
    Where,
)
from innovation.kernel.money import CURRENCIES, MoneyError, parse_minor

COLUMNS: Final[Mapping[str, Mapping[str, bool]]] = {
    "challenges": {
        "id": True, "title": True, "question": False, "brief": False, "brief_format": False, "sponsor": False,
        "url": False, "language": False, "opens": False, "closes": False, "zone": False, "budget": False,
        "prize": False, "currency": False, "types": False,
    },
    "ideas": {
        "id": True, "challenge": True, "title": True, "text": False, "requested": False, "currency": False,
        "authors": False, "url": False, "state": False, "submitted": False, "language": False,
    },
    "people": {
        "email": True, "name": True, "organisation": False, "department": False, "circle": False,
        "language": False,
    },
    "tallies": {
        "idea": True, "for": True, "against": False, "voters": False, "electorate": False, "unit": False,
        "source": True,
    },
}  # fmt: skip
"""Kind -> column -> whether it must be there and filled."""

SEPARATOR: Final = "|"
"""Between several values in one cell (authors, types)."""

_Row = TypeVar("_Row", ChallengeRow, IdeaRow, PersonRow, TallyRow)


def read(path: Path, source: str = "csv") -> Bundle:
    """Read one file, or every ``*.csv`` of a folder. ``source`` goes with every id."""
    files = [path] if path.is_file() else sorted(path.glob("*.csv"))
    problems: list[Problem] = []
    if not files:
        problems.append(Problem(path.name, 0, "absent", {"what": "a CSV file"}, lost=True))
    tables = [table for file in files if (table := _table(file, problems)) is not None]
    challenges = _build("challenges", "challenge", tables, _challenge, lambda row: row.foreign_id, problems)
    currencies = {row.foreign_id: row.currency for row in challenges}

    def idea(cells: "_Cells", where: Where) -> IdeaRow:
        return _idea(cells, where, currencies)

    def counted(row: TallyRow) -> str:
        return f"{row.idea} ({row.source})"

    return Bundle(
        source=source,
        challenges=challenges,
        ideas=_build("ideas", "idea", tables, idea, lambda row: row.foreign_id, problems),
        people=_build("people", "person", tables, _person, lambda row: row.foreign_id, problems),
        tallies=_build("tallies", "tally", tables, _tally, counted, problems),
        problems=tuple(sorted(problems, key=lambda problem: (problem.file, problem.line))),
    )


# --- from rows to what they mean --------------------------------------------------------------------------


def _challenge(cells: "_Cells", where: Where) -> ChallengeRow:
    currency = cells.currency("currency")
    zone = cells.zone("zone")
    opens, closes = cells.moment("opens", zone, time(0)), cells.moment("closes", zone, time(23, 59, 59))
    if opens and closes and closes <= opens:
        cells.wrong("closes_too_early")
    return ChallengeRow(
        foreign_id=cells.text("id"),
        title=cells.text("title"),
        question=cells.text("question"),
        brief=cells.text("brief"),
        brief_format=cells.word("brief_format", _FORMATS),
        sponsor=cells.text("sponsor"),
        source_url=cells.text("url"),
        language=cells.text("language") or "en",
        opens=opens,
        closes=closes,
        zone=zone.key,
        budget=cells.money("budget", currency),
        prize=cells.money("prize", currency),
        currency=currency,
        types=cells.several("types"),
        where=where,
    )


def _idea(cells: "_Cells", where: Where, currencies: Mapping[str, str | None]) -> IdeaRow:
    currency = cells.currency("currency")
    challenge = cells.text("challenge")
    return IdeaRow(
        foreign_id=cells.text("id"),
        challenge=challenge,
        title=cells.text("title"),
        text=cells.text("text"),
        requested=cells.money("requested", currency or currencies.get(challenge)),
        currency=currency,
        authors=tuple(name.lower() if "@" in name else name for name in cells.several("authors")),
        url=cells.text("url"),
        state=cells.word("state", _STATES),
        submitted_at=cells.moment("submitted", ZoneInfo("UTC"), time(0)),
        language=cells.text("language") or "en",
        where=where,
    )


def _person(cells: "_Cells", where: Where) -> PersonRow:
    email = cells.text("email")
    if email and not re.fullmatch(r"[^@\s,;|<>]+@[^@\s,;|<>]+\.[^@\s,;|<>.]+", email):
        cells.wrong("not_an_address", field="email", value=email)
    return PersonRow(
        foreign_id=email.lower(),
        name=cells.text("name"),
        email=email,
        organisation=cells.text("organisation"),
        department=cells.text("department"),
        circle=cells.word("circle", _CIRCLES),
        language=cells.text("language") or "en",
        where=where,
    )


def _tally(cells: "_Cells", where: Where) -> TallyRow:
    return TallyRow(
        idea=cells.text("idea"),
        source=cells.text("source"),
        unit=cells.text("unit") or "votes",
        for_weight=cells.whole("for") or 0,
        against_weight=cells.whole("against") or 0,
        voters=cells.whole("voters"),
        electorate=cells.whole("electorate"),
        where=where,
    )


# The words a cell may hold; the first one is meant where the cell is empty.
_Format = Literal["markdown", "html"]
_FORMATS: Final[Mapping[str, _Format]] = {"markdown": "markdown", "html": "html"}
_State = Literal["submitted", "withdrawn"]
_STATES: Final[Mapping[str, _State]] = {"submitted": "submitted", "withdrawn": "withdrawn"}
_Circle = Literal["staff", "partner", "expert", "public"]
_CIRCLES: Final[Mapping[str, _Circle]] = {
    "public": "public",
    "expert": "expert",
    "partner": "partner",
    "staff": "staff",
}
_Word = TypeVar("_Word", bound=str)


@dataclass(slots=True)
class _Cells:
    """One row's cells by column, and every reason why it cannot be taken."""

    values: Mapping[str, str]
    reasons: list[tuple[str, Mapping[str, str | int]]] = field(default_factory=list)

    def wrong(self, code: str, **params: str | int) -> None:
        self.reasons.append((code, params))

    def text(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def several(self, name: str) -> tuple[str, ...]:
        parts = (part.strip() for part in self.text(name).split(SEPARATOR))
        return tuple(dict.fromkeys(part for part in parts if part))

    def word(self, name: str, known: Mapping[str, _Word]) -> _Word:
        value = self.text(name).lower()
        if value and value not in known:
            self.wrong("not_a_word_of", field=name, value=value, known=", ".join(sorted(known)))
        return known.get(value, next(iter(known.values())))

    def whole(self, name: str) -> int | None:
        value = self.text(name)
        if value and not re.fullmatch(r"[0-9]{1,18}", value):
            self.wrong("not_whole", field=name, value=value)
            return None
        return int(value) if value else None

    def currency(self, name: str) -> str | None:
        value = self.text(name).upper()
        if value and value not in CURRENCIES:
            self.wrong("unknown_currency", value=value)
            return None
        return value or None

    def money(self, name: str, currency: str | None) -> int | None:
        value = self.text(name)
        if not value:
            return None
        if currency is None:
            if not any(code == "unknown_currency" for code, _ in self.reasons):
                self.wrong("no_currency", field=name)
            return None
        try:
            return parse_minor(value, currency)
        except MoneyError:
            self.wrong("not_money", field=name, value=value)
            return None

    def zone(self, name: str) -> ZoneInfo:
        value = self.text(name) or "UTC"
        try:
            return ZoneInfo(value)
        # An unknown key, one that is no path, or one that names a folder.
        except (KeyError, ValueError, OSError):
            self.wrong("unknown_zone", value=value)
            return ZoneInfo("UTC")

    def moment(self, name: str, zone: ZoneInfo, otherwise: time) -> datetime | None:
        """A time as written, in UTC. Without an offset it is the zone's, without a time ``otherwise``."""
        value = self.text(name)
        if not value:
            return None
        try:
            if not re.match(r"\d{4}-\d\d-\d\d($|[ T])", value):
                raise ValueError(value)
            written = datetime.fromisoformat(value)
            local = written if written.tzinfo else written.replace(tzinfo=zone)
            if len(value) == len("2026-05-01"):
                local = datetime.combine(written.date(), otherwise, zone)
            moment = local.astimezone(UTC)
            if written.tzinfo is None and moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
                self.wrong("time_skipped", field=name, value=value, zone=zone.key)
            elif written.tzinfo is None and local.utcoffset() != local.replace(fold=1).utcoffset():
                self.wrong("time_repeated", field=name, value=value, zone=zone.key)
        except (ValueError, OverflowError):
            self.wrong("not_a_date", field=name, value=value)
            return None
        return moment


# --- from files to rows -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Table:
    """One file's rows: (line, cells by column)."""

    file: str
    kind: str
    rows: Sequence[tuple[int, Mapping[str, str]]]


def _build(
    kind: str,
    word: str,
    tables: Sequence[_Table],
    build: Callable[[_Cells, Where], _Row],
    identity: Callable[[_Row], str],
    problems: list[Problem],
) -> tuple[_Row, ...]:
    """The rows of one kind from all its files, without those that cannot be taken and without doubles."""
    found: dict[str, _Row] = {}
    for table in tables:
        for line, values in table.rows if table.kind == kind else ():
            cells = _Cells(values)
            _check(kind, cells)
            # Of cells that are no text nothing else is said: the reason would quote them.
            row = None if cells.reasons else build(cells, Where(table.file, line))
            if row is not None and not cells.reasons:
                if identity(row) in found:
                    cells.wrong("twice", kind=word, id=identity(row))
                else:
                    found[identity(row)] = row
            problems += [Problem(table.file, line, code, told, lost=True) for code, told in cells.reasons]
    return tuple(found.values())


def _check(kind: str, cells: _Cells) -> None:
    for name, required in COLUMNS[kind].items():
        if required and not cells.text(name):
            cells.wrong("missing_value", field=name)
    if any("\ud800" <= letter <= "\udfff" for value in cells.values.values() for letter in value):
        cells.wrong("not_utf8")
    for name, value in cells.values.items():
        if any(letter < " " and letter not in "\n\r\t" for letter in value):
            cells.wrong("control_character", field=name)


def _table(file: Path, problems: list[Problem]) -> _Table | None:
    """The rows of one file, or None when nothing of it can be read; every reason goes to ``problems``."""

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
    columns = ["" if isinstance(heading, str) else re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in heading]
    kind = _kind(file, columns)
    if kind is None:
        refuse(line, "unknown_kind")
        return None
    absent = [name for name, required in COLUMNS[kind].items() if required and name not in columns]
    if absent:
        refuse(line, "missing_columns", columns=", ".join(absent))
        return None
    for name in dict.fromkeys(columns):
        if name and name not in COLUMNS[kind]:
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
            if name in COLUMNS[kind]:
                values.setdefault(name, cell)
        rows.append((line, values))
    return _Table(file.name, kind, rows)


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
    words = {"challenge": "challenges", "idea": "ideas", "people": "people", "person": "people"}
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
