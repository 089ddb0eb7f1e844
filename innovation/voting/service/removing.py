"""Votes in lockstep are flagged by the clock; a person decides, and what he decides is a fact with a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, lock
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.ballot import Ballot
from innovation.rules.challenge import BY_VOTES, ChallengeState, WhoDecides
from innovation.rules.idea import IN_THE_RUNNING
from innovation.rules.policy import May
from innovation.rules.ranking import lockstep
from innovation.voting.events import VotesFlagged, VotesKept, VotesRemoved
from innovation.voting.models import BallotRow, Comparison, Flag, View, Vote, VoteChange
from innovation.voting.service import counting
from innovation.voting.service.comparing import take_back
from innovation.voting.service.merging import votes_are_in

SMALLEST_GROUP = 5
"""Fewer people who agree are not named: it would say how they voted."""


@use_case(None)
def find_lockstep(*, actor: Actor, now: datetime = AT_LOCK) -> int:
    """Look through the open votes for people who vote alike beyond chance; each group is flagged once.

    Returns:
        How many new flags there are.
    """
    running = select(Challenge).where(
        Challenge.state == ChallengeState.PUBLISHED,
        Challenge.who_decides.in_(BY_VOTES),
        Challenge.vote_opens_at <= now,
        Challenge.frozen_at.is_(None),
    )
    return sum(_flag(actor, challenge, now) for challenge in db.session.scalars(running.order_by(Challenge.id)).all())


def _flag(actor: Actor, challenge: Challenge, now: datetime) -> int:
    clusters = _by_pairs(challenge) if challenge.ballot == Ballot.PAIRS else _by_votes(challenge)
    known = [set(people) for people in db.session.scalars(select(Flag.people).where(Flag.challenge_id == challenge.id))]
    made = 0
    for cluster in clusters:
        people = sorted(int(voter) for voter in cluster.voters)
        if any(group.issuperset(people) for group in known):
            continue  # whoever is left of a group that was flagged is no new one
        fingerprint = hashlib.sha256(repr(people).encode()).hexdigest()
        flag = Flag(
            challenge_id=challenge.id, fingerprint=fingerprint, people=people, figures=_figures(cluster), found_at=now
        )
        db.session.add(flag)
        db.session.flush()
        scope = {"programme_id": challenge.programme_id, "challenge_id": challenge.id}
        emit(VotesFlagged(flag_id=flag.id, people=len(people), **scope), actor=actor, now=now)
        made += 1
    return made


def _by_votes(challenge: Challenge) -> list[lockstep.Cluster]:
    """People whose votes agree."""
    rows = db.session.execute(
        select(Vote.person_id, Vote.idea_id, Vote.value, Vote.cast_at)
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Idea.challenge_id == challenge.id, Vote.value != 0)
        .order_by(Vote.person_id, Vote.idea_id)
    ).all()
    voter, idea, value, cast_at = zip(*rows, strict=True) if rows else ((),) * 4
    return lockstep.clusters(voter, idea, value, _seconds(cast_at), size=SMALLEST_GROUP)


def _by_pairs(challenge: Challenge) -> list[lockstep.Cluster]:
    """People who gave the same answers to the same pairs of ideas still in the running."""
    running = select(Idea.id).where(Idea.challenge_id == challenge.id, Idea.state.in_(IN_THE_RUNNING))
    removed = select(BallotRow.person_id).where(BallotRow.challenge_id == challenge.id, BallotRow.removed_at.is_not(None))
    pair = (Comparison.first_id, Comparison.second_id, Comparison.preferred)
    rows = db.session.execute(
        select(Comparison.person_id, *pair, Comparison.cast_at)
        .where(
            Comparison.challenge_id == challenge.id,
            Comparison.first_id.in_(running),
            Comparison.second_id.in_(running),
            Comparison.person_id.not_in(removed),
        )
        .order_by(Comparison.person_id, Comparison.first_id, Comparison.second_id)
    ).all()
    voter, first, second, preferred, cast_at = zip(*rows, strict=True) if rows else ((),) * 5
    return lockstep.clusters_of_pairs(voter, first, second, preferred, _seconds(cast_at), size=SMALLEST_GROUP)


def _seconds(moments: Iterable[datetime]) -> list[int]:
    return [int(moment.timestamp()) for moment in moments]


def _figures(cluster: lockstep.Cluster) -> dict[str, int]:
    """What a person may know who decides about them: how much they agree and how fast, never on which ideas."""
    figures = {"people": len(cluster.voters), "common": len(cluster.common), "any": cluster.any}
    return figures if cluster.seconds is None else figures | {"seconds": cluster.seconds}


@use_case(May.REMOVE_VOTES, on="flag")
def keep_votes(*, actor: Actor, flag: Flag, challenge: Challenge, reason: str, now: datetime = AT_LOCK) -> None:
    """Say that flagged votes are as they should be.

    Raises:
        NotPossible: somebody has settled it before, or an idea of this person's own takes part.
        Invalid: the reason is missing.
    """
    _settle(flag, challenge, "kept", reason, actor, now)
    scope = {"programme_id": challenge.programme_id, "challenge_id": challenge.id}
    emit(VotesKept(flag_id=flag.id, **scope), actor=actor, now=now)


@use_case(May.REMOVE_VOTES, on="challenge")
def remove_votes(*, actor: Actor, challenge: Challenge, flag: Flag, reason: str, now: datetime = AT_LOCK) -> None:
    """Take the votes of the people of a flag out of a challenge, for good: they count no more, and no more are taken.

    A result that was frozen stays as it was.

    Raises:
        NotPossible: the decision is being taken or was taken, somebody has settled the flag before, or an idea of this
            person's own takes part.
        Invalid: the reason is missing.
    """
    by_panel_next = challenge.who_decides == WhoDecides.VOTES_PANEL and votes_are_in(challenge, now)
    if challenge.frozen_at is not None or by_panel_next:
        raise NotPossible("decision_under_way")
    _settle(flag, challenge, "removed", reason, actor, now)
    people = [int(person) for person in flag.people]
    touched: set[int] = set()
    votes = select(Vote).join(Idea, Idea.id == Vote.idea_id)
    for vote in db.session.scalars(
        votes.where(Idea.challenge_id == challenge.id, Vote.person_id.in_(people), Vote.value != 0)
    ).all():
        change = {"before": vote.value, "after": 0, "cause": "removed", "changed_at": now}
        db.session.add(VoteChange(person_id=vote.person_id, idea_id=vote.idea_id, **change))
        vote.value = 0
        touched.add(vote.idea_id)
    # Their views go too: one that nobody may answer with a vote would say "seen, and not supported".
    views = select(View).join(Idea, Idea.id == View.idea_id)
    for view in db.session.scalars(views.where(Idea.challenge_id == challenge.id, View.person_id.in_(people))).all():
        touched.add(view.idea_id)
        db.session.delete(view)
    pairs = select(Comparison).where(Comparison.challenge_id == challenge.id, Comparison.person_id.in_(people))
    for pair in db.session.scalars(pairs.where(Comparison.preferred != 0)).all():
        touched |= {pair.first_id, pair.second_id}
        take_back(pair, now)
    ballots = select(BallotRow).where(BallotRow.challenge_id == challenge.id, BallotRow.person_id.in_(people))
    for ballot in db.session.scalars(ballots).all():
        ballot.removed_at = now
        scope = {"programme_id": challenge.programme_id, "challenge_id": challenge.id}
        emit(VotesRemoved(person_id=ballot.person_id, flag_id=flag.id, **scope), actor=actor, now=now)
    counting.recount(touched)


def _settle(flag: Flag, challenge: Challenge, verdict: str, reason: str, actor: Actor, now: datetime) -> None:
    if ideas.authored_in(actor, [challenge.id]) or actor.person_id in flag.people:
        raise NotPossible("own_idea_takes_part")
    if flag.challenge_id != challenge.id:
        raise ValueError("a flag of another challenge")  # the right to settle it was asked of this one
    lock(select(Flag.id).where(Flag.id == flag.id).with_for_update())
    db.session.refresh(flag)
    if flag.verdict:
        raise NotPossible("settled_already")
    if not reason.strip():
        raise Invalid("reason_missing", field="reason")
    flag.verdict, flag.reason, flag.settled_by, flag.settled_at = verdict, reason, actor.person_id, now
