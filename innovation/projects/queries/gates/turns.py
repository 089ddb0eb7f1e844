"""Whose turn it is at a gate, as rows say it and in SQL: the keeper's, his deputy's, the manager's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, literal, or_, select

from innovation.challenges import queries as challenges
from innovation.ideas.models import Author
from innovation.kernel.actor import VISITOR, Actor
from innovation.kernel.db import UtcDateTime, db
from innovation.people import queries as people
from innovation.people.models import GrantRow, Person
from innovation.projects.models import Gate, Member, Project
from innovation.rules.gatekeeping import MOST_ANSWER_DAYS, Turn
from innovation.rules.predicates import Role
from innovation.rules.project import GateState

WAITING = (GateState.OPEN, GateState.ASKED)
"""A gate in one of these waits for its keeper; one on hold waits for what it was put on hold for."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Who has to act at a gate.

    Attributes:
        keepers: the names of its keepers outside the team; empty where there is none.
        deputy: the deputy's name, empty without one.
        deputy_now: whether the deputy may act.
        manager_now: whether the manager may act in the keeper's place.
    """

    turn: Turn
    keepers: tuple[str, ...]
    deputy: str
    deputy_now: bool
    manager_now: bool


def duties(gates: Iterable[tuple[Gate, Project]], now: datetime, actor: Actor = VISITOR) -> Mapping[int, Duty]:
    """Who has to act, by gate id; three queries for any number of gates. A sponsor who withholds his name from this person
    is among no names, nor is his deputy."""
    pairs = list(gates)
    keepers = keepers_of([project.id for _gate, project in pairs])
    names = people.names(gate.deputy_id for gate, _project in pairs if gate.deputy_id is not None)
    kept = challenges.unnamed(actor, [project.challenge_id for _gate, project in pairs])
    found = {}
    for gate, project in pairs:
        secret = gate.keeper == "sponsor" and project.challenge_id in kept
        there = keepers.get((project.id, gate.keeper), ())
        turn = turn_of(gate, there)
        found[gate.id] = Duty(
            turn,
            () if secret else there,
            names.get(gate.deputy_id, "") if gate.deputy_id is not None and not secret else "",
            now >= turn.answer_by,
            gate.keeper != "manager" and (now >= turn.manager_from or not there),
        )
    return found


def keepers_of(project_ids: Sequence[int]) -> dict[tuple[int, str], tuple[str, ...]]:
    """Names of those who keep gates and stand outside the team, by (project id, role)."""
    if not project_ids:
        return {}
    of_challenge = and_(
        GrantRow.role == Role.SPONSOR, GrantRow.scope == "challenge", GrantRow.scope_id == Project.challenge_id
    )
    of_programme = and_(
        GrantRow.role == Role.MANAGER,
        or_(GrantRow.scope == "host", and_(GrantRow.scope == "programme", GrantRow.scope_id == Project.programme_id)),
    )
    rows = db.session.execute(
        select(Project.id, GrantRow.role, Person.name)
        .join(GrantRow, or_(of_challenge, of_programme))
        .join(Person, Person.id == GrantRow.person_id)
        .where(Project.id.in_(project_ids), GrantRow.valid_to.is_(None), ~on_the_team(GrantRow.person_id))
        .order_by(GrantRow.id)
    )
    found: dict[tuple[int, str], tuple[str, ...]] = {}
    for project_id, role, name in rows:
        names = found.get((project_id, str(role)), ())
        found[project_id, str(role)] = names if name in names else (*names, name)
    return found


def turn_of(gate: Gate, keepers: Sequence[str]) -> Turn:
    """A gate's days as the rule counts them."""
    return Turn(
        keeper=gate.keeper,
        keeper_there=bool(keepers),
        asked_at=gate.asked_at if gate.state == GateState.ASKED else None,
        due_at=gate.due_at,
        answer_days=gate.answer_days,
    )


def waited(times: int, now: datetime) -> ColumnElement[bool]:
    """The promised days of a gate's answer have gone by so many times; the same as ``Turn`` says it, in SQL."""
    since = case((Gate.state == GateState.ASKED, Gate.asked_at), else_=Gate.due_at)
    # Days times an interval is written differently in every database; a table of the possible ones is not.
    limits = {days: literal(now - timedelta(days=times * days), UtcDateTime) for days in range(1, MOST_ANSWER_DAYS + 1)}
    return since <= case(limits, value=Gate.answer_days)


def on_the_team(person_id: Any) -> ColumnElement[bool]:
    """Somebody works in the project, or is an author of its idea."""
    return or_(
        exists().where(Member.project_id == Project.id, Member.person_id == person_id, Member.accepted_at.is_not(None)),
        exists().where(Author.idea_id == Project.idea_id, Author.person_id == person_id, Author.accepted_at.is_not(None)),
    )


def sponsor_outside() -> ColumnElement[bool]:
    """A sponsor of the project's challenge stands outside its team."""
    return exists().where(
        GrantRow.role == Role.SPONSOR,
        GrantRow.scope == "challenge",
        GrantRow.scope_id == Project.challenge_id,
        GrantRow.valid_to.is_(None),
        ~on_the_team(GrantRow.person_id),
    )
