"""Reminding somebody of what waits for him, by name and in words of one's own: at most once a day of the same thing."""

from __future__ import annotations

from datetime import datetime

from innovation.challenges.models import Challenge
from innovation.kernel import clock, reminders
from innovation.kernel.actor import Actor
from innovation.kernel.errors import NotPossible
from innovation.kernel.events import emit
from innovation.kernel.i18n import HOST_ZONE
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.policy import May
from innovation.steering.events import PersonReminded
from innovation.steering.models import SendingLine
from innovation.steering.queries import duties
from innovation.steering.queries.duties import Duty


@use_case(May.REMIND, on="challenge")
def remind(*, actor: Actor, challenge: Challenge, line: SendingLine, now: datetime = AT_LOCK) -> None:
    """Tell the person of a line what waits for him, in the line's words.

    Args:
        challenge: the challenge that it is about; for a gate, the one its project came from.
        line: with what it is about.

    Raises:
        NotPossible: it does not wait for that person any more, or he was reminded of it today.
    """
    duty = _duty(line, challenge, now)
    if duty is None or line.person_id is None or line.person_id not in duty.people:
        raise NotPossible("nothing_waits")
    kind, subject_id = _subject(line, challenge)
    day = f"{clock.to_wall(now, HOST_ZONE):%Y%m%d}"
    if not reminders.first_time(kind, subject_id, f"by_name_{day}_{line.person_id}", now=now):
        raise NotPossible("reminded_today")
    gate = line.gate
    fact = PersonReminded(
        programme_id=challenge.programme_id,
        challenge_id=challenge.id,
        project_id=gate.project_id if gate is not None else None,
        person_id=line.person_id,
        what=duty.what,
        line_id=line.id,
        gate=gate.key if gate is not None else "",
    )
    emit(fact, actor=actor, now=now)


def _duty(line: SendingLine, challenge: Challenge, now: datetime) -> Duty | None:
    if line.gate is not None:
        return duties.of_gate(line.gate)
    if line.inquiry is not None:
        return duties.of_inquiry(line.inquiry)
    return duties.of_idea(line.idea) if line.idea is not None else duties.of_challenge(challenge, now)


def _subject(line: SendingLine, challenge: Challenge) -> tuple[str, int]:
    for kind, subject_id in (("gate", line.gate_id), ("inquiry", line.inquiry_id), ("idea", line.idea_id)):
        if subject_id is not None:
            return kind, subject_id
    return "challenge", challenge.id
