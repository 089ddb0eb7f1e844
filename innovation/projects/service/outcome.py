"""What came of a proof: adopted, taken up in another form, or stopped; and what was learned."""

from __future__ import annotations

from datetime import datetime

from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import Fact, emit
from innovation.kernel.text import excerpt
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.events import LessonWritten, ProjectAdopted, ProjectIterated, ProjectShelved, ProjectUnsettled
from innovation.projects.models import LogEntry, Project
from innovation.projects.service.opening import scope
from innovation.rules.policy import May
from innovation.rules.project import PROJECT

OUTCOMES: dict[str, type[Fact]] = {"adopt": ProjectAdopted, "iterate": ProjectIterated, "shelve": ProjectShelved}
"""What may come of a proof that passed, as moves of the project, each with its fact."""


@use_case(May.SETTLE_PROJECT, on="project")
def settle(*, actor: Actor, project: Project, outcome: str, lesson: str, now: datetime = AT_LOCK) -> None:
    """Say what came of a proof that passed, and what was learned.

    Args:
        outcome: ``adopt``, ``iterate`` or ``shelve``.

    Raises:
        Invalid: no such outcome, or no lesson.
        NotPossible: the proof has not passed, or somebody said meanwhile what came of it.
    """
    if outcome not in OUTCOMES:
        raise Invalid("no_such_outcome", field="outcome")
    _require_lesson(lesson)
    lifecycle.move(project, PROJECT, outcome, OUTCOMES[outcome](**scope(project)), actor=actor, now=now)
    project.settled_at, project.lesson = now, lesson


@use_case(May.SETTLE_PROJECT, on="project")
def unsettle(*, actor: Actor, project: Project, reason: str, now: datetime = AT_LOCK) -> None:
    """Decide that what was said to come of the proof no longer holds; the reason stands in the project's log.

    Raises:
        Invalid: no reason.
        NotPossible: nothing was said yet, or the project was stopped.
    """
    if not reason.strip():
        raise Invalid("reason_missing", field="reason")
    said = LogEntry(
        project_id=project.id,
        title=excerpt(reason, 200) or reason[:200],
        reason=reason,
        decided_on=now.date(),
        written_by=actor.person_id,
        written_at=now,
    )
    db.session.add(said)
    db.session.flush()
    fact = ProjectUnsettled(log_id=said.id, **scope(project))
    lifecycle.move(project, PROJECT, "unsettle", fact, actor=actor, now=now)
    project.settled_at = None


@use_case(May.WRITE_LESSON, on="project")
def write_lesson(*, actor: Actor, project: Project, lesson: str, now: datetime = AT_LOCK) -> None:
    """Write down what was learned, better than it stands.

    Raises:
        Invalid: nothing is written.
        NotPossible: the project still runs.
    """
    _require_lesson(lesson)
    if project.ended_at is None:
        raise NotPossible("project_still_runs")
    if project.lesson != lesson:
        project.lesson = lesson
        emit(LessonWritten(**scope(project)), actor=actor, now=now)


def _require_lesson(lesson: str) -> None:
    if not lesson.strip():
        raise Invalid("lesson_missing", field="lesson")
