"""What the mail of a reminder says: whose words, and where its reader can act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.people import queries as people
from innovation.promotion.models import Run, RunChallenge
from innovation.rules.run import RunState
from innovation.rules.sending import DutyKind
from innovation.steering.models import SendingLine

PLACES: Mapping[str, str] = {
    DutyKind.PICK: "promotion.picks",
    DutyKind.CHECK: "ideas.to_check",
    DutyKind.INQUIRY: "challenges.inquiries",
}
"""The pages of a challenge on which a duty is done, where it is not the challenge's own."""


def reminder_values(event: Event, line_id: int) -> dict[str, Any]:
    """The words of a reminder and the name of who wrote them; ``announces`` is the result that waits, if one does."""
    line = db.session.get(SendingLine, line_id)
    found: dict[str, Any] = {
        "said": line.text if line is not None else "",
        "reminded_by": people.names([event.actor_id]).get(event.actor_id) if event.actor_id is not None else None,
        "announces": None,
    }
    if event.payload["what"] == DutyKind.ANNOUNCE:
        found["announces"] = db.session.scalars(
            select(Run.public_id)
            .join(RunChallenge, RunChallenge.run_id == Run.id)
            .where(RunChallenge.challenge_id == event.challenge_id, Run.state == RunState.DECIDED)
            .order_by(Run.id.desc())
            .limit(1)
        ).one_or_none()
    return found
