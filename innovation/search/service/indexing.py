"""Making entries: from the things as they are now, so that twice is once and late is never wrong.

An entry that says what it said is left alone but for its time. Words that are new get their spellings, by which typing
errors are found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, and_, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db, upsert
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules import words
from innovation.search.models import Entry, Spelling, Word
from innovation.search.queries import KINDS, lacking, spelling
from innovation.search.service.saying import Said, said

BATCH = 200
"""Things that are taken in at once: some tenths of a second in which no other writer gets in."""
_COMPARED = ("challenge_id", "title", "body", "language", "state", "happened_at", "title_words", "body_words")
_KEYS = ("challenge_id", "idea_id", "project_id", "comment_id", "person_id")
_FARTHEST, _MOST = 16_382, 255
"""Positions that PostgreSQL keeps: the last one, and how many of one word."""


@use_case(None)
def index(*, actor: Actor, kind: str, ids: Sequence[int], now: datetime = AT_LOCK) -> int:
    """Let the index say of some things what is true of them now; returns how many entries changed.

    What does not belong into the index (any more) leaves it.
    """
    if not ids:
        return 0
    db.session.flush()
    there = said(kind, ids)
    known = _entries(kind, ids)
    rows = [_row(kind, each, now) for each in there]
    fresh = [row for row in rows if row["subject_id"] not in known or _differs(known[row["subject_id"]], row)]
    _write(fresh)
    same = {row["subject_id"] for row in rows} - {row["subject_id"] for row in fresh}
    if same:
        db.session.execute(
            update(Entry).where(Entry.kind == kind, Entry.subject_id.in_(same)).values(indexed_at=now),
            execution_options={"synchronize_session": False},
        )
    gone = set(known) - {each.subject_id for each in there}
    if gone:
        _forget(kind, gone)
    learn({word for row in fresh for name in ("title_words", "body_words") for word in words.vocabulary(row[name])})
    return len(fresh) + len(gone)


@use_case(None)
def take_in(*, actor: Actor, kind: str, after: int, limit: int = BATCH) -> int | None:
    """Take in the next things of a kind that the index lacks or knows as they were; the last id, None at the end."""
    ids = lacking.lacking(kind, after, limit)
    if not ids:
        return None
    index(actor=actor, kind=kind, ids=ids)
    return ids[-1]


@use_case(None)
def let_go(*, actor: Actor, kind: str, limit: int = BATCH) -> int:
    """Let go of entries whose things do not belong into the index any more; returns how many."""
    ids = lacking.left_over(kind, limit)
    if ids:
        _forget(kind, ids)
    return len(ids)


def fill(origin: Origin) -> int:
    """Take in everything the index lacks and let go of what it holds too much, batch by batch; returns how many batches.

    Each batch is a transaction of its own, unless one is under way.
    """
    actor, count = house(origin), 0
    for kind in KINDS:
        after: int | None = 0
        while after is not None:
            after = take_in(actor=actor, kind=kind, after=after)
            count += after is not None
        while let_go(actor=actor, kind=kind):
            count += 1
    return count


def learn(found: Iterable[str]) -> None:
    """Remember words, and the spellings of those that are new."""
    wanted = sorted({word for word in found if not word.isdigit()})
    known = lacking.spelt(wanted)
    new = [word for word in wanted if word not in known]
    _add(Word, [{"word": word} for word in new])
    right = [word for word in new if spelling.SHORTEST <= len(word) <= spelling.LONGEST]
    _add(Spelling, [{"short": short, "word": word} for word in right for short in sorted(words.shortened(word))])


def _entries(kind: str, ids: Sequence[int]) -> dict[int, Any]:
    columns = [getattr(Entry, name) for name in ("subject_id", *_COMPARED)]
    rows = db.session.execute(select(*columns).where(Entry.kind == kind, Entry.subject_id.in_(ids)))
    return {row.subject_id: row for row in rows}


def _differs(entry: Any, row: dict[str, Any]) -> bool:
    return any(getattr(entry, name) != row[name] for name in _COMPARED)


def _row(kind: str, each: Said, now: datetime) -> dict[str, Any]:
    tags = [words.tag("k", kind), words.tag("l", each.language), words.tag("c", each.keys.get("challenge_id") or "")]
    title_words = words.indexed(each.title, each.language)
    body_words = words.indexed(each.body, each.language, tags)
    return {
        **dict.fromkeys(_KEYS),
        **each.keys,
        "kind": kind,
        "subject_id": each.subject_id,
        "title": each.title,
        "body": each.body,
        "title_words": title_words,
        "body_words": body_words,
        "language": each.language,
        "state": each.state,
        "happened_at": each.happened_at,
        "indexed_at": now,
    }


def _write(rows: list[dict[str, Any]]) -> None:
    """Insert entries, or put what they say now into those that are there."""
    if not rows:
        return
    if db.session.get_bind().dialect.name == "postgresql":
        rows = [row | {"vector": vector(row["title_words"], row["body_words"])} for row in rows]
    statement = upsert(Entry)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in ("kind", "subject_id")}
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["kind", "subject_id"], set_=changed),
        rows,
        execution_options={"synchronize_session": False},
    )


def _forget(kind: str, ids: Iterable[int]) -> None:
    db.session.execute(
        delete(Entry).where(and_(Entry.kind == kind, Entry.subject_id.in_(list(ids)))),
        execution_options={"synchronize_session": False},
    )


def _add(table: type[Word] | type[Spelling], rows: list[dict[str, str]]) -> None:
    if not rows:
        return
    if db.session.get_bind().dialect.name != "postgresql":
        db.session.execute(upsert(table).on_conflict_do_nothing(), rows)
        return
    # One array a column: a parameter for each value of each row would take ten times as long to put together.
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    arrays = [func.unnest(bindparam(name, values, type_=ARRAY(Text))) for name, values in columns.items()]
    many = upsert(table).from_select(list(columns), select(*arrays)).on_conflict_do_nothing()
    db.session.execute(many)


def vector(title_words: str, body_words: str) -> str:
    """PostgreSQL's text search vector of two rows of words: the title's under weight A, then the text's.

    Words keep their positions, for phrases; between title and text there is a gap. Stems stand at the first place or the
    last one, for the weight alone: without a place they would answer for every weight, as tags do.
    """
    places: dict[str, list[str]] = {}
    title, _break, title_rest = title_words.partition(words.BREAK)
    body, _break, body_rest = body_words.partition(words.BREAK)
    said = title.split()
    for place, word in enumerate(said, 1):
        _place(places, word, place, "A")
    for stem in title_rest.split():
        _place(places, stem, 1, "A")
    for place, word in enumerate(body.split(), len(said) + 2):
        _place(places, word, place, "")
    for other in body_rest.split():
        if words.is_tag(other):
            places[other] = []
        else:
            _place(places, other, _FARTHEST, "")
    return " ".join(f"'{word}':{','.join(found)}" if found else f"'{word}'" for word, found in places.items())


def _place(places: dict[str, list[str]], word: str, place: int, weight: str) -> None:
    found = places.setdefault(word, [])
    if place <= _FARTHEST and len(found) < _MOST:
        found.append(f"{place}{weight}")
