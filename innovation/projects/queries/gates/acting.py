"""What one person may do at a gate now: decide it, and in which capacity, or take its decision back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from innovation.kernel.actor import Actor
from innovation.kernel.usecase import roles
from innovation.projects.models import Gate, Project
from innovation.projects.queries.gates.turns import WAITING, keepers_of, turn_of
from innovation.rules.gatekeeping import DecidesAs, Turn
from innovation.rules.predicates import Role
from innovation.rules.project import GateState, ProjectState


def acts_as(actor: Actor, project: Project, gate: Gate, now: datetime) -> DecidesAs | None:
    """In which capacity somebody may decide a gate now; None when it is not his turn."""
    keepers = keepers_of([project.id]).get((project.id, gate.keeper), ())
    return acts_in_turn(actor, project, gate, turn_of(gate, keepers), now)


def keeps(actor: Actor, project: Project, gate: Gate) -> bool:
    """Whether somebody is a keeper of this gate, whatever the day."""
    return actor.is_house or Role(gate.keeper) in roles(actor, project)


def is_late(gate: Gate, now: datetime) -> bool:
    """Whether a gate is past its day, or past the day of the answer that its team was promised."""
    return gate.state in WAITING and min(gate.due_at, turn_of(gate, ()).answer_by) < now


def reopens_as(actor: Actor, project: Project, gate: Gate) -> DecidesAs | None:
    """In which capacity somebody may take a gate's decision back: its keeper and the manager may, on any day."""
    if keeps(actor, project, gate):
        return DecidesAs.KEEPER
    return DecidesAs.MANAGER if Role.MANAGER in roles(actor, project) else None


def acts_in_turn(actor: Actor, project: Project, gate: Gate, turn: Turn, now: datetime) -> DecidesAs | None:
    """The same as :func:`acts_as`, where the turn is known already."""
    if actor.is_house:
        return DecidesAs.KEEPER
    mine = roles(actor, project)
    if mine & {Role.TEAM, Role.LEAD, Role.AUTHOR}:
        return None
    is_deputy = actor.person_id is not None and gate.deputy_id == actor.person_id
    return turn.decides_as(mine, is_deputy=is_deputy, now=now)


def last_decided(gates: Iterable[Gate]) -> Gate | None:
    """The last gate that was passed or stopped: the only one that can be reopened."""
    ended = [gate for gate in gates if gate.state in {GateState.PASSED, GateState.STOPPED}]
    return max(ended, key=lambda gate: gate.position, default=None)


def reopenable(actor: Actor, project: Project) -> Gate | None:
    """The gate whose decision this person may take back now."""
    gate = last_decided(project.gates)
    if gate is None or roles(actor, project) & {Role.TEAM, Role.LEAD, Role.AUTHOR}:
        return None
    following = next((each for each in project.gates if each.position == gate.position + 1), None)
    moved_on = following is not None and following.state not in {GateState.AHEAD, GateState.OPEN}
    settled = project.state in {ProjectState.ADOPTED, ProjectState.ITERATED}
    return gate if reopens_as(actor, project, gate) and not moved_on and not settled else None
