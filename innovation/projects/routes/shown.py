"""A project's pages: one of its areas in the frame that they share, and back to its first page."""

from __future__ import annotations

from typing import Any

from innovation.challenges import queries as challenges
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, respond, see
from innovation.projects.models import Project
from innovation.projects.queries import areas


def shown(project: Project, message: str, at: str | None = None) -> Answer:
    """The project's page, saying what was done; ``at`` is the id of what the reader goes on with, where focus goes."""
    return see("pages.project", public_id=project.public_id, message=message, _anchor=at)


def framed(template: str, project: Project, area: str, *, status: int = 200, **values: Any) -> Answer:
    """A page of one area. Its template extends ``projects/_frame.html`` and fills the blocks ``title`` and ``area``."""
    now = clock.now()
    frame = areas.frame(actor(), project, now)
    return respond(
        template, status=status, project=project, area=area, frame=frame, now=now, unnamed=unnamed(project), **values
    )


def unnamed(project: Project) -> frozenset[int]:
    """The people whose names the reader is not told in a project: sponsors who withhold theirs."""
    return challenges.withheld_in(actor(), project.challenge_id)
