"""A record opened: its files, and what a check says of them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from innovation.exchange.service.record import MANIFEST

LARGEST_BYTES = 500_000_000
"""A bundle that unpacks to more than this is refused."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was checked: whether it holds, and what was found."""

    holds: bool
    what: str


class BadRecord(ValueError):
    """The file is no record that can be read."""


def open_record(path: Path) -> dict[str, bytes]:
    """The files of a record by name."""
    try:
        with zipfile.ZipFile(path) as bundle:
            if sum(entry.file_size for entry in bundle.infolist()) > LARGEST_BYTES:
                raise BadRecord("it unpacks to more than half a gigabyte")
            files = {entry.filename: bundle.read(entry) for entry in bundle.infolist()}
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadRecord(str(error)) from error
    if MANIFEST not in files or "snapshot.json" not in files or "decisions.csv" not in files:
        raise BadRecord("manifest.json, snapshot.json or decisions.csv is missing")
    return files


def json_of(files: Mapping[str, bytes], name: str) -> Any:
    """What a JSON file of a record says."""
    try:
        return json.loads(files[name])
    except ValueError as error:
        raise BadRecord(f"{name} is no JSON") from error


def rows_of(files: Mapping[str, bytes], name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of a record; none where it is missing."""
    return list(csv.DictReader(io.StringIO(files.get(name, b"").decode())))
