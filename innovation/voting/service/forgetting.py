"""What is forgotten of a voter who is erased: that he saw an idea and did not vote. His votes stay as numbers."""

from __future__ import annotations

from sqlalchemy import delete, exists, or_, select

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, lock
from innovation.kernel.usecase import use_case
from innovation.voting.models import Comparison, View, Vote
from innovation.voting.service import counting

BATCH = 300


@use_case(None)
def forget_views(*, actor: Actor, person_id: int) -> int:
    """Forget the next views of a person that no vote of his stands beside, and count them off; returns how many.

    A view beside a vote stays: it says nothing that the vote does not say, and an idea must not have more votes than
    people who saw it.
    """
    judged = or_(
        exists().where(Vote.person_id == person_id, Vote.idea_id == View.idea_id),
        exists().where(Comparison.person_id == person_id, Comparison.first_id == View.idea_id),
        exists().where(Comparison.person_id == person_id, Comparison.second_id == View.idea_id),
    )
    found = db.session.execute(
        select(View.id, View.idea_id).where(View.person_id == person_id, ~judged).order_by(View.id).limit(BATCH)
    ).all()
    if not found:
        return 0
    # Whoever counts anew, or freezes, holds the challenge: a view must not go in between.
    of = select(Idea.challenge_id).where(Idea.id.in_([row.idea_id for row in found]))
    lock(select(Challenge.id).where(Challenge.id.in_(of)).order_by(Challenge.id).with_for_update(read=True))
    gone = db.session.scalars(
        delete(View).where(View.id.in_([row.id for row in found])).returning(View.idea_id),
        execution_options={"synchronize_session": False},
    ).all()
    counting.add(sorted(gone), seen=-1)
    return len(found)
