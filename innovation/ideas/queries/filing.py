"""What attachments ask about ideas: who sees an idea's files, and whose they are."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from innovation.attachments.models import FileSet
from innovation.ideas.models import Idea
from innovation.ideas.queries.reading import by_ids
from innovation.ideas.queries.seeing import visible
from innovation.kernel.actor import Actor
from innovation.kernel.db import db


def sees_files(actor: Actor) -> ColumnElement[bool]:
    """File sets of ideas: whoever reads the idea reads its files. A withdrawn one's are its authors' alone again."""
    seen = select(Idea.id).join(Idea.challenge).where(Idea.file_set_id == FileSet.id, visible(actor))
    return seen.correlate(FileSet).exists()


def with_files(set_id: int) -> Idea | None:
    """The idea that holds a file set, with challenge and authors."""
    return next(iter(by_ids(db.session.scalars(select(Idea.id).where(Idea.file_set_id == set_id)))), None)
