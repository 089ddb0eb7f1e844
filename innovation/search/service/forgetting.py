"""Forgetting a thing whole, as when a person is erased: its entry, and every word of it that stands nowhere else."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, text

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import use_case
from innovation.rules import words
from innovation.search.models import Entry
from innovation.search.service.rebuilding import forget_words


@use_case(None)
def forget(*, actor: Actor, kind: str, subject_id: int) -> None:
    """Let the index forget a thing, at once: nobody may be found by a name that is gone."""
    its = (Entry.kind == kind, Entry.subject_id == subject_id)
    entry = db.session.execute(select(Entry.title_words, Entry.body_words).where(*its)).one_or_none()
    if entry is None:
        return
    db.session.execute(delete(Entry).where(*its), execution_options={"synchronize_session": False})
    said = sorted(words.vocabulary(entry.title_words) | words.vocabulary(entry.body_words))
    gone = [word for word in said if not _stands_somewhere(word)]
    forget_words(actor=actor, gone=gone)


def _stands_somewhere(word: str) -> bool:
    """Whether another entry says a word; one that only contains it counts too, which forgets too little, never too much."""
    like = f"%{word}%"
    return (
        db.session.scalar(select(Entry.id).where(or_(Entry.title_words.like(like), Entry.body_words.like(like))).limit(1))
        is not None
    )


@use_case(None)
def squeeze(*, actor: Actor) -> None:
    """Write the embedded database's index anew where words were forgotten: until then it only marks them as gone."""
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(text("INSERT INTO search_fts(search_fts) VALUES ('optimize')"))
