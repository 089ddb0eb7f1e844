"""Gates of many projects: those this person may decide now, and those that are late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, false, literal, or_, select
from sqlalchemy.orm import joinedload

from innovation.challenges import queries as challenges
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.projects.models import Gate, Project
from innovation.projects.queries import visible
from innovation.projects.queries.gates.turns import WAITING, on_the_team, sponsor_outside, waited
from innovation.rules.predicates import Role
from innovation.rules.project import GateState, ProjectState


def to_decide(actor: Actor, now: datetime, limit: int = 10) -> Sequence[Gate]:
    """Gates this person may decide now, the earliest due first: as keeper, or in his place when that day has come."""
    if actor.person_id is None:
        return []
    managed = challenges.manages(actor, Project.programme_id)
    sponsored = actor.scopes(Role.SPONSOR, "challenge")
    turns = (
        and_(Gate.keeper == "sponsor", Project.challenge_id.in_(sponsored) if sponsored else false()),
        and_(Gate.keeper == "manager", managed),
        and_(Gate.deputy_id == actor.person_id, waited(1, now)),
        and_(Gate.keeper == "sponsor", managed, or_(waited(2, now), ~sponsor_outside())),
    )
    return db.session.scalars(
        select(Gate)
        .join(Gate.project)
        .join(Project.challenge)
        .options(joinedload(Gate.project))
        .where(
            Gate.state.in_(WAITING),
            Project.state == ProjectState.RUNNING,
            visible(actor),
            ~on_the_team(literal(actor.person_id)),
            or_(*turns),
        )
        .order_by(Gate.due_at, Gate.id)
        .limit(limit)
    ).all()


def late(actor: Actor, now: datetime, limit: int = 10) -> Sequence[Gate]:
    """Gates past their day, or past the day of their answer, in projects this person may see."""
    return db.session.scalars(
        select(Gate)
        .join(Gate.project)
        .join(Project.challenge)
        .options(joinedload(Gate.project))
        .where(
            Gate.state.in_(WAITING),
            Project.state == ProjectState.RUNNING,
            or_(Gate.due_at < now, and_(Gate.state == GateState.ASKED, waited(1, now))),
            visible(actor),
        )
        .order_by(Gate.due_at, Gate.id)
        .limit(limit)
    ).all()
