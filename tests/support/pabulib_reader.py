"""A pabulib file as plain rows: for tests that ask what a rule makes of a city's ballots. Format: pabulib.org/format."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

MINOR = 100
"""Minor units in one of the file's money."""


@dataclass(frozen=True)
class Project:
    """One project of a file. ``cost`` is in minor units."""

    id: str
    cost: int
    votes: int
    selected: bool


@dataclass(frozen=True)
class Ballot:
    """What one voter gave, in the order of the file: 1 for an approval, else the points."""

    id: str
    votes: dict[str, int]


@dataclass(frozen=True)
class City:
    """One file. ``budget`` is in minor units."""

    meta: dict[str, str]
    budget: int
    projects: list[Project]
    ballots: list[Ballot]


def read_city(path: Path) -> City:
    """The projects and ballots of an approval, choose-1 or cumulative file."""
    sections: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.reader(lines, delimiter=";"):
            if len(row) == 1 and row[0].strip() in ("META", "PROJECTS", "VOTES"):
                rows = sections.setdefault(row[0].strip(), [])
            elif row:
                rows.append(row)
    meta = {row[0]: row[1] for row in sections["META"][1:]}
    projects = [
        Project(each["project_id"], _minor(each["cost"]), int(each.get("votes") or 0), each.get("selected") == "1")
        for each in _named(sections["PROJECTS"])
    ]
    return City(meta, _minor(meta["budget"]), projects, [_ballot(each) for each in _named(sections["VOTES"])])


def _named(rows: list[list[str]]) -> list[dict[str, str]]:
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]


def _minor(text: str) -> int:
    return int(Decimal(text.replace(",", ".")) * MINOR)


def _ballot(row: dict[str, str]) -> Ballot:
    chosen = [each for each in row["vote"].split(",") if each]
    points = [int(each) for each in row.get("points", "").split(",") if each] or [1] * len(chosen)
    return Ballot(row["voter_id"], dict(zip(chosen, points, strict=True)))
