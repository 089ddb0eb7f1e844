"""Ideas like one that is being written: to read before writing it once more, and perhaps to join.

Never sealed ones, not even for those who may read them: what an author is shown here would tell him what others offered.
The index brings the ideas near by word, a bounded number however large the house; how alike they are is measured on their
letters (``rules/similar``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select, union_all

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.rules import words
from innovation.rules.idea import IdeaState
from innovation.rules.question import Question, Term
from innovation.rules.similar import most_similar
from innovation.search.models import Entry
from innovation.search.queries import engines
from innovation.search.queries.seeing import entries

COUNT = 5
AT_LEAST = 0.12
"""Below this cosine two texts are about something else."""
WORDS = 10
"""Words of what is written that are looked up; those of the title first."""
NEWEST = 30
"""Ideas that are brought near by each word, of this challenge and of all."""
COMPARED = 100
LETTERS = 500
"""Of each text: what it is about is said by then, and five times as many would take five times as long."""
_KNOWN = (IdeaState.DRAFT, IdeaState.WITHDRAWN, IdeaState.MERGED)


@dataclass(frozen=True, slots=True)
class Like:
    """An idea like the one being written."""

    public_id: str
    title: str
    language: str
    challenge_title: str
    elsewhere: bool


def like(actor: Actor, challenge: Challenge, title: str, text: str, *, but: str = "") -> list[Like]:
    """The open ideas most like what is written, of this challenge and of others that this person sees, the nearest first.

    Args:
        but: the public id of the idea that is being written, if it has one.
    """
    if challenge.visibility == "sealed":
        return []
    wanted = _telling(title, text, challenge.language)
    if not wanted:
        return []
    ids = _near(actor, challenge, wanted)
    rows = db.session.execute(_texts(ids)).all()
    rows = [row for row in rows if row.public_id != but]
    # A title alone is compared with what the others say first; a text with as much of theirs.
    length = LETTERS if len(text) > len(title) else LETTERS // 3
    said = [f"{row.title}\n{row.body}"[:length] for row in rows]
    nearest = most_similar(f"{title}\n{text}"[:LETTERS].strip(), said, COUNT, AT_LEAST)
    return [
        Like(row.public_id, row.title, row.language, row.challenge_title, row.challenge_id != challenge.id)
        for row in (rows[place] for place, _score in nearest)
    ]


def _telling(title: str, text: str, language: str) -> list[Term]:
    """The words that say what a text is about: those of its title, then the longest of the rest."""
    stop = words.STOP.get(language, frozenset()) | words.STOP["en"]
    first = dict.fromkeys(word for _s, _e, word in words.spans(title[:LETTERS]) if len(word) > 2 and word not in stop)
    rest = {word for _s, _e, word in words.spans(text[:LETTERS]) if len(word) > 4 and word not in stop} - first.keys()
    chosen = [*first, *sorted(rest, key=lambda word: (-len(word), word))][:WORDS]
    return [Term((word,), words.stems(word, language)) for word in chosen]


def _near(actor: Actor, challenge: Challenge, wanted: Sequence[Term]) -> list[int]:
    """The entries that share most with what is written: a word that few have weighs more than one that many have."""
    dialect = engines.dialect()
    port = engines.ENGINES[dialect]
    kind, here = words.tag("k", "idea"), words.tag("c", challenge.id)
    port.ready()
    questions = [Question((term,)) for term in wanted]
    written = {f"all{n}": port.written(each, [kind], in_title=False) for n, each in enumerate(questions)}
    written |= {f"here{n}": port.written(each, [kind, here], in_title=False) for n, each in enumerate(questions)}
    by_word: dict[str, set[int]] = {}
    for row in db.session.execute(_statement(dialect, actor, len(questions)), written):
        by_word.setdefault(row.word, set()).add(row.id)
    weight: Counter[int] = Counter()
    for number in range(len(questions)):
        found = by_word.get(f"all{number}", set()) | by_word.get(f"here{number}", set())
        for entry_id in found:
            weight[entry_id] += 1_000_000 // (10 + len(found))
    return [entry_id for entry_id, _weight in sorted(weight.items(), key=lambda each: (-each[1], -each[0]))[:COMPARED]]


@lru_cache(maxsize=256)
def _statement(dialect: str, actor: Actor, count: int) -> Any:
    """For each of so many words the newest open ideas that have it, of this challenge and of all; see ``asking``."""
    port = engines.ENGINES[dialect]
    open_ideas = entries(actor, "idea").where(Idea.visibility == "audience", Idea.state.not_in(_KNOWN))
    parts = []
    for name in (f"{where}{number}" for where in ("all", "here") for number in range(count)):
        ids = open_ideas.with_only_columns(Entry.id, db.literal(name).label("word"))
        parts.append(select(port.newest(ids, name, NEWEST).subquery()))
    return union_all(*parts)


def _texts(ids: Sequence[int]) -> Any:
    return (
        select(
            Idea.public_id,
            Idea.challenge_id,
            Entry.title,
            func.substr(Entry.body, 1, LETTERS).label("body"),
            Entry.language,
            Challenge.title.label("challenge_title"),
        )
        .join(Idea, Idea.id == Entry.idea_id)
        .join(Challenge, Challenge.id == Idea.challenge_id)
        .where(Entry.id.in_(ids))
        .order_by(Entry.id)
    )
