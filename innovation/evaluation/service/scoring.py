"""The beginning and the early end of a panel's scoring."""

from __future__ import annotations

from datetime import datetime

from innovation.challenges.models import Challenge
from innovation.evaluation import queries
from innovation.evaluation.events import ScoringEnded, ScoringOpened
from innovation.evaluation.models import ScoringFinished
from innovation.evaluation.service.criteria import ensure_criteria
from innovation.ideas import queries as ideas
from innovation.ideas.service.timing import require_time
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible, Refused
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.challenge import BY_PANEL
from innovation.rules.policy import May


@use_case(None, on="challenge")
def open_scoring(*, actor: Actor, challenge: Challenge, now: datetime = AT_LOCK) -> bool:
    """State once that the panel can begin, and fix what it is asked. False when it cannot, or was stated before."""
    if not queries.may_open(challenge, now) or queries.was_opened(challenge.id):
        return False
    ensure_criteria(challenge)
    emit(ScoringOpened(programme_id=challenge.programme_id, challenge_id=challenge.id), actor=actor, now=now)
    return True


@use_case(May.FINISH_SCORING, on="challenge")
def finish_scoring(*, actor: Actor, challenge: Challenge, now: datetime = AT_LOCK) -> None:
    """End the scoring now, because every idea has at least one complete review; the decision follows.

    Raises:
        Refused: the person is an author here.
        NotPossible: no panel scores in this challenge, or nothing is there to score.
        NotNow: scoring has not begun or is over.
        Invalid: an idea has no complete review yet (``missing`` says how many).
    """
    if ideas.authored_in(actor, [challenge.id]):
        raise Refused("finish_scoring")
    if challenge.who_decides not in BY_PANEL:
        raise NotPossible("not_to_be_scored")
    require_time(challenge, May.REVIEW, now)
    progress = queries.progress(challenge)
    if not progress.ideas:
        raise NotPossible("nothing_to_score")
    if progress.without_review:
        raise Invalid("ideas_without_review", missing=progress.without_review)
    db.session.add(ScoringFinished(challenge_id=challenge.id, finished_by=actor.person_id, finished_at=now))
    challenge.review_closes_at = now
    challenge.wall_times = {**challenge.wall_times, "review_closes": clock.to_wall(now, challenge.zone).isoformat()}
    emit(ScoringEnded(programme_id=challenge.programme_id, challenge_id=challenge.id), actor=actor, now=now)
