"""What is due becomes a queued run; two clocks at once make one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from innovation.challenges.models import Challenge
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.promotion import queries
from innovation.promotion.events import RunQueued
from innovation.promotion.models import Round, RoundChallenge, Run, RunChallenge
from innovation.promotion.service.snapshot import SHORTLIST


@use_case(None)
def queue_due(*, actor: Actor, now: datetime = AT_LOCK) -> int:
    """Queue a run for every round whose time has come. Returns how many this call queued."""
    for challenge in queries.shortlists_due(now):
        _first_wins(_alone(challenge, now, SHORTLIST, announce="at_once"))
    for challenge in queries.due_alone(now):
        _first_wins(_alone(challenge, now, "promotion"))
    queued = 0
    for pass_no in (1, 2):
        for due in queries.rounds_due(pass_no, now):
            queued += _queue(actor, due, pass_no, now)
    return queued


def _alone(challenge: Challenge, now: datetime, purpose: str, announce: str = "person") -> Round:
    """A round of one challenge."""
    alone = Round(
        programme_id=challenge.programme_id, title=challenge.title, purpose=purpose, announce=announce, created_at=now
    )
    alone.members = [RoundChallenge(challenge_id=challenge.id, purpose=purpose)]
    return alone


def _first_wins(row: object) -> bool:
    """Write a row that somebody else may be writing too; a unique key says who was first."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return False
    return True


def _queue(actor: Actor, due: Round, pass_no: int, now: datetime) -> int:
    members = [member for member in due.members if pass_no == 1 or member.in_second_pass]
    run = Run(round_id=due.id, programme_id=due.programme_id, pass_no=pass_no, origin=actor.origin, queued_at=now)
    run.challenges = [RunChallenge(challenge_id=member.challenge_id, round_id=due.id, pass_no=pass_no) for member in members]
    if not _first_wins(run):
        return 0
    only = members[0].challenge_id if len(members) == 1 else None
    emit(RunQueued(run_id=run.id, programme_id=due.programme_id, challenge_id=only), actor=actor, now=now)
    return 1
