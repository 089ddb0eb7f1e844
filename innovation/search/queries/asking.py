"""Asking the index: which entries answer, in which order, narrowed by what, and what was probably meant.

Of a frequent word only the newest matches of each kind are ranked, those in titles first, so that a search costs the same
whatever the size of the house; figures beside the facets count what was ranked, and say so where there is more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, select, union_all

from innovation.challenges.models import Challenge, Programme
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.rules import relevance, words
from innovation.rules.question import Question, read, spoken
from innovation.search.models import Entry
from innovation.search.queries import engines, spelling
from innovation.search.queries.seeing import KINDS, STATED, entries, shown

PAGE = 20
RANKED = 200
"""Matches of each kind that are ranked; of one kind alone, five times as many."""
IN_TITLE = 100
CORRECTED = 4
"""Words of a question for which typing errors are looked for."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search, as it stands in the address; '' for not at all."""

    kind: str = ""
    state: str = ""
    language: str = ""
    challenge: str = ""
    programme: str = ""

    @property
    def any(self) -> bool:
        return any((self.kind, self.state, self.language, self.challenge, self.programme))

    def sound(self) -> Filters:
        """Without what nobody can choose: an unknown kind, a state where nothing is in one."""
        kind = self.kind if self.kind in KINDS else ""
        return replace(self, kind=kind, state=self.state if kind in STATED else "")


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: what it says and what leads to it, and its words in pieces of which some are marked."""

    row: Any
    state: str
    title: list[tuple[str, bool]]
    snippet: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results.

    Args:
        hits: the results of this page, the best first.
        total: how many were ranked.
        capped: whether there may be more than were ranked.
        kinds, states, languages, challenges: how many of the ranked are of each, the most frequent first.
        more_of: the kinds of which there may be more than were ranked.
        instead: what was asked for, where results are shown for a correction of it.
    """

    question: Question
    hits: Sequence[Hit]
    total: int
    capped: bool
    page: int
    pages: int
    kinds: Sequence[tuple[str, int]]
    states: Sequence[tuple[str, int]]
    languages: Sequence[tuple[str, int]]
    challenges: Sequence[tuple[int, int]]
    more_of: frozenset[str]
    instead: Question | None = None


def search(actor: Actor, typed: str, language: str, filters: Filters, page: int = 1, *, exactly: bool = False) -> Found:
    """What this person may see of what answers a question.

    Args:
        typed: the search field's content.
        language: the reader's language.
        exactly: without looking for typing errors.
    """
    question = read(typed, language)
    if question.empty:
        return _found(question, [], filters, page)
    engines.ENGINES[engines.dialect()].ready()
    beginning = question.begun_by()
    if beginning is not None:
        question = question.with_begun(spelling.begun_with(beginning))
    rows = _ranked(question, _matches(actor, question, filters))
    if rows or exactly:
        return _found(question, rows, filters, page)
    better = _corrected(actor, question, language, filters)
    if better is None:
        return _found(question, rows, filters, page)
    rows = _ranked(better, _matches(actor, better, filters))
    return replace(_found(better, rows, filters, page), instead=question)


def _matches(actor: Actor, question: Question, filters: Filters) -> list[Any]:
    """The newest matches of each kind; where there are more of one, the newest whose title answers besides."""
    kinds = (filters.kind,) if filters.kind else KINDS
    rows = _newest(actor, question, filters, kinds, in_title=False)
    counted = Counter(row.kind for row in rows)
    full = tuple(kind for kind in kinds if counted[kind] >= _most(filters) and kind != "comment")
    if full:
        rows += _newest(actor, question, filters, full, in_title=True)
    return list({row.id: row for row in rows}.values())


def _most(filters: Filters) -> int:
    return RANKED * 5 if filters.kind else RANKED


def _newest(actor: Actor, question: Question, filters: Filters, kinds: tuple[str, ...], *, in_title: bool) -> list[Any]:
    dialect = engines.dialect()
    tags = [words.tag("l", filters.language)] if filters.language else []
    port = engines.ENGINES[dialect]
    written = {kind: port.written(question, [words.tag("k", kind), *tags], in_title=in_title) for kind in kinds}
    count = IN_TITLE if in_title else _most(filters)
    return list(db.session.execute(_statement(dialect, actor, filters, kinds, count), written))


@lru_cache(maxsize=256)
def _statement(dialect: str, actor: Actor, filters: Filters, kinds: tuple[str, ...], count: int) -> Any:
    """One statement for several kinds, whose parameters are the question for each.

    Kept, because to put it together takes longer than to carry it out: it depends on nothing but what is passed, and an
    actor whose grants changed is another one.
    """
    port = engines.ENGINES[dialect]
    parts = (port.newest(entries(actor, kind).where(*_narrowing(kind, filters)), kind, count) for kind in kinds)
    return union_all(*(select(part.subquery()) for part in parts))


def _narrowing(kind: str, filters: Filters) -> list[ColumnElement[bool]]:
    narrowing: list[ColumnElement[bool]] = []
    if filters.state:
        narrowing.append(STATED[kind] == filters.state)
    if filters.challenge:
        narrowing.append(Entry.challenge_id.in_(select(Challenge.id).where(Challenge.public_id == filters.challenge)))
    if filters.programme:
        inside = select(Challenge.id).join(Programme, Programme.id == Challenge.programme_id)
        narrowing.append(Entry.challenge_id.in_(inside.where(Programme.public_id == filters.programme)))
    return narrowing


def _ranked(question: Question, rows: list[Any]) -> list[Any]:
    return sorted(
        rows,
        key=lambda row: (relevance.score(question, row.title_words, row.body_words), row.happened_at, row.id),
        reverse=True,
    )


def _corrected(actor: Actor, question: Question, language: str, filters: Filters) -> Question | None:
    """The question with its typing errors put right, if this person finds something by it; else None.

    Every word is widened by what it may mean, and the nearest reading that stands in something he may see is taken: a
    word that stands only in what is hidden from him is never said.
    """
    asked = [term.word for term in question.must if not term.quoted][:CORRECTED]
    near = spelling.near(asked)
    if not any(near.values()):
        return None
    wider = replace(
        question, must=tuple(replace(t, begun=tuple(near.get(t.word, ()))) if not t.quoted else t for t in question.must)
    )
    readings: Counter[tuple[tuple[str, str], ...]] = Counter()
    costs: dict[tuple[tuple[str, str], ...], int] = {}
    for row in _matches(actor, wider, filters):
        said = words.vocabulary(row.title_words) | words.vocabulary(row.body_words)
        reading = tuple(
            (word, next(each for each in near[word] if each in said))
            for word in near
            if word not in said and not said.isdisjoint(near[word])
        )
        readings[reading] += 1
        costs[reading] = sum(words.distance(a, b, spelling.tolerated(a)) for a, b in reading)
    possible = [each for each in readings if each]
    if not possible:
        return None
    best = min(possible, key=lambda each: (costs[each], -readings[each], each))
    return question.with_words(dict(best), spoken(language, len(question.must)))


def _found(question: Question, rows: list[Any], filters: Filters, page: int) -> Found:
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(1, page), pages)
    counted = Counter(row.kind for row in rows)
    more = frozenset(kind for kind, count in counted.items() if count >= _most(filters))
    return Found(
        question=question,
        hits=_hits(question, rows[(page - 1) * PAGE : page * PAGE]),
        total=len(rows),
        capped=bool(more),
        page=page,
        pages=pages,
        kinds=[(kind, counted[kind]) for kind in KINDS if counted[kind]],
        states=Counter(row.state for row in rows if row.state).most_common(),
        languages=Counter(row.language for row in rows if row.kind != "person").most_common(),
        challenges=Counter(row.challenge_id for row in rows if row.challenge_id).most_common(8),
        more_of=more,
    )


def _hits(question: Question, rows: list[Any]) -> list[Hit]:
    if not rows:
        return []
    found = {each.id: each for each in db.session.execute(shown([row.id for row in rows]))}
    hits = []
    for row in rows:
        there = found.get(row.id)
        if there is None:
            continue  # gone since it was ranked
        title = relevance.marked(there.title, there.language, question)
        text = relevance.snippet(there.body, there.language, question)
        hits.append(Hit(there, row.state, title, text))
    return hits


def challenge_names(challenge_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """(public id, title) of challenges by id, for the facets: only for ids that a search gave."""
    if not challenge_ids:
        return {}
    wanted = select(Challenge.id, Challenge.public_id, Challenge.title).where(Challenge.id.in_(challenge_ids))
    rows = db.session.execute(wanted)
    return {row.id: (row.public_id, row.title) for row in rows}
