"""What may still happen to a challenge after publication."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from innovation.challenges.events import ChallengeAmended, ChallengeDecided, ChallengeExtended, ChallengeStopped
from innovation.challenges.models import Challenge
from innovation.challenges.service.recording import record
from innovation.kernel import clock, lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.challenge import CHALLENGE, AmendmentKind, ChallengeState
from innovation.rules.phases import schedule_errors
from innovation.rules.policy import May

END_OF_DAY = time(23, 59)
"""The hour by which an answer that is promised for a day is there."""
MOST_LATER = timedelta(days=366)


@use_case(May.EXTEND_CHALLENGE, on="challenge")
def extend(*, actor: Actor, challenge: Challenge, closes: datetime, reason: str, now: datetime = AT_LOCK) -> None:
    """Move the closing date of ideas later; the vote's end moves along where it would come first.

    Args:
        closes: the new wall time in the challenge's zone, naive.
        reason: why, for everybody who sees the challenge.

    Raises:
        NotPossible: the challenge is not running, or already closed.
        Invalid: the time is not later than the present one, or does not exist; no reason is given.
    """
    if challenge.state != ChallengeState.PUBLISHED or challenge.frozen_at or challenge.closes_at <= now:
        raise NotPossible("too_late_to_extend")
    try:
        instant = clock.to_utc(closes, challenge.zone)
    except clock.WallTimeError as error:
        raise Invalid(f"time_{error.code}", field="closes") from error
    before = challenge.closes_at
    if instant <= before:
        raise Invalid("deadline_only_later", field="closes")
    moved = instant - before
    challenge.closes_at = instant
    wall = {**challenge.wall_times, "closes": closes.isoformat()}
    if challenge.vote_closes_at is not None:
        challenge.vote_closes_at += moved
        wall["vote_closes"] = clock.to_wall(challenge.vote_closes_at, challenge.zone).isoformat()
    if challenge.review_closes_at is not None:
        challenge.review_closes_at += moved
        wall["review_closes"] = clock.to_wall(challenge.review_closes_at, challenge.zone).isoformat()
    if challenge.answer_by is not None:
        challenge.answer_by += moved
    challenge.wall_times = wall
    for name, code in schedule_errors(challenge.schedule()):
        raise Invalid(code, field=name)
    made = record(
        actor=actor,
        challenge=challenge,
        kind=AmendmentKind.DEADLINE,
        before={"closes": before.isoformat()},
        after={"closes": instant.isoformat()},
        reason=reason,
        now=now,
    )
    emit(
        ChallengeExtended(
            programme_id=challenge.programme_id,
            challenge_id=challenge.id,
            field="closes",
            before=before.isoformat(),
            after=instant.isoformat(),
            number=made.number,
        ),
        actor=actor,
        now=now,
    )


@use_case(May.EXTEND_CHALLENGE, on="challenge")
def promise_later(*, actor: Actor, challenge: Challenge, day: date, reason: str, now: datetime = AT_LOCK) -> None:
    """Promise the answer to every author for a later day, the end of that day in the challenge's zone.

    Args:
        reason: why, for everybody who sees the challenge.

    Raises:
        NotPossible: it is decided or does not run, or no answer was promised.
        Invalid: the day is not later than the one promised, past or too far away, or no reason is given.
    """
    before = challenge.answer_by
    if challenge.state != ChallengeState.PUBLISHED or before is None:
        raise NotPossible("no_answer_waits")
    instant = clock.to_utc(datetime.combine(day, END_OF_DAY), challenge.zone)
    if instant <= max(before, now):
        raise Invalid("answer_only_later", field="day")
    if instant > now + MOST_LATER:
        raise Invalid("answer_too_far", field="day")
    challenge.answer_by = instant
    made = record(
        actor=actor,
        challenge=challenge,
        kind=AmendmentKind.ANSWER,
        before={"answer_by": before.isoformat()},
        after={"answer_by": instant.isoformat()},
        reason=reason,
        now=now,
    )
    scope = {"programme_id": challenge.programme_id, "challenge_id": challenge.id}
    emit(ChallengeAmended(number=made.number, kind=str(made.kind), **scope), actor=actor, now=now)


@use_case(May.STOP_CHALLENGE, on="challenge")
def stop(*, actor: Actor, challenge: Challenge, note: str, ideas: str, prize: str = "", now: datetime = AT_LOCK) -> None:
    """End a challenge without a result.

    Args:
        note: why, for everybody who sees the challenge.
        ideas: what happens to the ideas that were sent.
        prize: what happens to the prize, where one was promised.

    Raises:
        NotPossible: it is not running, or its decision is being taken.
        Invalid: it is not said why, or what happens to the ideas or the prize.
    """
    if challenge.state == ChallengeState.PUBLISHED and challenge.frozen_at is not None:
        raise NotPossible("cannot_stop", machine=CHALLENGE.name, state=challenge.state)
    if challenge.state == ChallengeState.PUBLISHED:
        if not ideas.strip():
            raise Invalid("say_what_happens_to_ideas", field="ideas")
        if challenge.prize_minor and not prize.strip():
            raise Invalid("say_what_happens_to_prize", field="prize")
        record(
            actor=actor,
            challenge=challenge,
            kind=AmendmentKind.STOPPED,
            before={},
            after={"ideas": ideas.strip()} | ({"prize": prize.strip()} if prize.strip() else {}),
            reason=note,
            now=now,
            field="note",
        )
    challenge.note = note
    scope = {"programme_id": challenge.programme_id, "challenge_id": challenge.id}
    lifecycle.move(challenge, CHALLENGE, "stop", ChallengeStopped(**scope), actor=actor, now=now)


def decide(*, actor: Actor, challenge: Challenge, now: datetime) -> None:
    """Mark a challenge as decided, inside the announcement's use case."""
    challenge.decided_at = now
    scope = {"programme_id": challenge.programme_id, "challenge_id": challenge.id}
    lifecycle.move(challenge, CHALLENGE, "decide", ChallengeDecided(**scope), actor=actor, now=now)
