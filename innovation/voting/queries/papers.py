"""One person's own ballot: what may be voted on, what was said, what is left to spend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, lock
from innovation.kernel.usecase import in_transaction, roles_of
from innovation.rules.ballot import KINDS, Ballot, has_budget
from innovation.rules.challenge import BY_VOTES
from innovation.rules.idea import IN_THE_RUNNING
from innovation.rules.predicates import Role
from innovation.voting.models import Comparison, Vote


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """All that casting a vote rests on, read under the locks in one query.

    ``present`` is this person's vote so far (None before the first), given on revision ``revision_no``.
    """

    idea: Idea
    challenge: Challenge
    present: int | None
    revision_no: int | None
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
    # The idea's key is not locked: a view or a pair that names it may come in meanwhile, and would wait for this vote
    # while this vote waits for that person's view.
    if in_transaction():
        lock(select(Challenge.id).join(Idea).where(Idea.public_id == public_id).with_for_update(read=True, of=Challenge))
        lock(select(Idea.id).where(Idea.public_id == public_id).with_for_update(key_share=True))
    row = db.session.execute(
        select(
            Idea,
            ideas.is_author(actor),
            challenges.in_audience(actor),
            Vote.value,
            Vote.revision_no,
            clock.instant_column(db.session.get_bind().dialect.name),
        )
        .join(Idea.challenge)
        .outerjoin(Vote, and_(Vote.idea_id == Idea.id, Vote.person_id == actor.person_id))
        .options(contains_eager(Idea.challenge))
        .where(Idea.public_id == public_id, ideas.visible(actor), Idea.state.in_(IN_THE_RUNNING))
    ).one_or_none()
    if row is None:
        return None
    idea, mine, inside, present, revision_no, now = row
    roles = challenges.role_set(actor, idea.challenge, in_audience=bool(inside))
    roles = roles | {Role.AUTHOR} if mine else roles
    return BallotPaper(idea, idea.challenge, present, revision_no, clock.parse_instant(now), roles)


def my_votes(actor: Actor, idea_ids: Iterable[int]) -> dict[int, int]:
    """This person's own votes on some ideas, by idea id."""
    wanted = list(idea_ids)
    if actor.person_id is None or not wanted:
        return {}
    rows = db.session.execute(
        select(Vote.idea_id, Vote.value).where(Vote.person_id == actor.person_id, Vote.idea_id.in_(wanted))
    )
    return {row.idea_id: row.value for row in rows}


def unconfirmed(actor: Actor, idea_ids: Iterable[int]) -> set[int]:
    """Which of some ideas changed their text since this person voted on them: those votes wait to be renewed."""
    rows = db.session.scalars(
        select(Vote.idea_id)
        .join(Idea, Idea.id == Vote.idea_id)
        .where(
            Vote.person_id == actor.person_id,
            Vote.idea_id.in_(list(idea_ids)),
            Vote.value != 0,
            Vote.revision_no < Idea.revision_no,
        )
    )
    return set(rows)


def whose_vote_waits(idea_id: int) -> list[int]:
    """Who voted on an idea before its text changed, for the house to tell them: their votes wait to be confirmed."""
    rows = db.session.scalars(
        select(Vote.person_id)
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Vote.idea_id == idea_id, Vote.value != 0, Vote.revision_no < Idea.revision_no)
        .order_by(Vote.person_id)
    )
    return list(rows)


@dataclass(frozen=True, slots=True)
class Budget:
    """What a person may still spend in a challenge, in points or credits."""

    total: int
    left: int


def budget(actor: Actor, challenge: Challenge) -> Budget | None:
    """This person's budget in a challenge; None where its ballot has none."""
    if not has_budget(challenge.ballot) or actor.person_id is None:
        return None
    total = challenge.ballot_budget or KINDS[Ballot(challenge.ballot)].default_budget or 0
    paid = Vote.value * Vote.value if challenge.ballot == Ballot.QUADRATIC else Vote.value
    spent = db.session.scalar(
        select(func.coalesce(func.sum(paid), 0))
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Vote.person_id == actor.person_id, Idea.challenge_id == challenge.id, Idea.state.in_(IN_THE_RUNNING))
    )
    return Budget(total, total - int(spent or 0))


def not_judged(actor: Actor) -> ColumnElement[bool]:
    """Ideas this person has said nothing about: no vote, and no pair."""
    voted = select(Vote.id).where(Vote.idea_id == Idea.id, Vote.person_id == actor.person_id)
    compared = select(Comparison.id).where(
        Comparison.person_id == actor.person_id, or_(Comparison.first_id == Idea.id, Comparison.second_id == Idea.id)
    )
    return and_(~voted.exists(), ~compared.exists())


def voting_challenges_left(actor: Actor, now: datetime, limit: int = 5) -> list[tuple[Challenge, int]]:
    """Open votes in which this person has judged something less than everything: (challenge, ideas not yet judged)."""
    if actor.person_id is None:
        return []
    rows = db.session.execute(
        select(Challenge, func.count(Idea.id))
        .join(Idea, Idea.challenge_id == Challenge.id)
        .where(
            Challenge.state == "published",
            Challenge.who_decides.in_(BY_VOTES),
            Challenge.vote_opens_at <= now,
            Challenge.vote_closes_at > now,
            challenges.in_audience(actor),
            ~challenges.decides_in(actor),
            Idea.state.in_(IN_THE_RUNNING),
            not_judged(actor),
            ~ideas.is_author(actor),
        )
        .group_by(Challenge.id)
        .order_by(Challenge.vote_closes_at)
        .limit(limit)
    ).all()
    return [(challenge, left) for challenge, left in rows]
