"""Taking part by an invitation: the person, and the challenge he was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from innovation.challenges import queries
from innovation.challenges.events import ParticipantAdmitted
from innovation.challenges.models import Audience, Challenge
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries as people
from innovation.people.models import Invitation
from innovation.people.service import invitations
from innovation.rules.policy import May


@use_case(May.LOOK)
def join(*, actor: Actor, invitation_id: int, name: str = "", now: datetime = AT_LOCK) -> int:
    """Use an invitation up as somebody new, and let him into every challenge he was asked for. Returns the person's id.

    Raises:
        Invalid: the invitation is no longer open, or its address joined by another way meanwhile.
    """
    return _admitted(invitations.accept(actor=actor, invitation_id=invitation_id, name=name), invitation_id, actor, now)


@use_case(May.USE_ACCOUNT)
def join_as_oneself(*, actor: Actor, invitation_id: int, now: datetime = AT_LOCK) -> int:
    """The same for somebody who has the invitation's address already. Returns his id.

    Raises:
        Invalid: the invitation is no longer open, or was sent to somebody else's address.
    """
    return _admitted(invitations.take_up(actor=actor, invitation_id=invitation_id), invitation_id, actor, now)


def admit(*, actor: Actor, challenge: Challenge, person_ids: Iterable[int], now: datetime) -> None:
    """Name people in the audience of a challenge inside a use case, where it does not include them by circle or employer."""
    for person_id, who in people.actors(person_ids).items():
        inside = select(queries.in_audience(who)).where(Challenge.id == challenge.id)
        if db.session.scalar(inside):
            continue
        row = upsert(Audience).values(challenge_id=challenge.id, kind="person", value=str(person_id))
        db.session.execute(row.on_conflict_do_nothing(index_elements=["challenge_id", "kind", "value"]))
        said = ParticipantAdmitted(person_id=person_id, challenge_id=challenge.id, programme_id=challenge.programme_id)
        emit(said, actor=actor, now=now)


def _admitted(person_id: int, invitation_id: int, actor: Actor, now: datetime) -> int:
    """Let a person into what he was asked for."""
    used = db.session.get_one(Invitation, invitation_id).accepted_at
    assert used is not None
    for each in people.used_at(person_id, used):
        challenge = queries.invited_to(each, now)
        if challenge is not None:
            admit(actor=actor, challenge=challenge, person_ids=[person_id], now=now)
    return person_id
