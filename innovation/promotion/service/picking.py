"""The sponsor's own choice, with a reason per idea."""

from __future__ import annotations

from datetime import datetime

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.errors import Invalid, NotNow, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.promotion import queries
from innovation.promotion.events import IdeaPicked, PicksDone
from innovation.promotion.models import Pick, PicksFinished
from innovation.rules.idea import IN_THE_RUNNING
from innovation.rules.phases import Phase
from innovation.rules.policy import May


@use_case(May.PICK, on="idea")
def pick(*, actor: Actor, idea: Idea, chosen: bool, reason: str, now: datetime = AT_LOCK) -> None:
    """Choose an idea, or not, with the reason its authors will read; changeable until the picks are finished.

    Raises:
        NotPossible: the challenge is not the sponsor's to decide, the idea is out, or the picks are finished.
        Invalid: the reason is missing.
    """
    if idea.challenge.who_decides != "sponsor" or idea.state not in IN_THE_RUNNING:
        raise NotPossible("not_to_be_picked")
    if idea.challenge.frozen_at is not None or queries.picks_finished(idea.challenge_id) is not None:
        raise NotPossible("picks_are_finished")
    if not reason.strip():
        raise Invalid("reason_missing", field="reason")
    values = {"chosen": chosen, "reason": reason, "picked_by": actor.person_id, "picked_at": now}
    row = upsert(Pick).values(idea_id=idea.id, challenge_id=idea.challenge_id, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["idea_id"], set_=values))
    fact = IdeaPicked(
        chosen=chosen, programme_id=idea.challenge.programme_id, challenge_id=idea.challenge_id, idea_id=idea.id
    )
    emit(fact, actor=actor, now=now)


@use_case(May.PICK, on="challenge")
def finish_picks(*, actor: Actor, challenge: Challenge, now: datetime = AT_LOCK) -> None:
    """Say that every idea has been decided about; the run follows.

    Raises:
        NotNow: ideas can still come in.
        NotPossible: it was finished before, or the challenge is not the sponsor's to decide.
        Invalid: an idea has no choice yet (``missing`` says how many).
    """
    if challenge.who_decides != "sponsor" or challenge.state != "published":
        raise NotPossible("not_to_be_picked")
    if Phase.DECIDE not in challenge.schedule().phases(now):
        raise NotNow("ideas_can_still_come_in", at=challenge.closes_at, zone=challenge.zone)
    if queries.picks_finished(challenge.id) is not None:
        raise NotPossible("picks_are_finished")
    made = queries.picks(challenge.id)
    missing = [idea for idea in queries.ideas_to_pick(challenge) if idea.id not in made]
    if missing:
        raise Invalid("ideas_without_choice", missing=len(missing))
    db.session.add(PicksFinished(challenge_id=challenge.id, finished_by=actor.person_id, finished_at=now))
    emit(PicksDone(programme_id=challenge.programme_id, challenge_id=challenge.id), actor=actor, now=now)
