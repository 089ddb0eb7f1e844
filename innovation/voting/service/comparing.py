"""Which of two ideas is better."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.ideas.service.timing import require_time
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, lock, upsert
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.usecase import use_case
from innovation.rules.ballot import Ballot
from innovation.rules.challenge import BY_VOTES
from innovation.rules.idea import IN_THE_RUNNING
from innovation.rules.policy import May
from innovation.voting.models import Comparison, ComparisonChange, View
from innovation.voting.queries import BallotPaper, pair_of
from innovation.voting.queries.groups import group_of
from innovation.voting.service import counting
from innovation.voting.service.casting import open_ballot


@use_case(May.VOTE, on="paper")
def compare(*, actor: Actor, paper: BallotPaper, other: str, preferred: int) -> None:
    """Say which of two ideas is better; the last answer counts, and what it was before is kept.

    Args:
        paper: one of the two.
        other: the other one's public id.
        preferred: 1 for the paper's idea, -1 for the other, 0 for "cannot say".

    Raises:
        NotNow: voting is not open at the instant read under the locks.
        Invalid: the challenge does not compare pairs, or there is no such other idea or answer.
        NotPossible: the other idea is this person's own, or his votes were removed.
    """
    challenge, now = paper.challenge, paper.now
    require_time(challenge, May.VOTE, now)
    second = _other(actor, paper, other)
    by_pairs = challenge.who_decides in BY_VOTES and challenge.ballot == Ballot.PAIRS
    if not by_pairs or preferred not in (-1, 0, 1) or second is None:
        raise Invalid("no_such_vote", field="preferred")
    if second.id in ideas.authored(actor, [second.id]):
        raise NotPossible("own_idea")
    open_ballot(actor, challenge, now)
    low, high = sorted((paper.idea.id, second.id))
    after = preferred if paper.idea.id == low else -preferred
    earlier = pair_of(actor, challenge.id, low, high)
    before = earlier.preferred if earlier else 0
    if earlier is not None and before != after:
        db.session.add(ComparisonChange(comparison_id=earlier.id, before=before, after=after, changed_at=now))
    values = {"preferred": after, "circle": actor.circle, "group_key": group_of(actor), "cast_at": now}
    row = upsert(Comparison).values(
        challenge_id=challenge.id, person_id=actor.person_id, first_id=low, second_id=high, **values
    )
    db.session.execute(row.on_conflict_do_update(index_elements=["person_id", "first_id", "second_id"], set_=values))
    seen = _note_views(actor, [low, high], paper)
    _count(low, before, after, low in seen)
    _count(high, -before, -after, high in seen)


def _other(actor: Actor, paper: BallotPaper, public_id: str) -> Idea | None:
    """The other idea of a pair: of the same challenge, visible, in the running, and not the same one. It stays so."""
    lock(select(Idea.id).where(Idea.public_id == public_id).with_for_update(read=True, key_share=True))
    return db.session.scalars(
        select(Idea)
        .join(Idea.challenge)
        .where(
            Idea.public_id == public_id,
            Idea.challenge_id == paper.challenge.id,
            Idea.id != paper.idea.id,
            Idea.state.in_(IN_THE_RUNNING),
            ideas.visible(actor),
        )
    ).one_or_none()


def take_back(pair: Comparison, now: datetime) -> None:
    """Let a pair say nothing any more, and keep what it said. The counts of its ideas are the caller's."""
    if pair.preferred != 0:
        db.session.add(ComparisonChange(comparison_id=pair.id, before=pair.preferred, after=0, changed_at=now))
        pair.preferred = 0


def _note_views(actor: Actor, idea_ids: list[int], paper: BallotPaper) -> set[int]:
    row = {"person_id": actor.person_id, "how": "voted", "circle": actor.circle, "group_key": group_of(actor)}
    rows = upsert(View).values([row | {"idea_id": idea_id, "seen_at": paper.now} for idea_id in idea_ids])
    fresh = rows.on_conflict_do_nothing(index_elements=["person_id", "idea_id"]).returning(View.idea_id)
    return set(db.session.scalars(fresh))


def _count(idea_id: int, before: int, after: int, seen: bool) -> None:
    """Wins and losses: a pair has no value to add up."""
    won, lost = (after > 0) - (before > 0), (after < 0) - (before < 0)
    counting.add([idea_id], for_count=won, against_count=lost, for_weight=won, against_weight=lost, seen=int(seen))
