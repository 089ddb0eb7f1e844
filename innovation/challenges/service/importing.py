"""Taking in programmes and challenges from elsewhere, inside an importer's use case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from innovation.challenges.events import ChallengeProposed, ChallengePublished, ChallengeStarted
from innovation.challenges.models import Audience, Challenge, Programme
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.rules.challenge import CHALLENGE


def take_in_programme(source: str, foreign_id: str, title: str, now: datetime) -> tuple[Programme, bool]:
    """The programme of that source and id, made when it is new. Returns (programme, whether it is new)."""
    found = db.session.scalars(
        select(Programme).where(Programme.source == source, Programme.foreign_id == foreign_id)
    ).one_or_none()
    if found is not None:
        return found, False
    made = Programme(source=source, foreign_id=foreign_id, title=title, created_at=now)
    db.session.add(made)
    db.session.flush()
    return made, True


def take_in_challenge(
    *,
    actor: Actor,
    programme: Programme,
    source: str,
    foreign_id: str,
    values: Mapping[str, Any],
    now: datetime,
    circles: Sequence[str] = tuple(Circle),
) -> tuple[Challenge, bool]:
    """The published challenge of that source and id, made when it is new. Returns (challenge, whether it is new).

    Args:
        values: columns of the challenge; ``closes_at`` among them.
        circles: who may see it and take part.
    """
    found = db.session.scalars(
        select(Challenge).where(Challenge.source == source, Challenge.foreign_id == foreign_id)
    ).one_or_none()
    if found is not None:
        return found, False
    made = Challenge(
        source=source, foreign_id=foreign_id, programme_id=programme.id, created_at=now, published_at=now, **values
    )
    made.audience = [Audience(kind="circle", value=str(circle)) for circle in circles]
    db.session.add(made)
    db.session.flush()
    scope = {"programme_id": programme.id, "challenge_id": made.id}
    lifecycle.begin(made, CHALLENGE, ChallengeStarted(**scope), actor=actor, now=now)
    # It was handed in and published elsewhere; both moves are made here, since the machine knows no shorter way.
    lifecycle.move(made, CHALLENGE, "propose", ChallengeProposed(**scope), actor=actor, now=now)
    lifecycle.move(made, CHALLENGE, "publish", ChallengePublished(**scope), actor=actor, now=now)
    return made, True
