"""The port to the database's own full text search: one question, asked of FTS5 or of a text search vector.

Both know the same rows of words (``rules/words``), so both find the same entries; which come first is decided above, by
one formula for both (``rules/relevance``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sqlalchemy import Integer, Select, Text, bindparam, cast, column, func, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from innovation.kernel.db import db
from innovation.rules.question import Question, Term
from innovation.search.models import Entry

_FTS: Any = table("search_fts", column("rowid", Integer), column("search_fts", Text))


_PLANNED = select(
    *(
        func.set_config(name, value, True)
        for name, value in {
            "plan_cache_mode": "force_custom_plan",
            "jit": "off",
            "random_page_cost": "1.1",
            "cpu_operator_cost": "0.02",
        }.items()
    )
)
"""Settings of the transaction under way, for PostgreSQL's planner."""


class Engine(Protocol):
    """What a database can do for a search. A statement is made once and asked many questions: see :meth:`written`."""

    def ready(self) -> None:
        """Make the transaction ready for searching; called before the first question."""
        ...

    def newest(self, statement: Select[Any], name: str, count: int) -> Select[Any]:
        """The newest entries of a select from ``Entry`` that answer a question, the newest first.

        Args:
            name: the parameter that holds the question as :meth:`written` writes it.
            count: how many at most.
        """
        ...

    def written(self, question: Question, tags: Sequence[str], *, in_title: bool) -> str:
        """A question in the words of the database.

        Args:
            tags: what narrows it besides; all of them hold.
            in_title: whether titles alone must answer it.
        """
        ...


class Fts5:
    """SQLite: the virtual table walks its matches from the newest row down and stops when there are enough."""

    def ready(self) -> None:
        """Nothing to do: the plan is the same for every word."""

    def newest(self, statement: Select[Any], name: str, count: int) -> Select[Any]:
        matches = _FTS.c.search_fts.op("MATCH")(bindparam(name, type_=Text))
        return statement.join(_FTS, _FTS.c.rowid == Entry.id).where(matches).order_by(_FTS.c.rowid.desc()).limit(count)

    def written(self, question: Question, tags: Sequence[str], *, in_title: bool) -> str:
        wanted = " AND ".join(f"({_either(term, ' OR ', _quoted)})" for term in question.must)
        wanted = f"title_words : ({wanted})" if in_title else f"({wanted})"
        wanted = " AND ".join([wanted, *(f'body_words : "{each}"' for each in tags)])
        if question.must_not:
            wanted = f"({wanted}) NOT ({' OR '.join(_quoted(term.words) for term in question.must_not)})"
        return wanted


class Vectors:
    """PostgreSQL: a vector of positions, the title's under weight A, behind a GIN index."""

    def ready(self) -> None:
        """Plan for the very words: of a frequent one the newest rows are read down, of a rare one its index entry. A plan
        for words in general, to which a prepared statement turns, reads the whole table in vain for a rare one.

        Vectors lie apart from their rows, which the planner takes for free: told that to compare costs more, it reads
        fewer of them. To compile a question takes longer than to answer it.
        """
        db.session.execute(_PLANNED)

    def newest(self, statement: Select[Any], name: str, count: int) -> Select[Any]:
        matches = Entry.vector.op("@@")(cast(bindparam(name, type_=Text), TSQUERY))
        return statement.where(matches).order_by(Entry.id.desc()).limit(count)

    def written(self, question: Question, tags: Sequence[str], *, in_title: bool) -> str:
        wanted = [f"({_either(term, ' | ', _weighted(''))})" for term in question.must]
        if in_title:
            # Besides, not instead: the planner thinks a word as frequent in titles as anywhere, and of two it thinks less.
            wanted += [f"({_either(term, ' | ', _weighted(':A'))})" for term in question.must]
        wanted += [f"'{each}'" for each in tags]
        wanted += [f"!({_weighted('')(term.words)})" for term in question.must_not]
        return " & ".join(wanted)


def _either(term: Term, joint: str, written: Callable[[tuple[str, ...]], str]) -> str:
    """Every way in which a term may be met."""
    return joint.join(dict.fromkeys(written(each) for each in (term.words, *((w,) for w in (*term.stems, *term.begun)))))


def _quoted(words: tuple[str, ...]) -> str:
    return f'"{" ".join(words)}"'


def _weighted(weight: str) -> Callable[[tuple[str, ...]], str]:
    def written(words: tuple[str, ...]) -> str:
        return " <-> ".join(f"'{each}'{weight}" for each in words)

    return written


ENGINES: dict[str, Engine] = {"sqlite": Fts5(), "postgresql": Vectors()}


def dialect() -> str:
    """The name of the database in use, by which its engine is found."""
    return db.session.get_bind().dialect.name
