"""What a person is to a challenge or a programme, and what a verb locks before it acts on one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from innovation.challenges.models import Challenge, Programme
from innovation.challenges.queries.approving import is_approver, needs_no_approval
from innovation.challenges.queries.checking import checks_here
from innovation.challenges.queries.seeing import in_audience
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import general_roles, locks_of, roles_of
from innovation.rules.predicates import Role


def role_set(actor: Actor, challenge: Challenge, *, in_audience: bool) -> frozenset[Role]:
    """What a person is to a challenge; the grants are known, only the audience had to be asked, and before publication who
    approves it."""
    roles = set(general_roles(actor)) - {Role.MANAGER}
    if actor.holds(Role.MANAGER) or actor.holds(Role.MANAGER, "programme", challenge.programme_id):
        roles.add(Role.MANAGER)
    for role in (Role.SPONSOR, Role.PANEL):
        if actor.holds(role, "challenge", challenge.id):
            roles.add(role)
    if checks_here(actor, challenge):
        roles.add(Role.CHECKER)
    if is_approver(actor, challenge):
        roles.add(Role.APPROVER)
    if Role.SPONSOR in roles and needs_no_approval(challenge):
        roles.add(Role.PUBLISHER)
    if in_audience and actor.signed_in:
        roles.add(Role.AUDIENCE)
    return frozenset(roles)


def is_own(actor: Actor, challenge: Challenge) -> bool:
    """Whether a challenge is this person's own to hand in and publish in one act: begun or sponsored by him."""
    begun = actor.person_id is not None and challenge.created_by == actor.person_id
    return actor.is_house or begun or actor.holds(Role.SPONSOR, "challenge", challenge.id)


@roles_of(Challenge, remembered=True)
def roles_on_challenge(actor: Actor, challenge: Challenge) -> frozenset[Role]:
    inside = db.session.scalar(select(in_audience(actor)).where(Challenge.id == challenge.id)) or False
    return role_set(actor, challenge, in_audience=bool(inside))


@roles_of(Programme)
def roles_on_programme(actor: Actor, programme: Programme) -> frozenset[Role]:
    roles = set(general_roles(actor)) - {Role.MANAGER}
    if actor.holds(Role.MANAGER) or actor.holds(Role.MANAGER, "programme", programme.id):
        roles.add(Role.MANAGER)
    return frozenset(roles)


@locks_of(Programme)
def _programme_locks(programme: Programme) -> Sequence[Select[Any]]:
    return [select(Programme.id).where(Programme.id == programme.id).with_for_update()]


@locks_of(Challenge)
def _locks(challenge: Challenge) -> Sequence[Select[Any]]:
    return [select(Challenge.id).where(Challenge.id == challenge.id).with_for_update()]


def share_lock(challenge_id: int) -> Select[Any]:
    """The lock of a verb that depends on a challenge's deadline without changing the challenge."""
    return select(Challenge.id).where(Challenge.id == challenge_id).with_for_update(read=True)
