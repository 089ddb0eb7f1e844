"""Who acts in a sponsor's place, or in a checker's.

A deputy holds the same grant on the challenge, so that every rule takes him for one: a sponsor's reads, decides and
announces, a checker's checks, and neither sends an idea nor votes. The row beside it remembers whose place he takes.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from innovation.challenges import queries
from innovation.challenges.events import StandInEnded, StandInNamed
from innovation.challenges.models import Challenge, Deputy
from innovation.challenges.queries.concerned import authors_in
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, require, use_case
from innovation.people import queries as people
from innovation.people.service import grants
from innovation.rules.policy import May
from innovation.rules.predicates import Role

NAMED_IN_PERSON = {Role.SPONSOR: "not_a_sponsor_here", Role.CHECKER: "not_a_checker_here"}
"""Roles on a challenge in which somebody can stand in, and what is said where nobody holds one."""
ALREADY = {Role.SPONSOR: "sponsor_is_no_deputy", Role.CHECKER: "checker_is_no_deputy"}


@use_case(May.NAME_DEPUTY, on="challenge")
def name_deputy(
    *,
    actor: Actor,
    challenge: Challenge,
    person_id: int,
    email: str,
    role: Role = Role.SPONSOR,
    now: datetime = AT_LOCK,
) -> None:
    """Name who acts in a sponsor's or a checker's place; whoever did so before does not any more.

    Who checks and is nothing else names somebody for himself alone.

    Args:
        person_id: the sponsor, or the checker.

    Raises:
        Invalid: he is none here, nobody has the address, it is that of one, or its owner has an idea here.
    """
    _require_place(actor, challenge, person_id)
    own = own_holders(challenge.id, role)
    if person_id not in own:
        raise Invalid(NAMED_IN_PERSON[role], field="person")
    deputy = people.by_email(email)
    if deputy is None:
        raise Invalid("nobody_has_this_address", field="email")
    if deputy.id in own:
        raise Invalid(ALREADY[role], field="email")
    refuse_author(challenge.id, deputy.id)
    end_deputy(actor=actor, challenge=challenge, person_id=person_id, role=role, now=now, keep=deputy.id)
    db.session.add(
        Deputy(challenge_id=challenge.id, role=role.value, person_id=person_id, deputy_id=deputy.id, named_at=now)
    )
    db.session.flush()
    grants.give(actor=actor, person_id=deputy.id, role=role, scope="challenge", scope_id=challenge.id, now=now)
    fact = StandInNamed(person_id=person_id, deputy_id=deputy.id, role=role.value, **_scope(challenge))
    emit(fact, actor=actor, now=now)


@use_case(May.NAME_DEPUTY, on="challenge")
def drop_deputy(
    *, actor: Actor, challenge: Challenge, person_id: int, role: Role = Role.SPONSOR, now: datetime = AT_LOCK
) -> None:
    """Let nobody act in a sponsor's or a checker's place any more."""
    _require_place(actor, challenge, person_id)
    end_deputy(actor=actor, challenge=challenge, person_id=person_id, role=role, now=now)


def end_deputy(
    *, actor: Actor, challenge: Challenge, person_id: int, role: Role, now: datetime, keep: int | None = None
) -> None:
    """End somebody's deputy inside a use case; his grant goes with it, unless another one named him as well.

    Args:
        keep: a person whose grant stays, since he is named anew.
    """
    ended = db.session.scalar(
        delete(Deputy)
        .where(Deputy.challenge_id == challenge.id, Deputy.role == role.value, Deputy.person_id == person_id)
        .returning(Deputy.deputy_id)
    )
    if ended is None:
        return
    still = db.session.scalar(
        select(Deputy.id).where(Deputy.challenge_id == challenge.id, Deputy.role == role.value, Deputy.deputy_id == ended)
    )
    if still is None and ended != keep:
        grants.take(actor=actor, person_id=ended, role=role, scope="challenge", scope_id=challenge.id, now=now)
    emit(StandInEnded(person_id=person_id, deputy_id=ended, role=role.value, **_scope(challenge)), actor=actor, now=now)


def stands_in_no_more(challenge_id: int, person_id: int, role: Role) -> None:
    """Let a deputy who is named in person be nobody's deputy in that role, inside a use case; he keeps his grant."""
    db.session.execute(
        delete(Deputy).where(Deputy.challenge_id == challenge_id, Deputy.role == role.value, Deputy.deputy_id == person_id)
    )


def own_holders(challenge_id: int, role: Role) -> list[int]:
    """Who holds a role on a challenge himself, deputies left out."""
    standing_in = {each.deputy_id for each in queries.deputies(challenge_id, role.value)}
    return [each for each in people.holders(role, "challenge", challenge_id) if each not in standing_in]


def refuse_author(challenge_id: int, person_id: int) -> None:
    """Refuse who has an idea in a challenge as its judge.

    Raises:
        Invalid: no judge in his own cause.
    """
    if person_id in authors_in(challenge_id):
        raise Invalid("no_judge_in_own_cause", field="email")


def _require_place(actor: Actor, challenge: Challenge, person_id: int) -> None:
    """Refuse who would name somebody for another, and does not answer for the challenge."""
    if person_id != actor.person_id:
        require(actor, May.EDIT_CHALLENGE, challenge)


def _scope(challenge: Challenge) -> dict[str, int]:
    return {"programme_id": challenge.programme_id, "challenge_id": challenge.id}
