"""Words of the index near to what was typed: what a half typed word may become, and what a misspelt one may mean.

These are words of everybody's texts, sealed ones among them: nothing here is shown. What a word may become only widens a
question that is then asked with permission, and a correction is offered only out of what that found.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, func, or_, select, union

from innovation.kernel.db import db
from innovation.rules.words import distance, shortened
from innovation.search.models import Spelling, Word

BEGUN = 24
"""Words that a half typed one may become."""
NEAR = 8
"""Words that a misspelt one may mean."""
SHORTEST, LONGEST = 4, 24
"""Letters of words for which typing errors are looked for."""
_ROWS = 1_500
_LAST = "zzzzzz"


def begun_with(word: str) -> list[str]:
    """Words of the index that begin with this one, the shortest first."""
    # A range, since a pattern would not use the index of a database that sorts by language.
    last = word + (_LAST if word.isascii() else "\uffff")
    rows = db.session.scalars(
        select(Word.word).where(Word.word > word, Word.word <= last).order_by(func.length(Word.word), Word.word).limit(BEGUN)
    )
    return [each for each in rows if each.startswith(word)]


def tolerated(word: str) -> int:
    """How many typing errors a word of this length may hold."""
    return 0 if not SHORTEST <= len(word) <= LONGEST else 1 if len(word) < 6 else 2


def near(words: Iterable[str]) -> dict[str, list[str]]:
    """For each word the words of the index that it may be a misspelling of, the nearest first: one query for all."""
    asked = [word for word in words if tolerated(word)]
    if not asked:
        return {}
    shorter = {short for word in asked for short in shortened(word)}
    rows = db.session.scalars(
        union(
            select(Spelling.word).where(Spelling.short.in_(shorter | set(asked))),
            select(Word.word).where(Word.word.in_(shorter)),
            *(_half_right(word) for word in asked if tolerated(word) > 1),
        ).limit(_ROWS)
    ).all()
    found: dict[str, list[str]] = {}
    for word in asked:
        most = tolerated(word)
        ranked = sorted((distance(word, each, most), abs(len(word) - len(each)), each) for each in rows if each != word)
        found[word] = [each for far, _length, each in ranked if far <= most][:NEAR]
    return found


def _half_right(word: str) -> Select[str]:
    """Words that begin with the same letter and, besides, begin or end with the same three: for two letters that are wrong
    apart from each other (*bycicle*), where no one letter left out makes them alike."""
    return select(Word.word).where(
        Word.word >= word[0],
        Word.word <= word[0] + _LAST,
        func.length(Word.word).between(len(word) - 2, len(word) + 2),
        or_(Word.word.like(f"{word[:3]}%"), Word.word.like(f"%{word[-3:]}")),
    )
