"""Comments: those of a source that are not here yet, on ideas that are here, each below what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from innovation.discussion.models import Comment
from innovation.exchange.service.loading.comments import take_in_comments
from innovation.exchange.service.mapping.meaning import Entry
from innovation.exchange.service.mapping.sorting.referring import ideas_named, people_named, refer
from innovation.exchange.service.mapping.task import Place, Sorted, load_of
from innovation.exchange.service.rows import CommentRow
from innovation.kernel.db import db


def sort(place: Place, entries: Sequence[Entry]) -> Sorted:
    """Tell new comments from those that are here; one whose idea, writer or parent is not here is left out."""
    found = Sorted()
    rows = [(entry, entry.row) for entry in entries if isinstance(entry.row, CommentRow)]
    here = _threads(place.task.source, {row.foreign_id for _, row in rows} | {row.answers or "" for _, row in rows})
    ideas = ideas_named(place, (row.idea for _, row in rows))
    people = people_named(place.task.source, (name for entry, _ in rows for name in entry.by))
    before = dict(place.seen)
    for entry, row in rows:
        idea = ideas.get(row.idea)
        lacking = [name for name in entry.by if name not in people]
        if idea is None:
            refer(found, entry, "idea", row.idea)
        elif row.foreign_id in here:
            found.known.append(entry)
        elif lacking:
            refer(found, entry, "author_id", lacking[0])
        elif row.answers and not _below(row, idea.thread_id, here, before):
            refer(found, entry, "answers", row.answers)
        else:
            found.ids[row.idea] = idea.id
            found.people[row.foreign_id] = [people[name] for name in entry.by]
            found.new.append(entry)
            before[row.foreign_id] = row.idea
    return found


def write(place: Place, found: Sorted) -> None:
    """Write the new ones and count their talks anew."""
    work = load_of(place)
    work.ideas = dict(found.ids)
    rows = []
    for entry in found.new:
        if isinstance(entry.row, CommentRow):
            by = {f"\x00{person_id}": person_id for person_id in found.people[entry.row.foreign_id]}
            work.people |= by
            author = next(iter((*by, *(name[:200] for name in entry.names))), None)
            made_at = min(entry.row.made_at or place.now, place.now)
            rows.append(replace(entry.row, author=author, made_at=made_at))
    take_in_comments(actor=place.importer, work=work, rows=rows)


def _below(row: CommentRow, thread_id: int | None, here: dict[str, int], before: dict[str, str]) -> bool:
    """Whether what a comment answers is on the same idea: here, or before it in the file."""
    parent = row.answers or ""
    return before.get(parent) == row.idea if parent not in here else here[parent] == thread_id


def _threads(source: str, foreign_ids: set[str]) -> dict[str, int]:
    rows = db.session.execute(
        select(Comment.foreign_id, Comment.thread_id).where(
            Comment.source == source, Comment.foreign_id.in_(sorted(foreign_ids))
        )
    )
    return {str(foreign_id): thread_id for foreign_id, thread_id in rows}
