"""The manager's morning: once a working day, how much of what waits on his desk, and none when nothing does."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from innovation.kernel import reminders
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.notifications.events import DeskWaits
from innovation.notifications.service.telling import tell
from innovation.people import queries as people
from innovation.people.models import GrantRow
from innovation.rules.predicates import Role
from innovation.steering.queries import waiting

BATCH = 20
"""Over how many desks one transaction looks."""


@use_case(None)
def tell_managers(*, actor: Actor, day: date, after: int = 0, now: datetime = AT_LOCK) -> int | None:
    """Tell every manager with something on his desk, once a day.

    What comes later that day waits for the next morning: his desk shows it at once.

    Args:
        day: the working day whose morning it is.

    Returns:
        The id after which to go on, or None when no manager is left.
    """
    found = db.session.scalars(
        select(GrantRow.person_id)
        .where(GrantRow.role == Role.MANAGER, GrantRow.valid_to.is_(None), GrantRow.person_id > after)
        .distinct()
        .order_by(GrantRow.person_id)
        .limit(BATCH)
    ).all()
    new = [each for each in found if reminders.first_time("desk", each, f"desk_{day}", now=now)]
    for person_id, who in people.actors(new).items():
        counts = waiting.board(who, now).counts
        if counts:
            event = emit(DeskWaits(person_id=person_id, things=sum(counts.values())), actor=actor, now=now)
            tell(event, "desk_waits", [person_id], {})
    return found[-1] if len(found) == BATCH else None
