"""Who reads the files of a talk, and who may add one."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from innovation.attachments.models import FileSet
from innovation.discussion.models import Thread
from innovation.discussion.queries.places import visible
from innovation.kernel.actor import Actor
from innovation.kernel.db import db


def sees_files(actor: Actor) -> ColumnElement[bool]:
    """File sets of talks: whoever reads the talk reads them."""
    return select(Thread.id).where(Thread.file_set_id == FileSet.id, visible(actor)).correlate(FileSet).exists()


def with_files(set_id: int) -> Thread | None:
    """The talk that holds a file set."""
    return db.session.scalars(select(Thread).where(Thread.file_set_id == set_id)).one_or_none()
