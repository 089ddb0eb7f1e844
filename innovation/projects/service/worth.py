"""What a project is worth, in versions: expected, shown by the proof, counted afterwards. Rows are only added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.money import CURRENCIES
from innovation.kernel.usecase import AT_LOCK, roles, use_case
from innovation.projects.events import ValueClaimed
from innovation.projects.models import Project, ValueClaim
from innovation.projects.service.money import LARGEST
from innovation.projects.service.opening import scope
from innovation.rules.policy import May
from innovation.rules.predicates import Role
from innovation.rules.project import ValueKind

SAID_AS = (Role.LEAD, Role.TEAM, Role.SPONSOR, Role.MANAGER)
"""Which of a person's roles stands with what he says: the one nearest to the work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """An amount in minor units of a currency, once or every year (``per``), and how it was worked out."""

    amount_minor: int
    currency: str
    per: str
    basis: str


@use_case(May.SAY_EXPECTED_VALUE, on="project")
def say_expected(*, actor: Actor, project: Project, worth: Worth, now: datetime = AT_LOCK) -> ValueClaim:
    """Say what the project is thought to be worth."""
    return _say(ValueKind.EXPECTED, project, worth, actor, now)


@use_case(May.SAY_VALIDATED_VALUE, on="project")
def say_validated(*, actor: Actor, project: Project, worth: Worth, now: datetime = AT_LOCK) -> ValueClaim:
    """Say what the proof showed the project to be worth; nobody says it of his own work."""
    return _say(ValueKind.VALIDATED, project, worth, actor, now)


@use_case(May.SAY_ACTUAL_VALUE, on="project")
def say_actual(*, actor: Actor, project: Project, worth: Worth, now: datetime = AT_LOCK) -> ValueClaim:
    """Say what the project turned out to be worth.

    Raises:
        NotPossible: it still runs, so nothing came of it yet.
    """
    if project.ended_at is None:
        raise NotPossible("project_still_runs")
    return _say(ValueKind.ACTUAL, project, worth, actor, now)


def _say(kind: ValueKind, project: Project, worth: Worth, actor: Actor, now: datetime) -> ValueClaim:
    if worth.currency not in CURRENCIES:
        raise Invalid("no_such_currency", field="currency")
    if not 0 <= worth.amount_minor <= LARGEST:
        raise Invalid("amount_too_large", field="amount")
    if not worth.basis.strip():
        raise Invalid("basis_missing", field="basis")
    last = db.session.scalar(
        select(func.max(ValueClaim.number)).where(ValueClaim.project_id == project.id, ValueClaim.kind == kind)
    )
    claim = ValueClaim(
        project_id=project.id,
        kind=kind,
        number=(last or 0) + 1,
        amount_minor=worth.amount_minor,
        currency=worth.currency,
        per=worth.per,
        basis=worth.basis,
        said_by=actor.person_id,
        said_as=_said_as(actor, project, kind),
        said_at=now,
    )
    db.session.add(claim)
    emit(ValueClaimed(kind=kind, number=claim.number, **scope(project)), actor=actor, now=now)
    return claim


def _said_as(actor: Actor, project: Project, kind: ValueKind) -> str:
    held = roles(actor, project)
    own = {Role.LEAD, Role.TEAM} if kind != ValueKind.EXPECTED else set()
    return next((str(role) for role in SAID_AS if role in held - own), "")
