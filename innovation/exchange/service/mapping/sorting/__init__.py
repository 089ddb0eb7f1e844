"""Telling the rows of a file apart: new, changed, here already, or wrong; and writing those that are to be written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from innovation.exchange.service.mapping.fields import Kind
from innovation.exchange.service.mapping.meaning import Entry
from innovation.exchange.service.mapping.sorting import answers, briefs, persons, talk, votes
from innovation.exchange.service.mapping.task import Place, Sorted

Sort = Callable[[Place, Sequence[Entry]], Sorted]
Write = Callable[[Place, Sorted], None]

SORTS: dict[Kind, Sort] = {
    Kind.PEOPLE: persons.sort,
    Kind.CHALLENGES: briefs.sort,
    Kind.IDEAS: answers.sort,
    Kind.COMMENTS: talk.sort,
    Kind.VOTES: votes.sort,
}
WRITES: dict[Kind, Write] = {
    Kind.PEOPLE: persons.write,
    Kind.CHALLENGES: briefs.write,
    Kind.IDEAS: answers.write,
    Kind.COMMENTS: talk.write,
    Kind.VOTES: votes.write,
}

__all__ = ["SORTS", "WRITES"]
