"""Gates of many projects: those this person may decide now, and those that are late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, select
from sqlalchemy.orm import contains_eager

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
    return db.session.scalars(_running(actor).where(_his_turn(actor, now)).order_by(Gate.due_at, Gate.id).limit(limit)).all()


def late(actor: Actor, now: datetime, limit: int = 10) -> Sequence[Gate]:
    """Gates past their day, or past the day of their answer, in projects this person may see."""
    return db.session.scalars(_running(actor).where(_is_late(now)).order_by(Gate.due_at, Gate.id).limit(limit)).all()


def waiting(actor: Actor, now: datetime) -> Select[Gate]:
    """Gates this person may decide now, and those that are late in programmes he manages, in no order."""
    managed_and_late = and_(_is_late(now), challenges.manages(actor, Project.programme_id))
    return _running(actor).where(or_(_his_turn(actor, now), managed_and_late))


def mine_of(actor: Actor, gate_ids: Iterable[int], now: datetime) -> set[int]:
    """Those of some gates that this person may decide now."""
    found = select(Gate.id).join(Gate.project).join(Project.challenge).where(Gate.id.in_(list(gate_ids)))
    return set(db.session.scalars(found.where(_his_turn(actor, now))))


def _running(actor: Actor) -> Select[Gate]:
    """Gates that wait in running projects this person may see, with project and challenge."""
    return (
        select(Gate)
        .join(Gate.project)
        .join(Project.challenge)
        .options(contains_eager(Gate.project).contains_eager(Project.challenge))
        .where(Gate.state.in_(WAITING), Project.state == ProjectState.RUNNING, visible(actor))
    )


def _is_late(now: datetime) -> ColumnElement[bool]:
    return or_(Gate.due_at < now, and_(Gate.state == GateState.ASKED, waited(1, now)))


def _his_turn(actor: Actor, now: datetime) -> ColumnElement[bool]:
    if actor.person_id is None:
        return false()
    managed = challenges.manages(actor, Project.programme_id)
    sponsored = actor.scopes(Role.SPONSOR, "challenge")
    turns = (
        and_(Gate.keeper == "sponsor", Project.challenge_id.in_(sponsored) if sponsored else false()),
        and_(Gate.keeper == "manager", managed),
        and_(Gate.deputy_id == actor.person_id, waited(1, now)),
        and_(Gate.keeper == "sponsor", managed, or_(waited(2, now), ~sponsor_outside())),
    )
    return and_(~on_the_team(literal(actor.person_id)), or_(*turns))
