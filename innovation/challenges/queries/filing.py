"""What attachments ask about challenges: who sees the files of a brief, and whose they are."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from innovation.attachments.models import FileSet
from innovation.challenges.models import Challenge
from innovation.challenges.queries.seeing import visible
from innovation.kernel.actor import Actor
from innovation.kernel.db import db


def sees_files(actor: Actor) -> ColumnElement[bool]:
    """File sets of briefs: whoever sees the challenge reads them."""
    return select(Challenge.id).where(Challenge.file_set_id == FileSet.id, visible(actor)).correlate(FileSet).exists()


def with_files(set_id: int) -> Challenge | None:
    """The challenge whose brief holds a file set."""
    return db.session.scalars(select(Challenge).where(Challenge.file_set_id == set_id)).one_or_none()
