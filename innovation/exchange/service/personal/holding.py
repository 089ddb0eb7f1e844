"""How a table is described: whom its rows lead to, which columns hold words, and what erasing a person does to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    """What becomes of the rows that a column leads to, once the person is erased."""

    KEEP = "keep"
    EMPTY = "empty"
    DELETE = "delete"
    APART = "apart"
    """A step of its own does it: more than a column hangs on it."""


class Area(StrEnum):
    """What a table is part of; the chapters of the pages and of a person's own file."""

    ACCOUNT = "account"
    REACHING = "reaching"
    INVITING = "inviting"
    CHALLENGES = "challenges"
    IDEAS = "ideas"
    TALK = "talk"
    FILES = "files"
    VOTING = "voting"
    JUDGING = "judging"
    PROJECTS = "projects"
    AWARDS = "awards"
    FIGURES = "figures"
    HOUSE = "house"


WHOLE = "*"
"""Every column of a row but what is withheld."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A column by which a row leads to a person.

    ``gives`` are the columns of the row that the person himself gets: :data:`WHOLE`, names apart by blanks, or nothing.
    ``through`` names what the column holds where it is not the person's number: his addresses, his ideas.
    """

    column: str
    says: str
    gives: str = ""
    fate: Fate = Fate.KEEP
    empties: Mapping[str, Any] = field(default_factory=dict)
    because: str = ""
    through: str = ""

    def columns(self, every: Iterable[str], withheld: Iterable[str]) -> list[str]:
        """The columns of a row that go into the person's own file."""
        wanted = list(every) if self.gives == WHOLE else ["id", self.column, *self.gives.split()]
        return [name for name in wanted if name not in set(withheld)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One table.

    ``words`` are the columns in which something about a person, or written by him, can stand; ``things`` those that
    speak of something else; ``withheld`` what is given to nobody (digests, keys). A column that leads to a person, a
    number, a date or a short code needs no mention of its own.
    """

    table: str
    area: Area
    holds: str
    why: str
    kept: str
    seen: str
    leads: tuple[Lead, ...] = ()
    words: str = ""
    things: str = ""
    withheld: str = ""

    @property
    def personal(self) -> bool:
        """Whether anything in it is about a person."""
        return bool(self.leads or self.words)


def own(column: str, says: str, *, gives: str = WHOLE, **more: Any) -> Lead:
    """The row is about this person, and he gets it as it is."""
    return Lead(column=column, says=says, gives=gives, **more)


def did(column: str, says: str, gives: str = "", **more: Any) -> Lead:
    """The row is about something else; this person did something to it, and gets that part alone."""
    return Lead(column=column, says=says, gives=gives, because=more.pop("because", DEED), **more)


DEED = "who did it stays a number without a name, so that the record of what happened stays whole"
RESULT = "the result and its recount rest on it; it is a number without a name"
SHARED = "others read, answer and build on it; it stands under “former participant”"
