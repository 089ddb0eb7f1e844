"""Casting a vote, changing it, taking it back."""

from __future__ import annotations

from datetime import datetime

from innovation.challenges.models import Challenge
from innovation.ideas.service.timing import require_time
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.usecase import use_case
from innovation.rules.ballot import KINDS, Ballot, cost
from innovation.rules.challenge import BY_VOTES
from innovation.rules.policy import May
from innovation.voting.models import BallotRow, View, Vote, VoteChange
from innovation.voting.queries import BallotPaper, budget
from innovation.voting.queries.groups import group_of
from innovation.voting.service import counting


@use_case(May.VOTE, on="paper")
def cast(*, actor: Actor, paper: BallotPaper, value: int) -> None:
    """Vote on an idea, or change, renew or take back the vote. The last one counts; what it was before is kept.

    A vote cast before the idea's text changed is renewed by casting it again.

    Raises:
        NotNow: voting is not open at the instant read under the locks.
        Invalid: the ballot has no such value, the challenge is not decided by votes, or the budget does not pay for it
            (``left`` says what it still pays).
        NotPossible: this person's votes were removed.
    """
    challenge, idea = paper.challenge, paper.idea
    require_time(challenge, May.VOTE, paper.now)
    kind = Ballot(challenge.ballot)
    cast_here = challenge.who_decides in BY_VOTES and kind != Ballot.PAIRS and not KINDS[kind].import_only
    if not cast_here or not KINDS[kind].takes(value, None):
        raise Invalid("no_such_vote", field="value")
    before = paper.present or 0
    if paper.present is not None and before == value and paper.revision_no == idea.revision_no:
        return
    with db.session.begin_nested():  # a refusal leaves no ballot behind, also where a door answers it and goes on
        open_ballot(actor, challenge, paper.now)
        own = budget(actor, challenge)
        if own is not None:
            left = own.left + cost(kind, before)
            if cost(kind, value) > left:
                raise Invalid("budget_too_small", field="value", left=left, cost=cost(kind, value))
    first_look = paper.present is None and _note_view(actor, idea.id, paper.now)
    _write_vote(actor, paper, value)
    counting.shift(idea.id, before, value, seen=int(first_look))
    if paper.present is not None and before != value:
        db.session.add(
            VoteChange(person_id=actor.person_id, idea_id=idea.id, before=before, after=value, changed_at=paper.now)
        )


def open_ballot(actor: Actor, challenge: Challenge, now: datetime) -> None:
    """Take this person's ballot in a challenge, and its lock; two at once wait for each other here.

    Raises:
        NotPossible: this person's votes were removed.
    """
    values = {"circle": actor.circle, "group_key": group_of(actor), "changed_at": now}
    row = upsert(BallotRow).values(challenge_id=challenge.id, person_id=actor.person_id, first_at=now, **values)
    row = row.on_conflict_do_update(index_elements=["challenge_id", "person_id"], set_=values)
    if db.session.scalar(row.returning(BallotRow.removed_at)) is not None:
        raise NotPossible("votes_were_removed")


def _note_view(actor: Actor, idea_id: int, now: datetime) -> bool:
    """Whoever votes on an idea has seen it; whether that was not known before."""
    row = upsert(View).values(
        person_id=actor.person_id,
        idea_id=idea_id,
        how="voted",
        circle=actor.circle,
        group_key=group_of(actor),
        seen_at=now,
    )
    row = row.on_conflict_do_nothing(index_elements=["person_id", "idea_id"]).returning(View.id)
    return db.session.scalar(row) is not None


def _write_vote(actor: Actor, paper: BallotPaper, value: int) -> None:
    values = {
        "value": value,
        "revision_no": paper.idea.revision_no,
        "circle": actor.circle,
        "organisation_id": actor.organisation_id,
        "group_key": group_of(actor),
        "cast_at": paper.now,
    }
    row = upsert(Vote).values(person_id=actor.person_id, idea_id=paper.idea.id, weight=1, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["person_id", "idea_id"], set_=values))
