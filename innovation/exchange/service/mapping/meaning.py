"""Which column means what, and what a row of the file is by that: a person, a challenge, an idea, a comment, a vote."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from innovation.exchange.service.csv_files.cells import Cells
from innovation.exchange.service.csv_files.columns import SEPARATOR
from innovation.exchange.service.csv_files.meaning import challenge_row, check, comment_row, idea_row, person_row
from innovation.exchange.service.mapping.fields import FIELDS, Field, Kind, Reads
from innovation.exchange.service.mapping.sheets import Line, shown
from innovation.exchange.service.rows import ChallengeRow, CommentRow, IdeaRow, PersonRow, Problem, Where

DATES = ("dmy", "mdy")
"""How days are written that are not ISO 8601: day first, or month first."""
SPLITS = ("|", ";", ",")
AUDIENCES = ("staff", "partner", "expert", "public")
"""Who can take part: each with those before it, so that what comes in is shown to staff alone unless the file says more."""
LONGEST = {"title": 300, "name": 200, "id": 200, "url": 500, "organisation": 200, "department": 200}
"""Letters that a field may have; longer ones are the row's error, not cut."""
_DAY = re.compile(
    r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[ T,]+(\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?(?: ?([ap])\.?m\.?)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Take:
    """Where a field comes from: a column by its name, and what fills the cells that are empty (all, without a column)."""

    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What is kept under a name: fields with their columns, what the file's words mean, how days and lists are written."""

    kind: Kind
    takes: Map[str, Take] = field(default_factory=dict)
    words: Map[str, Map[str, str]] = field(default_factory=dict)
    """Field → a word of the file, in small letters → ours."""
    dates: str = DATES[0]
    split: str = SPLITS[0]
    zone: str = "UTC"

    def as_json(self) -> dict[str, Any]:
        return {
            "takes": {name: {"column": take.column, "value": take.value} for name, take in self.takes.items()},
            "words": {name: dict(words) for name, words in self.words.items() if words},
            "dates": self.dates,
            "split": self.split,
            "zone": self.zone,
        }

    @staticmethod
    def from_json(kind: Kind, kept: Map[str, Any]) -> Mapping:
        """What :meth:`as_json` gave. Fields that are no more are let go."""
        known = {each.name for each in FIELDS[kind]}
        return Mapping(
            kind,
            {
                name: Take(str(take.get("column", "")), str(take.get("value", "")))
                for name, take in kept.get("takes", {}).items()
                if name in known
            },
            {name: dict(words) for name, words in kept.get("words", {}).items() if name in known},
            kept.get("dates", DATES[0]),
            kept.get("split", SPLITS[0]),
            kept.get("zone", "UTC"),
        )

    def missing(self) -> list[str]:
        """Fields that are needed and come from nowhere."""
        lacking = [each.name for each in FIELDS[self.kind] if each.needed and not self.given(each.name)]
        if self.kind == Kind.PEOPLE and not self.given("id") and not self.given("email"):
            lacking.append("email")
        return lacking

    def given(self, name: str) -> bool:
        """Whether a field comes from anywhere."""
        take = self.takes.get(name, Take())
        return bool(take.column or take.value)


@dataclass(frozen=True, slots=True)
class CastVote:
    """What somebody said of an idea elsewhere, by the old ids of both."""

    idea: str
    person: str
    value: int
    at: datetime | None
    where: Where

    @property
    def foreign_id(self) -> str:
        return f"{self.person} {self.idea}"


Row: TypeAlias = PersonRow | ChallengeRow | IdeaRow | CommentRow | CastVote


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it would be read: what it means, or why it means nothing.

    ``by`` are the people it names by their old id or address, ``names`` those it names as they stand.
    """

    line: Line
    row: Row | None
    problems: tuple[Problem, ...] = ()
    by: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Reader:
    """Reads the rows of one file by one mapping."""

    def __init__(self, mapping: Mapping, headings: Sequence[str], file: str = "") -> None:
        self.mapping = mapping
        self.file = file
        self.places = {name: place for place, name in enumerate(headings)}

    def read(self, line: Line) -> Entry:
        """What a row means; a row with anything wrong means nothing, and every reason is told."""
        where = Where(self.file, line.number)
        if line.problem:
            told: dict[str, str | int] = {"found": len(line.cells), "expected": len(self.places), "limit": 131_072}
            return Entry(line, None, (Problem(self.file, line.number, line.problem, told, lost=True),))
        cells = Cells(self.values(line.cells))
        self._check(cells)
        row = None if cells.reasons else _BUILT[self.mapping.kind](cells, where)
        if cells.reasons:
            found = tuple(Problem(self.file, line.number, code, told, lost=True) for code, told in cells.reasons)
            return Entry(line, None, found)
        by, names = _people(self.mapping.kind, cells)
        return Entry(line, row, (), by, names)

    def values(self, cells: Sequence[str]) -> dict[str, str]:
        """A row's cells by our fields, in our words."""
        return {each.name: self._value(each, cells) for each in FIELDS[self.mapping.kind] if self.mapping.given(each.name)}

    def heard(self, name: str, cells: Sequence[str]) -> str:
        """What the file itself says in the column of a field, as words are compared."""
        place = self.places.get(self.mapping.takes.get(name, Take()).column)
        return "" if place is None else shown(cells[place]).strip().lower()

    def _value(self, each: Field, cells: Sequence[str]) -> str:
        take = self.mapping.takes[each.name]
        place = self.places.get(take.column)
        said = shown(cells[place]).strip() if place is not None else ""
        text = said or take.value
        if each.reads in (Reads.CHOICE, Reads.NUMBER):
            text = self.mapping.words.get(each.name, {}).get(text.lower(), text)
        if each.reads == Reads.CHOICE:
            text = next((word for word in each.words if word.lower() == text.lower()), text)
        if each.reads == Reads.SEVERAL:
            text = SEPARATOR.join(part.strip() for part in text.split(self.mapping.split))
        return self._day(text) if each.reads == Reads.DATE else text

    def _day(self, text: str) -> str:
        """A day or an instant in ISO 8601 where it is written otherwise; what is none stays, to be told as it stands."""
        if re.fullmatch(r"1\d{9}|1\d{12}", text):
            return datetime.fromtimestamp(int(text[:10]), ZoneInfo("UTC")).isoformat(" ")
        if re.match(r"\d{4}-\d\d-\d\d", text):
            written = re.sub(r" UTC$", "+00:00", text)
            return self._zoned(re.sub(r"(?<=\d) (?=[+-]\d\d:?\d\d$)", "", written))
        found = _DAY.fullmatch(text)
        if found is None:
            return text
        first, second, third = int(found[1]), int(found[2]), int(found[3])
        year, month, day = (third, second, first) if self.mapping.dates == "dmy" else (third, first, second)
        if len(found[1]) == 4:
            year, month, day = first, second, third
        if year < 100:
            year += 2000 if year < 70 else 1900
        try:
            if found[4] is None:
                return self._zoned(datetime(year, month, day).date().isoformat())
            hour = int(found[4]) % 12 + (12 if found[7].lower() == "p" else 0) if found[7] else int(found[4])
            return self._zoned(datetime(year, month, day, hour, int(found[5]), int(found[6] or 0)).isoformat(" "))
        except ValueError:
            return text

    def _zoned(self, text: str) -> str:
        """An instant with its offset, by the zone the mapping says the file was written in; a day begins at midnight there.

        A challenge's days keep their own meaning: it opens at the beginning of one and closes at the end of one.
        """
        if self.mapping.kind == Kind.CHALLENGES and len(text) == len("2026-05-01"):
            return text
        try:
            written = datetime.fromisoformat(text)
        except ValueError:
            return text
        if written.tzinfo is None and self.mapping.kind != Kind.CHALLENGES:
            written = written.replace(tzinfo=ZoneInfo(self.mapping.zone))
        return written.isoformat(" ", "seconds")

    def _check(self, cells: Cells) -> None:
        fields = FIELDS[self.mapping.kind]
        check([each.name for each in fields if each.needed], cells)
        for each in fields:
            text = cells.text(each.name)
            if each.reads == Reads.CHOICE and text and text not in each.words:
                cells.wrong("no_meaning", field=each.name, value=text[:80])
            if len(text) > LONGEST.get(each.name, 100_000):
                cells.wrong("too_long_for", field=each.name, limit=LONGEST.get(each.name, 100_000))
        if self.mapping.kind == Kind.CHALLENGES and not cells.reasons:
            cells.values = {**cells.values, "zone": self.mapping.zone}
        if self.mapping.kind == Kind.PEOPLE and not cells.text("id") and not cells.text("email"):
            cells.wrong("missing_value", field="email")


def _person(cells: Cells, where: Where) -> PersonRow:
    row = person_row(cells, where)
    return replace(row, foreign_id=cells.text("id") or row.foreign_id, email=row.email or None)


def _challenge(cells: Cells, where: Where) -> ChallengeRow:
    near = AUDIENCES.index(cells.text("audience") or AUDIENCES[0])
    return replace(challenge_row(cells, where), topics=cells.several("topics"), audience=AUDIENCES[: near + 1])


def _idea(cells: Cells, where: Where) -> IdeaRow:
    # An amount without a currency is in its challenge's: the loader knows which that is, and EUR stands for it until then.
    return replace(idea_row(cells, where, {cells.text("challenge"): "EUR"}), authors=())


def _comment(cells: Cells, where: Where) -> CommentRow:
    return replace(comment_row(cells, where), author=None)


def _vote(cells: Cells, where: Where) -> CastVote:
    value = cells.text("value")
    if not re.fullmatch(r"-?[0-9]{1,7}", value):
        cells.wrong("no_meaning", field="value", value=value[:80])
        value = "0"
    at = cells.moment("cast", ZoneInfo("UTC"), time(12))
    person = cells.text("person")
    return CastVote(cells.text("idea"), person.lower() if "@" in person else person, int(value), at, where)


_BUILT: dict[Kind, Any] = {
    Kind.PEOPLE: _person,
    Kind.CHALLENGES: _challenge,
    Kind.IDEAS: _idea,
    Kind.COMMENTS: _comment,
    Kind.VOTES: _vote,
}


def _people(kind: Kind, cells: Cells) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Whom a row names: by old id or address, and as they stand."""
    if kind == Kind.IDEAS:
        return _keys(cells.several("author_ids")), cells.several("author_names")
    if kind == Kind.COMMENTS:
        by, name = cells.text("author_id"), cells.text("author_name")
        return _keys((by,) if by else ()), (name,) if name else ()
    if kind == Kind.VOTES:
        return _keys((cells.text("person"),)), ()
    return (), ()


def _keys(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.lower() if "@" in name else name for name in names)
