"""What was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, lock, upsert
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.challenge import BY_VOTES, ChallengeState
from innovation.rules.idea import IN_THE_RUNNING
from innovation.rules.policy import May
from innovation.voting.models import BallotRow, View
from innovation.voting.queries.groups import group_of
from innovation.voting.service import counting


@use_case(May.USE_ACCOUNT)
def see(*, actor: Actor, public_ids: Sequence[str], how: str, now: datetime = AT_LOCK) -> int:
    """Note that a person had some ideas before him. Counted once for each, and only where he may vote on it now.

    Authors, sponsors and panel members of the challenge are never counted, nor who had his votes removed: they are no
    voters, and a view without a vote says "seen, and not supported".

    Returns:
        How many were new.
    """
    # Whoever counts anew, or freezes, holds the challenge: a view must not come in between.
    named = select(Idea.challenge_id).where(Idea.public_id.in_(list(public_ids)))
    lock(select(Challenge.id).where(Challenge.id.in_(named)).order_by(Challenge.id).with_for_update(read=True))
    removed = select(BallotRow.id).where(
        BallotRow.challenge_id == Challenge.id, BallotRow.person_id == actor.person_id, BallotRow.removed_at.is_not(None)
    )
    wanted = db.session.scalars(
        select(Idea.id)
        .join(Idea.challenge)
        .where(
            Idea.public_id.in_(list(public_ids)),
            Idea.state.in_(IN_THE_RUNNING),
            Challenge.state == ChallengeState.PUBLISHED,
            Challenge.frozen_at.is_(None),
            Challenge.who_decides.in_(BY_VOTES),
            Challenge.vote_opens_at <= now,
            Challenge.vote_closes_at > now,
            ideas.visible(actor),
            challenges.in_audience(actor),
            ~challenges.decides_in(actor),
            ~ideas.is_author(actor),
            ~removed.exists(),
        )
        .order_by(Idea.id)
    ).all()
    if not wanted:
        return 0
    row = {"person_id": actor.person_id, "how": how, "circle": actor.circle, "group_key": group_of(actor), "seen_at": now}
    rows = upsert(View).values([row | {"idea_id": idea_id} for idea_id in wanted])
    fresh = rows.on_conflict_do_nothing(index_elements=["person_id", "idea_id"]).returning(View.idea_id)
    new = list(db.session.scalars(fresh))
    counting.add(new, seen=1)
    return len(new)
