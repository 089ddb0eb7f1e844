"""Who acts in a sponsor's place.

A deputy holds the sponsor's own grant on the challenge, so that every rule takes him for one: he reads, decides and
announces, and neither sends an idea nor votes. The row beside it remembers whose place he takes.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from innovation.challenges import queries
from innovation.challenges.events import StandInEnded, StandInNamed
from innovation.challenges.models import Challenge, Deputy
from innovation.challenges.queries.concerned import authors_in
from innovation.challenges.queries.deputies import SPONSOR
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries as people
from innovation.people.service import grants
from innovation.rules.policy import May
from innovation.rules.predicates import Role


@use_case(May.NAME_DEPUTY, on="challenge")
def name_deputy(*, actor: Actor, challenge: Challenge, person_id: int, email: str, now: datetime = AT_LOCK) -> None:
    """Name who acts in a sponsor's place; whoever did so before does not any more.

    Args:
        person_id: the sponsor.

    Raises:
        Invalid: he is no sponsor here, nobody has the address, it is a sponsor's, or its owner has an idea here.
    """
    if person_id not in own_sponsors(challenge.id):
        raise Invalid("not_a_sponsor_here", field="person")
    deputy = people.by_email(email)
    if deputy is None:
        raise Invalid("nobody_has_this_address", field="email")
    if deputy.id in own_sponsors(challenge.id):
        raise Invalid("sponsor_is_no_deputy", field="email")
    refuse_author(challenge.id, deputy.id)
    end_deputy(actor=actor, challenge=challenge, person_id=person_id, now=now, keep=deputy.id)
    db.session.add(Deputy(challenge_id=challenge.id, role=SPONSOR, person_id=person_id, deputy_id=deputy.id, named_at=now))
    db.session.flush()
    _give(actor, challenge, deputy.id, now)
    fact = StandInNamed(person_id=person_id, deputy_id=deputy.id, **_scope(challenge))
    emit(fact, actor=actor, now=now)


@use_case(May.NAME_DEPUTY, on="challenge")
def drop_deputy(*, actor: Actor, challenge: Challenge, person_id: int, now: datetime = AT_LOCK) -> None:
    """Let nobody act in a sponsor's place any more."""
    end_deputy(actor=actor, challenge=challenge, person_id=person_id, now=now)


def end_deputy(*, actor: Actor, challenge: Challenge, person_id: int, now: datetime, keep: int | None = None) -> None:
    """End a sponsor's deputy inside a use case; his grant goes with it, unless another sponsor named him as well.

    Args:
        keep: a person whose grant stays, since he is named anew.
    """
    ended = db.session.scalar(
        delete(Deputy)
        .where(Deputy.challenge_id == challenge.id, Deputy.role == SPONSOR, Deputy.person_id == person_id)
        .returning(Deputy.deputy_id)
    )
    if ended is None:
        return
    still = db.session.scalar(
        select(Deputy.id).where(Deputy.challenge_id == challenge.id, Deputy.role == SPONSOR, Deputy.deputy_id == ended)
    )
    if still is None and ended != keep:
        grants.take(actor=actor, person_id=ended, role=Role.SPONSOR, scope="challenge", scope_id=challenge.id, now=now)
    emit(StandInEnded(person_id=person_id, deputy_id=ended, **_scope(challenge)), actor=actor, now=now)


def becomes_sponsor(challenge_id: int, person_id: int) -> None:
    """Let a deputy who is named sponsor himself be nobody's deputy any more, inside a use case; he keeps his grant."""
    db.session.execute(
        delete(Deputy).where(Deputy.challenge_id == challenge_id, Deputy.role == SPONSOR, Deputy.deputy_id == person_id)
    )


def own_sponsors(challenge_id: int) -> list[int]:
    """The sponsors of a challenge, their deputies left out."""
    standing_in = {each.deputy_id for each in queries.deputies(challenge_id)}
    return [each for each in people.holders(Role.SPONSOR, "challenge", challenge_id) if each not in standing_in]


def refuse_author(challenge_id: int, person_id: int) -> None:
    """Refuse who has an idea in a challenge as its judge.

    Raises:
        Invalid: no judge in his own cause.
    """
    if person_id in authors_in(challenge_id):
        raise Invalid("no_judge_in_own_cause", field="email")


def _give(actor: Actor, challenge: Challenge, person_id: int, now: datetime) -> None:
    grants.give(actor=actor, person_id=person_id, role=Role.SPONSOR, scope="challenge", scope_id=challenge.id, now=now)


def _scope(challenge: Challenge) -> dict[str, int]:
    return {"programme_id": challenge.programme_id, "challenge_id": challenge.id}
