"""A team's documents, the decisions it took, and what may go wrong. None of them is locked by a gate: they are reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select, true

from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.events import DecisionLogged, RiskClosed, RiskSeen
from innovation.projects.models import Document, LogEntry, Project, Risk
from innovation.projects.service.opening import scope
from innovation.projects.service.planning import member_id
from innovation.rules.policy import May

_T = TypeVar("_T", Document, Risk)
ADDRESSES = ("http://", "https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """What may go wrong: how likely and how bad (1 to 3 each), what is done about it, and by whom.

    ``owner`` is the public id of a member, or '' for nobody yet.
    """

    title: str
    likelihood: int
    impact: int
    response: str = ""
    owner: str = ""


@use_case(May.WORK_ON_PROJECT, on="project")
def add_document(*, actor: Actor, project: Project, title: str, url: str, note: str, now: datetime = AT_LOCK) -> None:
    """Name a document by its address.

    Raises:
        Invalid: the address is none of the web's.
    """
    if not url.lower().startswith(ADDRESSES):
        raise Invalid("not_a_web_address", field="url")
    db.session.add(Document(project_id=project.id, title=title, url=url, note=note, added_by=actor.person_id, added_at=now))


@use_case(May.WORK_ON_PROJECT, on="project")
def drop_document(*, actor: Actor, project: Project, number: int, was: str, now: datetime = AT_LOCK) -> Document:
    """Take a document off the list, for thirty days into the trash.

    Args:
        number: its place in the project, counted from 1 in the order they were added.
        was: the title it had when it was looked at.

    Raises:
        Invalid: it is not there any more.
    """
    document = _at(project, Document, number, was)
    document.trashed_at, document.trashed_by = now, actor.person_id
    return document


@use_case(May.WORK_ON_PROJECT, on="project")
def log_decision(
    *, actor: Actor, project: Project, title: str, reason: str, decided_on: date, now: datetime = AT_LOCK
) -> None:
    """Write down what the team decided. It stays as it was written; a decision that changed is another one.

    Raises:
        Invalid: the day is yet to come.
    """
    if decided_on > clock.to_wall(now, project.challenge.zone).date():
        raise Invalid("decided_in_the_future", field="decided_on")
    entry = LogEntry(
        project_id=project.id,
        title=title,
        reason=reason,
        decided_on=decided_on,
        written_by=actor.person_id,
        written_at=now,
    )
    db.session.add(entry)
    db.session.flush()
    emit(DecisionLogged(log_id=entry.id, **scope(project)), actor=actor, now=now)


@use_case(May.WORK_ON_PROJECT, on="project")
def add_risk(*, actor: Actor, project: Project, danger: Danger, now: datetime = AT_LOCK) -> None:
    """Write down what may go wrong."""
    risk = Risk(project_id=project.id, written_at=now)
    _write(project, risk, danger)
    db.session.add(risk)
    db.session.flush()
    emit(RiskSeen(risk_id=risk.id, **scope(project)), actor=actor, now=now)


@use_case(May.WORK_ON_PROJECT, on="project")
def change_risk(*, actor: Actor, project: Project, number: int, was: str, danger: Danger) -> None:
    """Judge a risk anew, or change what is done about it.

    Raises:
        Invalid: it is not there any more.
    """
    _write(project, _at(project, Risk, number, was), danger)


@use_case(May.WORK_ON_PROJECT, on="project")
def set_risk(*, actor: Actor, project: Project, number: int, was: str, closed: bool, now: datetime = AT_LOCK) -> None:
    """Close a risk that is no longer one, or open it again.

    Raises:
        Invalid: it is not there any more.
    """
    risk = _at(project, Risk, number, was)
    if closed and risk.closed_at is None:
        risk.closed_at = now
        emit(RiskClosed(risk_id=risk.id, **scope(project)), actor=actor, now=now)
    elif not closed and risk.closed_at is not None:
        risk.closed_at = None
        emit(RiskSeen(risk_id=risk.id, **scope(project)), actor=actor, now=now)


def _write(project: Project, risk: Risk, danger: Danger) -> None:
    risk.title, risk.response = danger.title, danger.response
    risk.likelihood, risk.impact = danger.likelihood, danger.impact
    risk.owner_id = member_id(project, danger.owner)


def _at(project: Project, model: type[_T], number: int, was: str) -> _T:
    """A row by its place in the project, read under the project's lock."""
    if not 1 <= number < 2**31:
        raise Invalid("no_such_paper")
    row = db.session.scalars(
        select(model)
        .where(model.project_id == project.id, model.trashed_at.is_(None) if model is Document else true())
        .order_by(model.id)
        .offset(number - 1)
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or row.title != was:
        raise Invalid("no_such_paper")
    return row
