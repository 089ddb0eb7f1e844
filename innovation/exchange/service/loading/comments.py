"""Taking in what was said about a bundle's ideas, each comment below what it answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from innovation.discussion.models import Comment, Thread
from innovation.discussion.service.counting import recount
from innovation.discussion.service.importing import take_in_comment
from innovation.exchange.service.loading.progress import Load, people_by_name, unknown
from innovation.exchange.service.rows import CommentRow
from innovation.ideas.models import Idea
from innovation.ideas.service.importing import take_in_talk
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import use_case


@use_case(None)
def take_in_comments(*, actor: Actor, work: Load, rows: list[CommentRow]) -> None:
    """Take in comments with their talks, which are counted again; one on an unknown idea is left out and told."""
    known = _known(work, {row.foreign_id for row in rows} | {row.answers for row in rows if row.answers})
    fresh = [row for row in rows if row.foreign_id not in known]
    ideas = _ideas(work, fresh)
    threads: dict[str, Thread] = {}
    people_by_name(work, {row.author for row in fresh if row.author})
    for row in fresh:
        if row.idea not in ideas:
            unknown(work, row.where, "idea", row.idea, "ideas")
            continue
        made_at = row.made_at or work.now
        if row.idea not in threads:
            threads[row.idea] = take_in_talk(ideas[row.idea], made_at)
        known[row.foreign_id] = take_in_comment(
            thread=threads[row.idea],
            parent=known[row.answers] if row.answers else None,
            source=work.source,
            foreign_id=row.foreign_id,
            person_id=work.people[row.author] if row.author else None,
            text=row.text,
            text_format=row.text_format,
            language=row.language,
            made_at=made_at,
            alignment=row.alignment,
            likes=row.likes,
            dislikes=row.dislikes,
            hidden_at=_hidden(row, made_at),
        )
        work.new["comments"] += 1
    for thread in threads.values():
        recount(thread)


def _hidden(row: CommentRow, made_at: datetime) -> datetime | None:
    return made_at if row.hidden else None


def _known(work: Load, foreign_ids: Iterable[str]) -> dict[str, Comment]:
    rows = db.session.scalars(
        select(Comment).where(Comment.source == work.source, Comment.foreign_id.in_(sorted(foreign_ids)))
    )
    return {str(row.foreign_id): row for row in rows}


def _ideas(work: Load, rows: list[CommentRow]) -> dict[str, Idea]:
    wanted = sorted({work.ideas[row.idea] for row in rows if row.idea in work.ideas})
    found = db.session.scalars(select(Idea).options(joinedload(Idea.challenge)).where(Idea.id.in_(wanted)))
    by_id = {idea.id: idea for idea in found}
    return {row.idea: by_id[work.ideas[row.idea]] for row in rows if work.ideas.get(row.idea) in by_id}
