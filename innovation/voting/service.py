"""Casting votes, and taking in the totals of polls held elsewhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, insert, select

from innovation.ideas.models import Idea
from innovation.ideas.service.timing import require_time
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, insert_many, upsert
from innovation.kernel.errors import Invalid
from innovation.kernel.usecase import use_case
from innovation.rules.policy import May
from innovation.voting.models import ImportedTally, Poll, Tally, Vote, VoteChange
from innovation.voting.queries import BallotPaper

BALLOT_VALUES = {"approval": frozenset({0, 1}), "yes_no": frozenset({-1, 0, 1})}
"""What may be said of an idea on each ballot; 0 takes a vote back."""


@use_case(May.VOTE, on="paper")
def cast(*, actor: Actor, paper: BallotPaper, value: int) -> None:
    """Vote on an idea, or change or take back the vote. The last one counts; what it was before is kept.

    Raises:
        NotNow: voting is not open at the instant read under the locks.
        Invalid: the ballot has no such value, or the challenge is not decided by votes.
    """
    require_time(paper.challenge, May.VOTE, paper.now)
    if paper.challenge.who_decides != "votes" or value not in BALLOT_VALUES[paper.challenge.ballot]:
        raise Invalid("no_such_vote", field="value")
    before = paper.present or 0
    if paper.present is not None and before == value:
        return
    _write_vote(actor, paper, value)
    _shift_tally(paper.idea.id, before, value)
    if paper.present is not None:
        db.session.add(
            VoteChange(person_id=actor.person_id, idea_id=paper.idea.id, before=before, after=value, changed_at=paper.now)
        )


def _write_vote(actor: Actor, paper: BallotPaper, value: int) -> None:
    values = {
        "value": value,
        "revision_no": paper.idea.revision_no,
        "circle": actor.circle,
        "organisation_id": actor.organisation_id,
        "cast_at": paper.now,
    }
    row = upsert(Vote).values(person_id=actor.person_id, idea_id=paper.idea.id, weight=1, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["person_id", "idea_id"], set_=values))


def _shift_tally(idea_id: int, before: int, after: int, weight: int = 1) -> None:
    """Move the counts by the difference of two votes."""
    favour = (after == 1) - (before == 1)
    against = (after == -1) - (before == -1)
    row = upsert(Tally).values(
        idea_id=idea_id,
        for_count=favour,
        against_count=against,
        for_weight=favour * weight,
        against_weight=against * weight,
    )
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["idea_id"],
            set_={
                "for_count": Tally.for_count + favour,
                "against_count": Tally.against_count + against,
                "for_weight": Tally.for_weight + favour * weight,
                "against_weight": Tally.against_weight + against * weight,
            },
        )
    )


def take_in_votes(rows: list[dict[str, Any]], idea_ids: list[int]) -> None:
    """Write many votes on ideas that have none yet, and their tallies, inside a loader's use case.

    Args:
        rows: columns of :class:`Vote`, one row per person and idea.
    """
    insert_many(Vote, rows)
    db.session.flush()
    counted = (
        select(
            Vote.idea_id,
            func.sum(case((Vote.value == 1, 1), else_=0)),
            func.sum(case((Vote.value == -1, 1), else_=0)),
            func.sum(case((Vote.value == 1, Vote.weight), else_=0)),
            func.sum(case((Vote.value == -1, Vote.weight), else_=0)),
        )
        .where(Vote.idea_id.in_(idea_ids))
        .group_by(Vote.idea_id)
    )
    columns = ["idea_id", "for_count", "against_count", "for_weight", "against_weight"]
    db.session.execute(insert(Tally).from_select(columns, counted))


def record_poll(
    *, challenge_id: int, source: str, unit: str, electorate: int | None, rows: list[tuple[Idea, int, int, int | None]]
) -> None:
    """Keep the totals of a poll held elsewhere, inside the importer's use case; a second time changes nothing.

    Args:
        rows: (idea, weight for, weight against, voters or None).

    Raises:
        Invalid: votes were cast here already; a challenge uses one or the other.
    """
    cast_here = select(Vote.id).join(Idea, Idea.id == Vote.idea_id).where(Idea.challenge_id == challenge_id).limit(1)
    if db.session.scalar(cast_here) is not None:
        raise Invalid("votes_were_cast_here")
    poll = db.session.scalars(select(Poll).where(Poll.challenge_id == challenge_id)).one_or_none()
    if poll is None:
        poll = Poll(challenge_id=challenge_id, source=source, unit=unit, electorate=electorate)
        db.session.add(poll)
        db.session.flush()
    known = set(db.session.scalars(select(ImportedTally.idea_id).where(ImportedTally.poll_id == poll.id)))
    for idea, for_weight, against_weight, voters in rows:
        if idea.id not in known:
            db.session.add(
                ImportedTally(
                    idea_id=idea.id, poll_id=poll.id, for_weight=for_weight, against_weight=against_weight, voters=voters
                )
            )
