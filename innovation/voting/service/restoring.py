"""Restoring a withdrawn idea: its votes count again, and nobody spends more than he has."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from innovation.ideas.models import Author, Idea
from innovation.ideas.service import restoring
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, lock
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.ballot import KINDS, Ballot, has_budget
from innovation.rules.idea import IN_THE_RUNNING
from innovation.rules.policy import May
from innovation.voting.models import BallotRow, View, Vote, VoteChange
from innovation.voting.service import counting
from innovation.voting.service.merging import take_back_pairs


@use_case(May.RESTORE_IDEA, on="idea")
def restore(*, actor: Actor, idea: Idea, now: datetime = AT_LOCK) -> None:
    """Bring a withdrawn idea back with its text, authors, files, talk and votes.

    Whoever became its author meanwhile does not vote on what is his own; who was only named as one keeps his vote, since
    nobody takes votes away by naming people. Where votes are paid from a budget, whoever spent
    on others what this idea had given back keeps those later votes, and the one on this idea is taken back.

    Raises:
        NotPossible: it was not withdrawn, the thirty days are over, or what it would be judged by went on without it.
        NotNow: its challenge no longer runs.
    """
    restoring.bring_back(actor=actor, idea=idea)
    if idea.submitted_at is None:
        return
    voters = select(Vote.person_id).where(Vote.idea_id == idea.id)
    ballots = select(BallotRow.id).where(BallotRow.challenge_id == idea.challenge_id, BallotRow.person_id.in_(voters))
    lock(ballots.order_by(BallotRow.id).with_for_update())
    db.session.flush()
    accepted = select(Author.person_id).where(Author.idea_id == idea.id, Author.accepted_at.is_not(None))
    authors = set(db.session.scalars(accepted))
    gone = authors | (_overspent(idea) if has_budget(idea.challenge.ballot) else set())
    for vote in db.session.scalars(select(Vote).where(Vote.idea_id == idea.id, Vote.value != 0)).all():
        if vote.person_id in gone:
            change = {"before": vote.value, "after": 0, "cause": "removed", "changed_at": now}
            db.session.add(VoteChange(person_id=vote.person_id, idea_id=idea.id, **change))
            vote.value = 0
    for view in db.session.scalars(select(View).where(View.idea_id == idea.id, View.person_id.in_(authors))).all():
        db.session.delete(view)
    take_back_pairs(idea, authors, now)
    counting.recount([idea.id])


def _overspent(idea: Idea) -> set[int]:
    """Who would have spent more than his budget, now that this idea is in the running again."""
    challenge = idea.challenge
    total = challenge.ballot_budget or KINDS[Ballot(challenge.ballot)].default_budget or 0
    paid = Vote.value * Vote.value if challenge.ballot == Ballot.QUADRATIC else Vote.value
    here = select(Vote.person_id).where(Vote.idea_id == idea.id, Vote.value > 0)
    spent = (
        select(Vote.person_id)
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Idea.challenge_id == challenge.id, Idea.state.in_(IN_THE_RUNNING), Vote.person_id.in_(here))
        .group_by(Vote.person_id)
        .having(func.sum(paid) > total)
    )
    return set(db.session.scalars(spent))
