"""Who reads the files of a project."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from innovation.attachments.models import FileSet
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.projects import queries
from innovation.projects.models import Project


def sees_files(actor: Actor) -> ColumnElement[bool]:
    """File sets of projects: whoever sees the project reads them."""
    seen = select(Project.id).join(Project.challenge).where(Project.file_set_id == FileSet.id, queries.visible(actor))
    return seen.correlate(FileSet).exists()


def with_files(set_id: int) -> Project | None:
    """The project that holds a file set, with idea, challenge, team and gates."""
    found = db.session.scalar(select(Project.id).where(Project.file_set_id == set_id))
    return queries.by_id(found) if found is not None else None
