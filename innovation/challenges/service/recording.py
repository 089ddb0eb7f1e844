"""Keeping what changed after publication: numbered, dated, with who changed it and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from innovation.challenges.models import Amendment, Challenge
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.rules.challenge import AmendmentKind


def record(
    *,
    actor: Actor,
    challenge: Challenge,
    kind: AmendmentKind,
    before: dict[str, Any],
    after: dict[str, Any],
    reason: str,
    now: datetime,
    field: str = "reason",
) -> Amendment:
    """Add the next amendment of a challenge, inside a use case that holds the challenge's lock.

    Raises:
        Invalid: no reason is given; ``field`` is where it is asked for.
    """
    if not reason.strip():
        raise Invalid("amendment_needs_a_reason", field=field)
    last = db.session.scalar(select(func.max(Amendment.number)).where(Amendment.challenge_id == challenge.id))
    made = Amendment(
        challenge_id=challenge.id,
        number=(last or 0) + 1,
        kind=str(kind),
        before=before,
        after=after,
        reason=reason.strip(),
        made_by=actor.person_id,
        made_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made
