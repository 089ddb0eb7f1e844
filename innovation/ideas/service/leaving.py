"""A leaver's part in challenges passes to his successor, except where that would make him judge of his own idea."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from innovation.challenges.models import Challenge, Deputy, Programme
from innovation.ideas.queries.leaving import written_in
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, lock
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries as people
from innovation.people.events import DutyLeft, DutyPassed
from innovation.people.service.giving import hand_on


@use_case(None)
def take_over(*, actor: Actor, person_id: int, successor_id: int, now: datetime = AT_LOCK) -> None:
    """Sponsor's and panel's places, standing in and approving; what the leaver no longer holds is not given twice."""
    held = [grant for grant in people.grants_of(person_id) if grant.scope == "challenge"]
    places = db.session.scalars(select(Deputy).where(Deputy.deputy_id == person_id).order_by(Deputy.id)).all()
    challenge_ids = {grant.scope_id for grant in held} | {row.challenge_id for row in places if row.challenge_id}
    # Whoever sends an idea holds its challenge: from here on nobody becomes an author there unseen.
    lock(select(Challenge.id).where(Challenge.id.in_(challenge_ids)).order_by(Challenge.id).with_for_update())
    own = written_in(successor_id, challenge_ids)
    for grant in held:
        if grant.scope_id in own:
            _left(actor, person_id, successor_id, grant.role, grant.id, grant.scope_id, "author", now)
            continue
        hand_on(actor=actor, grant=grant, person_id=successor_id, now=now)
        _passed(actor, person_id, successor_id, grant.role, grant.id, grant.scope_id, now)
    for row in places:
        why = "own_deputy" if row.person_id == successor_id else "author" if row.challenge_id in own else ""
        if why:
            _left(actor, person_id, successor_id, "deputy", row.id, row.challenge_id, why, now)
            continue
        row.deputy_id = successor_id
        _passed(actor, person_id, successor_id, "deputy", row.id, row.challenge_id, now)
    for programme in db.session.scalars(select(Programme).where(Programme.approver_id == person_id)):
        programme.approver_id = successor_id
        _passed(actor, person_id, successor_id, "approver", programme.id, None, now)


def _passed(
    actor: Actor, person_id: int, successor_id: int, duty: str, subject_id: int, challenge_id: int | None, now: datetime
) -> None:
    fact = DutyPassed(
        person_id=person_id, successor_id=successor_id, duty=duty, subject_id=subject_id, challenge_id=challenge_id
    )
    emit(fact, actor=actor, now=now)


def _left(
    actor: Actor,
    person_id: int,
    successor_id: int,
    duty: str,
    subject_id: int,
    challenge_id: int | None,
    why: str,
    now: datetime,
) -> None:
    fact = DutyLeft(
        person_id=person_id,
        successor_id=successor_id,
        duty=duty,
        subject_id=subject_id,
        why=why,
        challenge_id=challenge_id,
    )
    emit(fact, actor=actor, now=now)
