"""The archive of a house: every table as CSV with a description for programs, files, and what the import reads again."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import IO, Any

from innovation.exchange.queries import house as queries
from innovation.exchange.queries.house import Kept
from innovation.exchange.service.house import held_back
from innovation.exchange.service.house.shares import described, file_name, sources
from innovation.kernel.db import db
from innovation.kernel.files import Store
from innovation.kernel.tables import harmless

NAME = "house.zip"
IN_MEMORY = 8 * 1024 * 1024

Parts = Iterable[tuple[str, list[list[Any]]]]


@contextmanager
def packed(parts: Parts, store: Store, readme: str, kept: Kept, renew: Callable[[], None]) -> Iterator[IO[bytes]]:
    """The archive at its beginning; it lies on the disk meanwhile, and is gone afterwards.

    Args:
        parts: rows by file, those of one file behind each other.
        renew: called between files, since a large house takes its time.
    """
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", readme)
            archive.writestr("schema.json", schema())
            _rows(archive, parts, renew)
            _files(archive, store, kept, renew)
        out.seek(0)
        yield out


def schema() -> str:
    """Every file with its columns, and what is left out with its reason, as JSON."""
    files = [
        {"file": file, "columns": [{"name": name, "type": kind, "refers_to": to} for name, kind, to in columns]}
        for file, columns in described()
    ]
    back = {"tables": dict(held_back.TABLES), "columns": {name: dict(each) for name, each in held_back.COLUMNS.items()}}
    return json.dumps({"version": 1, "files": files, "left_out": back}, indent=1, ensure_ascii=False)


def _rows(archive: zipfile.ZipFile, parts: Parts, renew: Callable[[], None]) -> None:
    columns = {source.file: source.columns for source in sources()}
    for file, shares in groupby(parts, key=lambda part: part[0]):
        with archive.open(file, "w", force_zip64=True) as raw:
            raw.write(b"\xef\xbb\xbf")
            text = io.TextIOWrapper(raw, "utf-8", errors="replace", newline="")
            writer = csv.writer(text, lineterminator="\r\n")
            writer.writerow(columns[file])
            for _, rows in shares:
                writer.writerows([harmless(cell) for cell in row] for row in rows)
                renew()
            text.flush()
            text.detach()


def _files(archive: zipfile.ZipFile, store: Store, kept: Kept, renew: Callable[[], None]) -> None:
    after = 0
    while found := queries.files(kept, after, 100):
        named = [(file_name(row.public_id, row.name), row.key) for row in found]
        after = found[-1].id
        db.session.rollback()
        for name, key in named:
            try:
                pieces = store.get(key)
            except FileNotFoundError:  # swept meanwhile
                continue
            with archive.open(name, "w", force_zip64=True) as into:
                for piece in pieces:
                    into.write(piece)
            renew()
