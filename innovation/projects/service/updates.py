"""What a team tells from week to week."""

from __future__ import annotations

from datetime import datetime

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.events import UpdatePosted
from innovation.projects.models import Project, Update
from innovation.projects.queries import weekly
from innovation.projects.service.opening import scope
from innovation.rules.policy import May


@use_case(May.WORK_ON_PROJECT, on="project")
def post_update(*, actor: Actor, project: Project, status: str, text: str, now: datetime = AT_LOCK) -> None:
    """Say how it is going: always while the project runs, and once more after it has ended. It is never changed.

    Args:
        text: three lines (done, next, in the way) parted by line breaks, as :func:`three_lines` makes them.

    Raises:
        NotPossible: the project has ended and its closing update is written.
    """
    if not weekly.may_tell(project):
        raise NotPossible("closing_update_written")
    db.session.add(Update(project_id=project.id, written_by=actor.person_id, status=status, text=text, written_at=now))
    emit(UpdatePosted(status=status, **scope(project)), actor=actor, now=now)


def three_lines(done: str, following: str, obstacle: str) -> str:
    """An update's text: each part on a line of its own."""
    return "\n".join(" ".join(each.split()) for each in (done, following, obstacle))
