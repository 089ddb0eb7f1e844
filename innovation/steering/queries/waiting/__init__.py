"""What waits across the programmes of a manager: the lists of his desk, which the mail of the morning counts too.

Every list asks a fixed number of queries, however long it is, and is counted no further than
:data:`innovation.rules.desk.COUNTED`. Nothing here tells the title or text of a sealed idea.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from innovation.challenges.models import Challenge, Programme
from innovation.discussion.queries import cases
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.rules.desk import COUNTED, SHOWN, Section
from innovation.steering.queries.waiting.challenges import answers, approvals, results
from innovation.steering.queries.waiting.others import checks, gates, questions
from innovation.steering.queries.waiting.rows import Listing, Row
from innovation.voting import queries as voting

__all__ = ["Board", "Listed", "Row", "board", "page"]

LISTS: Mapping[Section, Callable[[Actor, datetime, int | None], Listing]] = {
    Section.APPROVALS: approvals,
    Section.RESULTS: results,
    Section.CHECKS: checks,
    Section.QUESTIONS: questions,
    Section.ANSWERS: answers,
    Section.GATES: gates,
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as the desk shows it: its first rows, how many there are, and how many of them are late.

    ``beyond``: there are more than were counted.
    """

    rows: Sequence[Row]
    count: int
    late: int
    beyond: bool

    @property
    def more(self) -> bool:
        """Whether rows are left for the list's own page."""
        return self.count > len(self.rows)


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that waits; lists without a row are missing.

    Attributes:
        reports: how many reported comments wait for this person.
        flagged: challenges with groups of votes that look alike and that nobody has looked at, with how many.
    """

    lists: Mapping[Section, Listed]
    reports: int
    flagged: Sequence[tuple[Challenge, int]]

    @property
    def anything(self) -> bool:
        return bool(self.lists or self.reports or self.flagged)

    @property
    def counts(self) -> dict[str, int]:
        """How much of everything waits, by the list's name."""
        found = {str(section): listed.count for section, listed in self.lists.items()}
        groups = sum(count for _challenge, count in self.flagged)
        return found | {name: count for name, count in (("reports", self.reports), ("votes", groups)) if count}


def board(actor: Actor, now: datetime, programme: Programme | None = None) -> Board:
    """What waits for a manager over all his programmes, or in one of them.

    Reported comments belong to no programme: they are counted over all of them alone.
    """
    found = {section: _listed(actor, now, section, programme) for section in LISTS}
    flagged = voting.unsettled_flags(actor)
    if programme is not None:
        flagged = [(challenge, count) for challenge, count in flagged if challenge.programme_id == programme.id]
    return Board(
        {section: listed for section, listed in found.items() if listed.count},
        cases.waiting(actor) if programme is None else 0,
        flagged,
    )


def page(actor: Actor, section: Section, now: datetime, programme: Programme | None, cursor: str | None) -> paging.Page[Row]:
    """One list by itself, page by page."""
    listing = LISTS[section](actor, now, programme.id if programme else None)
    return listing.page(actor, now, cursor, paging.PAGE)


def _listed(actor: Actor, now: datetime, section: Section, programme: Programme | None) -> Listed:
    listing = LISTS[section](actor, now, programme.id if programme else None)
    found = listing.page(actor, now, None, COUNTED)
    late = sum(row.late for row in found.items)
    return Listed(found.items[:SHOWN], len(found.items), late, found.next is not None)
