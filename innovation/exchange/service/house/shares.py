"""The parts of an export of the house, each some hundreds of rows: from a place to the next."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Table, false

from innovation.challenges.models import Challenge
from innovation.exchange.queries import house as queries
from innovation.exchange.queries.house import Kept
from innovation.exchange.queries.house_lists import LISTS
from innovation.exchange.service.house.held_back import COLUMNS, FIGURES, SETTINGS, TABLES, VOTES
from innovation.exchange.service.personal.registry import HOLDINGS
from innovation.exchange.service.record import FEWEST_VOTERS
from innovation.promotion.service.ballots import pseudonym

BATCH = 500
WORDS = {each.table: frozenset(each.words.split()) | frozenset(each.things.split()) for each in HOLDINGS}
"""Table → its columns in which words can stand."""
LEADS = {each.table: frozenset(lead.column for lead in each.leads if not lead.through) for each in HOLDINGS}
"""Table → its columns that lead to a person without the schema saying so."""


@dataclass(frozen=True, slots=True)
class Share:
    """Rows of one file of the archive, and where the next share begins; None at the end of the file."""

    file: str
    columns: Sequence[str]
    rows: list[list[Any]]
    next: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the archive: its name, its columns, and how its rows are read from a number on."""

    file: str
    columns: tuple[str, ...]
    read: Callable[[Kept, int, int], tuple[list[list[Any]], int | None]]


@cache
def sources() -> tuple[Source, ...]:
    """Every file of the archive that holds rows, in its order."""
    plain = [_table(table) for table in queries.tables() if table.name not in TABLES and table.name not in VOTES]
    return (*plain, _votes("vote"), _votes("comparison"), *(_list(kind) for kind in LISTS))


def share(place: int, after: int, kept: Kept) -> Share:
    """The next rows of a file."""
    source = sources()[place]
    rows, further = source.read(kept, after, BATCH)
    return Share(source.file, source.columns, rows, further)


def columns_out(table: Table) -> tuple[str, ...]:
    """A table's columns that go out."""
    back = COLUMNS.get(table.name, {})
    names = tuple(column.name for column in table.columns if column.name not in back)
    return (*names, "file") if table.name == "attachment" else names


def _table(table: Table) -> Source:
    columns = columns_out(table)
    read_columns = [name for name in columns if name in table.c]
    words = WORDS.get(table.name, frozenset()) if table.name not in FIGURES else frozenset()
    people = frozenset(queries.leads_to_person(table)) | LEADS.get(table.name, frozenset())

    def read(kept: Kept, after: int, limit: int) -> tuple[list[list[Any]], int | None]:
        hides = queries.hidden(table, kept.words) if words or table.name == "attachment" else false()
        unnamed = queries.hidden(table, kept.names) if people else false()
        found = queries.rows(table, read_columns, after, limit, hides, unnamed)
        return [[_cell(table.name, name, row, words, people) for name in columns] for row in found], found[-1][
            "_key"
        ] if len(found) == limit else None

    return Source(f"tables/{table.name}.csv", columns, read)


def _cell(table: str, name: str, row: dict[str, Any], words: frozenset[str], people: frozenset[str]) -> Any:
    if row["_words"] and (name in words or name == "file"):
        return None
    if row["_names"] and (name in people or (table, name) == ("event", "payload")):
        return None
    if table == "attachment" and name == "file":
        return None if row["trashed_at"] else file_name(row["public_id"], row["name"])
    if table == "host_setting" and name == "value" and row["name"] not in SETTINGS:
        return None
    if table == "inquiry" and name in words and (name == "text" or row["published_at"] is None):
        return None  # what somebody asked is between him and the sponsor; what was published is for all
    return _plain(row[name])


def file_name(public_id: str, name: str) -> str:
    """Where a file of the house lies in the archive."""
    return f"files/{public_id}-{name}"


def _votes(table: str) -> Source:
    columns = ("voter", "idea_id", "value", "weight") if table == "vote" else ("voter", "first_id", "second_id", "preferred")

    def read(kept: Kept, after: int, limit: int) -> tuple[list[list[Any]], int | None]:
        found = queries.decided_challenges(after, 20)
        rows = [row for challenge in found for row in _of_challenge(table, challenge)]
        return rows, found[-1].id if len(found) == 20 else None

    return Source(f"tables/{table}.csv", columns, read)


def _of_challenge(table: str, challenge: Challenge) -> list[list[Any]]:
    """A decided challenge's votes under its own pseudonyms; nothing where it is few who voted, or none has been made up."""
    if challenge.pseudonym_key is None or queries.voters(challenge.id) < FEWEST_VOTERS:
        return []
    found = queries.votes(challenge.id) if table == "vote" else queries.pairs(challenge.id)
    # Another key than the record's: the two together would tell no more than each, and neither leads to a person.
    key = f"house:{challenge.pseudonym_key}".encode()
    return sorted([pseudonym(key, person_id), *rest] for person_id, *rest in found)


def _list(kind: str) -> Source:
    columns, listed = LISTS[kind]

    def read(kept: Kept, after: int, limit: int) -> tuple[list[list[Any]], int | None]:
        found = listed(kept, after, limit)
        return [cells for _, cells in found if cells], found[-1][0] if len(found) == limit else None

    return Source(f"import/{kind}.csv", columns, read)


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict | list) else value


def described() -> Iterable[tuple[str, Sequence[tuple[str, str, str]]]]:
    """Every file with its columns: name, kind of value, and what it refers to; for programs and for readers."""
    for source in sources():
        held = source.file.split("/")[1].removesuffix(".csv")
        table = queries.by_name(held) if source.file.startswith("tables/") else None
        yield source.file, [(name, *_described(table, name)) for name in source.columns]


def _described(table: Table | None, name: str) -> tuple[str, str]:
    if table is None or name not in table.c:
        return "text", ""
    column = table.c[name]
    refers = next((f"{key.column.table.name}.{key.column.name}" for key in column.foreign_keys), "")
    return str(column.type.python_type.__name__) if _typed(column) else "text", refers


def _typed(column: Any) -> bool:
    try:
        return bool(column.type.python_type)
    except NotImplementedError:
        return False
