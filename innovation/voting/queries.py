"""Reading votes. Nobody reads how another person voted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import contains_eager

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, lock
from innovation.kernel.usecase import in_transaction, roles_of
from innovation.rules.idea import IN_THE_RUNNING
from innovation.rules.predicates import Role
from innovation.voting.models import ImportedTally, Poll, Tally, Vote


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """All that casting a vote rests on, read under the locks in one query."""

    idea: Idea
    challenge: Challenge
    present: int | None
    now: datetime
    roles: frozenset[Role]


@roles_of(BallotPaper)
def _roles(actor: Actor, paper: BallotPaper) -> frozenset[Role]:
    return paper.roles


def ballot_paper(actor: Actor, public_id: str) -> BallotPaper | None:
    """An idea to vote on, its challenge, the person's present vote and the deciding instant.

    Inside a use case the challenge is locked against freezing and the idea against a second vote first; the clock is
    read after that, in the same query as the rest.
    """
    if in_transaction():
        lock(select(Challenge.id).join(Idea).where(Idea.public_id == public_id).with_for_update(read=True, of=Challenge))
        lock(select(Idea.id).where(Idea.public_id == public_id).with_for_update())
    row = db.session.execute(
        select(
            Idea,
            ideas.is_author(actor),
            challenges.in_audience(actor),
            Vote.value,
            clock.instant_column(db.session.get_bind().dialect.name),
        )
        .join(Idea.challenge)
        .outerjoin(Vote, and_(Vote.idea_id == Idea.id, Vote.person_id == actor.person_id))
        .options(contains_eager(Idea.challenge))
        .where(Idea.public_id == public_id, ideas.visible(actor), Idea.state.in_(IN_THE_RUNNING))
    ).one_or_none()
    if row is None:
        return None
    idea, mine, inside, present, now = row
    roles = challenges.role_set(actor, idea.challenge, in_audience=bool(inside))
    return BallotPaper(idea, idea.challenge, present, clock.parse_instant(now), roles | {Role.AUTHOR} if mine else roles)


def my_votes(actor: Actor, idea_ids: Iterable[int]) -> dict[int, int]:
    """This person's own votes on some ideas, by idea id."""
    wanted = list(idea_ids)
    if actor.person_id is None or not wanted:
        return {}
    rows = db.session.execute(
        select(Vote.idea_id, Vote.value).where(Vote.person_id == actor.person_id, Vote.idea_id.in_(wanted))
    )
    return {row.idea_id: row.value for row in rows}


def voting_challenges_left(actor: Actor, now: datetime, limit: int = 5) -> list[tuple[Challenge, int]]:
    """Open votes in which this person has judged something less than everything: (challenge, ideas not yet judged)."""
    if actor.person_id is None:
        return []
    judged = and_(Vote.idea_id == Idea.id, Vote.person_id == actor.person_id)
    rows = db.session.execute(
        select(Challenge, func.count(Idea.id))
        .join(Idea, Idea.challenge_id == Challenge.id)
        .outerjoin(Vote, judged)
        .where(
            Challenge.state == "published",
            Challenge.who_decides == "votes",
            Challenge.vote_opens_at <= now,
            Challenge.vote_closes_at > now,
            challenges.in_audience(actor),
            ~challenges.works_on(actor),
            Idea.state.in_(IN_THE_RUNNING),
            Vote.id.is_(None),
            ~ideas.is_author(actor),
        )
        .group_by(Challenge.id)
        .order_by(Challenge.vote_closes_at)
        .limit(limit)
    ).all()
    return [(challenge, left) for challenge, left in rows]


@dataclass(frozen=True, slots=True)
class Totals:
    """An idea's counts. ``voters`` is None where a poll held elsewhere did not say."""

    for_weight: int
    against_weight: int
    voters: int | None
    unit: str | None = None


def totals(idea_ids: Iterable[int]) -> dict[int, Totals]:
    """Counts by idea id: those of a poll held elsewhere where there was one, else of the votes cast here."""
    wanted = list(idea_ids)
    if not wanted:
        return {}
    found = {
        t.idea_id: Totals(t.for_weight, t.against_weight, t.for_count + t.against_count)
        for t in db.session.scalars(select(Tally).where(Tally.idea_id.in_(wanted)))
    }
    missing = [idea_id for idea_id in wanted if idea_id not in found]
    if not missing:
        return found
    rows = db.session.execute(
        select(ImportedTally, Poll.unit)
        .join(Poll, Poll.id == ImportedTally.poll_id)
        .where(ImportedTally.idea_id.in_(missing))
    )
    for tally, unit in rows:
        found[tally.idea_id] = Totals(tally.for_weight, tally.against_weight, tally.voters, unit)
    return found


def polls(challenge_ids: Iterable[int]) -> dict[int, Poll]:
    """Polls held elsewhere, by challenge id."""
    rows = db.session.scalars(select(Poll).where(Poll.challenge_id.in_(list(challenge_ids))))
    return {poll.challenge_id: poll for poll in rows}


def recount(challenge_id: int) -> dict[int, tuple[int, int, int, int]]:
    """What the tallies must be, counted from the votes: idea id → (for, against, weight for, weight against)."""

    def total(condition: ColumnElement[bool], amount: Any) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, amount), else_=0)), 0)

    rows = db.session.execute(
        select(
            Vote.idea_id,
            total(Vote.value == 1, 1),
            total(Vote.value == -1, 1),
            total(Vote.value == 1, Vote.weight),
            total(Vote.value == -1, Vote.weight),
        )
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Idea.challenge_id == challenge_id)
        .group_by(Vote.idea_id)
    )
    return {row[0]: (int(row[1]), int(row[2]), int(row[3]), int(row[4])) for row in rows}
