"""Comments in their threads. ``ancestry`` names what a comment answers, from the top: ``256/263`` answers 263."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from innovation.exchange.service.decidim.lines import Reading, words
from innovation.exchange.service.decidim.proposals import Proposals
from innovation.exchange.service.rows import CommentRow, Where
from innovation.kernel import text
from innovation.rules.tongue import tongue

ALIGNMENTS: Final = frozenset({-1, 0, 1})

SAYS_SO: Final = {
    "ca": "Respon a un comentari que no s'ha importat ({id}).",
    "es": "Responde a un comentario que no se ha importado ({id}).",
    "en": "Answers a comment that was not imported ({id}).",
}
"""What stands above a comment whose own parent is missing, in its language."""


def comments_of(file: Path, proposals: Proposals, found: Reading) -> tuple[CommentRow, ...]:
    """The comments of a file, each after what it answers."""
    rows: dict[str, tuple[CommentRow, str | None]] = {}
    for where, row in found.rows(file):
        taken = _comment(row, where, proposals, found)
        if taken is not None and taken.foreign_id in rows:
            found.tell(where, "twice", lost=True, kind="comment", id=taken.foreign_id)
        elif taken is not None:
            rows[taken.foreign_id] = (taken, _answered(row))
    return tuple(_in_order(rows, found))


def _comment(row: Mapping[str, Any], where: Where, proposals: Proposals, found: Reading) -> CommentRow | None:
    name = found.id_of(row, where)
    if name is None:
        return None
    idea = proposals.ideas.get(words(str(row.get("commentable_id"))))
    if idea is None:
        said = str(row.get("commentable_id"))
        found.tell(where, "unknown_reference", lost=True, field="commentable_id", id=said, kind="proposals")
        return None
    body = row.get("body") if isinstance(row.get("body"), str) else ""
    if not text.plain(str(body), "html"):
        found.tell(where, "missing_value", field="body")
    alignment = row.get("alignment")
    if alignment is not None and alignment not in ALIGNMENTS:
        found.tell(where, "not_a_word_of", field="alignment", value=str(alignment), known="-1, 0, 1")
        alignment = None
    hidden = row.get("hidden") is True or row.get("flagged") is True
    if hidden:
        found.tell(where, "hidden_there", id=name)
    author = found.speaker(row.get("author_id"), words(row.get("as")) or "citizen")
    if author is None:
        found.tell(where, "missing_value", field="author_id")
    return CommentRow(
        foreign_id=name,
        idea=idea.foreign_id,
        answers=None,
        author=author,
        text=str(body),
        text_format="html",
        language=tongue(text.plain(str(body), "html")) or idea.language,
        alignment=alignment,
        likes=found.number(row, "total_likes", where),
        dislikes=found.number(row, "total_dislikes", where),
        hidden=hidden,
        made_at=found.moment(row.get("created_at"), where),
        where=where,
    )


def _answered(row: Mapping[str, Any]) -> str | None:
    above = row.get("ancestry")
    return str(above).rsplit("/", 1)[-1].strip() or None if isinstance(above, str | int) else None


def _in_order(rows: Mapping[str, tuple[CommentRow, str | None]], found: Reading) -> list[CommentRow]:
    """Every comment once, after what it answers. One whose parent is not here stands at the top and says so."""
    done: dict[str, CommentRow] = {}
    for first in rows:
        name: str | None = first
        way: list[str] = []
        while name is not None and name in rows and name not in done and name not in way:
            way.append(name)
            name = rows[name][1]
        for each in reversed(way):
            taken, parent = rows[each]
            done[each] = _placed(taken, parent, done, found)
    return list(done.values())


def _placed(taken: CommentRow, parent: str | None, done: Mapping[str, CommentRow], found: Reading) -> CommentRow:
    if parent is None:
        return taken
    above = done.get(parent)
    if above is not None and above.idea == taken.idea:
        return taken.answering(parent)
    found.tell(taken.where, "answers_unknown", id=taken.foreign_id, parent=parent)
    said = SAYS_SO.get(taken.language, SAYS_SO["en"]).format(id=parent if parent.isalnum() else "?")
    return taken.saying(f"<p><em>{said}</em></p>\n{taken.text}")
