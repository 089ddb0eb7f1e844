"""Making the whole index anew, in place: readers find what was there until each entry is replaced by what is true."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import delete, select

from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.usecase import use_case
from innovation.rules import words
from innovation.search.models import Entry, Spelling, Word
from innovation.search.queries import KINDS, lacking
from innovation.search.service import indexing

WORDS = 1_000


def rebuild(origin: Origin, told: Callable[[str, int, int], None]) -> int:
    """Make every entry anew, a batch to a transaction; returns how many there were of which something had to change.

    Args:
        told: hears of progress: the kind, the id reached, the greatest id of that kind.
    """
    actor, changed = house(origin), 0
    before, stand = _known_words(), set[str]()
    for kind in KINDS:
        after, last = 0, lacking.greatest(kind)
        while ids := lacking.all_ids(kind, after, indexing.BATCH):
            changed += indexing.index(actor=actor, kind=kind, ids=ids)
            stand |= _vocabulary(kind, ids)
            after = ids[-1]
            told(kind, after, last)
    gone = sorted(before - stand)  # what others added meanwhile is not among them
    for start in range(0, len(gone), WORDS):
        forget_words(actor=actor, gone=gone[start : start + WORDS])
    return changed


@use_case(None)
def forget_words(*, actor: Actor, gone: Sequence[str]) -> None:
    """Forget words that stand nowhere any more, and their spellings."""
    db.session.execute(delete(Spelling).where(Spelling.word.in_(gone)), execution_options={"synchronize_session": False})
    db.session.execute(delete(Word).where(Word.word.in_(gone)), execution_options={"synchronize_session": False})


def _known_words() -> set[str]:
    found: set[str] = set()
    word = ""
    while known := lacking.known_words(word, 10 * WORDS):
        found.update(known)
        word = known[-1]
    return found


def _vocabulary(kind: str, ids: Sequence[int]) -> set[str]:
    rows = db.session.execute(
        select(Entry.title_words, Entry.body_words).where(Entry.kind == kind, Entry.subject_id.in_(ids))
    )
    return {word for row in rows for each in row for word in words.vocabulary(each)}
