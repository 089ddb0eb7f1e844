"""Making forecasts, and telling afterwards whether they held.

A forecast is kept whenever the plan, the day or the house's history gives another one than before. With little history
of its own the house makes none unless somebody asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, update

from innovation.kernel.actor import Actor
from innovation.kernel.db import db, lock
from innovation.kernel.errors import NotPossible
from innovation.kernel.usecase import AT_LOCK, in_transaction, use_case
from innovation.projects.models import Forecast, Project
from innovation.projects.queries import forecasts
from innovation.rules.forecast import Outlook, outlook
from innovation.rules.policy import May
from innovation.rules.project import ProjectState


@use_case(May.ASK_FORECAST, on="project")
def ask_forecast(*, actor: Actor, project: Project, now: datetime = AT_LOCK) -> None:
    """Make the first forecast of a project, whosever figures it has to rest on; from then on it is kept up.

    Raises:
        NotPossible: the project has ended, or nothing in it is open.
    """
    if project.state != ProjectState.RUNNING:
        raise NotPossible("project_has_ended", state=project.state)
    found = _outlook(project.id, now)
    if found is None:
        raise NotPossible("nothing_to_forecast")
    _keep(project.id, project.due_at, found, now)


@use_case(None)
def refresh(*, actor: Actor, project_id: int, unasked: bool = True, now: datetime = AT_LOCK) -> bool:
    """Keep a project's forecast up with its plan. Whether a new one was made.

    Args:
        unasked: also make a project's first forecast, where the house has enough history of its own.
    """
    lock(select(Project.id).where(Project.id == project_id).with_for_update())
    project = db.session.get(Project, project_id, populate_existing=True)
    if project is None or project.state != ProjectState.RUNNING:
        return False
    found = _outlook(project_id, now)
    known = forecasts.newest([project_id]).get(project_id)
    if found is None or (known is None and not (unasked and found.own)):
        return False
    if known is not None and known.digest == found.digest:
        return False
    _keep(project_id, project.due_at, found, now)
    return True


def stale(after: int, today: date, limit: int = 200) -> tuple[Sequence[int], int | None]:
    """Which running projects need another forecast, of those that come next after an id; and where to go on.

    Reads only: ratios once for all of them, and no transaction is held while the simulations run.
    """
    ids = forecasts.to_refresh(after, limit)
    own, known, read = forecasts.own_ratios(), forecasts.newest(ids), forecasts.readings(ids)
    if not in_transaction():
        db.session.rollback()
    found = []
    for project_id in ids:
        reading = read[project_id]
        made = outlook(open_=reading.open_, promised=reading.promised, today=today, own=own)
        before = known.get(project_id)
        if made is not None and (before is None or before.digest != made.digest):
            found.append(project_id)
    return found, ids[-1] if len(ids) == limit else None


@use_case(None)
def finish(*, actor: Actor, project_id: int, now: datetime = AT_LOCK) -> None:
    """Write down when a project finished beside what was forecast; empty again when it goes on after all."""
    lock(select(Project.id).where(Project.id == project_id).with_for_update())
    project = db.session.get(Project, project_id, populate_existing=True)
    if project is None:
        return
    # A proof that passed and was not gone on with did finish; one that was stopped at a gate did not.
    stopped_at_a_gate = project.state == ProjectState.STOPPED and project.settled_at is None
    ended = None if stopped_at_a_gate else project.ended_at
    finished = ended.date() if ended is not None else None
    db.session.execute(update(Forecast).where(Forecast.project_id == project_id).values(finished_on=finished))


def _outlook(project_id: int, now: datetime) -> Outlook | None:
    reading = forecasts.readings([project_id]).get(project_id)
    if reading is None:
        return None
    return outlook(open_=reading.open_, promised=reading.promised, today=now.date(), own=forecasts.own_ratios())


def _keep(project_id: int, due_at: datetime, found: Outlook, now: datetime) -> None:
    known = forecasts.newest([project_id]).get(project_id)
    if known is not None and known.digest == found.digest:
        return
    db.session.add(
        Forecast(
            project_id=project_id,
            number=known.number + 1 if known else 1,
            made_at=now,
            basis="own" if found.own else "published",
            samples=found.samples,
            promised_on=due_at.date(),
            likely_on=found.likely_on,
            safe_on=found.safe_on,
            chance_micro=found.chance_micro,
            digest=found.digest,
        )
    )
