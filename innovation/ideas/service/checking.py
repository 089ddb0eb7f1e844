"""Looking at an idea before others see it: it is accepted, sent back with a question, or turned down with a reason.

Each is decided under the challenge's lock, so that an idea is either checked in time or frozen as one that nobody checked.
"""

from __future__ import annotations

from datetime import datetime

from innovation.ideas.events import ChecksDue, IdeaAccepted, IdeaSentBack, IdeaTurnedDown
from innovation.ideas.models import Idea
from innovation.ideas.queries import checking as queries
from innovation.ideas.service.writing import class_of, scope
from innovation.kernel import lifecycle, reminders
from innovation.kernel.actor import Actor
from innovation.kernel.errors import Invalid, NotNow, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules import promises
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import IDEA, IdeaState
from innovation.rules.policy import May

MOST = 4000
BATCH = 200


@use_case(May.CHECK_IDEA, on="idea")
def accept(*, actor: Actor, idea: Idea, revision: int | None = None, now: datetime = AT_LOCK) -> None:
    """Let an idea be seen by whoever may see ideas of its challenge: from here on it is one like any other.

    Args:
        revision: the version that was read; None where nobody says which.

    Raises:
        NotPossible: it does not wait to be checked, or its authors changed it since it was read.
        NotNow: it could not be judged with the others any more, or the challenge is frozen or stopped.
    """
    _require(idea, now)
    _require_read(idea, revision)
    until = idea.challenge.schedule().judged_until()
    if until is not None and now >= until:
        raise NotNow("too_late_to_show", at=until, zone=idea.challenge.zone)
    _keep(idea, actor, "", None, now)
    idea.unchecked = False
    fact = IdeaAccepted(revision=idea.revision_no, **scope(idea))
    lifecycle.move(idea, IDEA, "accept", fact, actor=actor, now=now)
    was, idea.visibility = idea.visibility, class_of(idea.challenge)
    lifecycle.change_class(idea, was)


@use_case(May.CHECK_IDEA, on="idea")
def send_back(
    *,
    actor: Actor,
    idea: Idea,
    note: str,
    until: datetime | None,
    revision: int | None = None,
    now: datetime = AT_LOCK,
) -> None:
    """Ask an idea's authors something; they write on and send it again.

    Args:
        note: the question, which its authors read.
        until: until when they can, even past the deadline; None for as long as ideas can come in.
        revision: as in :func:`accept`.

    Raises:
        Invalid: the question is missing or too long, or the day is past, or too late for the idea to be judged.
        NotPossible: as in :func:`accept`.
        NotNow: the challenge is frozen or stopped, or no day is said and ideas can no longer come in.
    """
    _require(idea, now)
    _require_read(idea, revision)
    _keep(idea, actor, _words(note), _until(idea, until, now), now)
    fact = IdeaSentBack(until=(idea.resubmit_until or idea.challenge.closes_at).isoformat(), **scope(idea))
    lifecycle.move(idea, IDEA, "return", fact, actor=actor, now=now)


@use_case(May.CHECK_IDEA, on="idea")
def decline(*, actor: Actor, idea: Idea, note: str, revision: int | None = None, now: datetime = AT_LOCK) -> None:
    """Do not let an idea be seen. That is its decision: its authors read the reason, and nobody else reads the idea.

    Args:
        note: the reason.
        revision: as in :func:`accept`.

    Raises:
        Invalid: the reason is missing or too long.
        NotPossible: as in :func:`accept`.
        NotNow: the challenge is frozen or stopped.
    """
    _require(idea, now)
    _require_read(idea, revision)
    _keep(idea, actor, _words(note), None, now)
    lifecycle.move(idea, IDEA, "decline", IdeaTurnedDown(**scope(idea)), actor=actor, now=now)


@use_case(None)
def remind(*, actor: Actor, after: int = 0, now: datetime = AT_LOCK) -> int | None:
    """State for challenges whose ideas wait to be checked that a day has passed, or the promised two, once per step.

    Returns:
        The id after which to go on, or None when no challenge is left.
    """
    found = queries.waiting_since(now - promises.CHECK_REMINDER, after=after, limit=BATCH)
    for each in found:
        due = promises.check_step(each.since, now)
        if due is not None and reminders.first_time("challenge", each.challenge_id, due[1], now=now):
            where = {"programme_id": each.programme_id, "challenge_id": each.challenge_id}
            emit(ChecksDue(step=due[0], waiting=each.waiting, **where), actor=actor, now=now)
    return found[-1].challenge_id if len(found) == BATCH else None


def _require(idea: Idea, now: datetime) -> None:
    challenge = idea.challenge
    if idea.state != IdeaState.CHECKING:
        raise NotPossible("not_to_be_checked", state=idea.state)
    if challenge.state != ChallengeState.PUBLISHED:
        raise NotNow("challenge_not_running", state=challenge.state)
    if challenge.frozen_at is not None:
        raise NotNow("closed", at=challenge.frozen_at, zone=challenge.zone)


def _require_read(idea: Idea, revision: int | None) -> None:
    if revision is not None and revision != idea.revision_no:
        raise NotPossible("changed_since_read")


def _words(note: str) -> str:
    if not note.strip():
        raise Invalid("check_note_missing", field="note")
    if len(note.strip()) > MOST:
        raise Invalid("check_note_too_long", field="note", most=MOST)
    return note.strip()


def _until(idea: Idea, until: datetime | None, now: datetime) -> datetime | None:
    """Whether an idea that comes again by then can still be judged."""
    challenge = idea.challenge
    if until is None:
        if now >= challenge.closes_at:
            raise Invalid("day_needed", field="until")
        return None
    judged = challenge.schedule().judged_until()
    if until <= now:
        raise Invalid("day_is_past", field="until")
    if judged is not None and until >= judged:
        raise Invalid("day_too_late", field="until", at=judged, zone=challenge.zone)
    return until


def _keep(idea: Idea, actor: Actor, note: str, until: datetime | None, now: datetime) -> None:
    idea.checked_at, idea.checked_by = now, actor.person_id
    idea.check_note, idea.resubmit_until = note, until
