"""Merging an idea into another: votes come along, and everybody counts once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea
from innovation.ideas.service.writing import scope
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, lock
from innovation.kernel.errors import NotPossible
from innovation.kernel.usecase import AT_LOCK, require, use_case
from innovation.rules.ballot import has_budget
from innovation.rules.idea import IDEA, IN_THE_RUNNING
from innovation.rules.policy import May
from innovation.voting.events import IdeasMerged
from innovation.voting.models import Comparison, View, Vote, VoteChange
from innovation.voting.service import counting
from innovation.voting.service.comparing import take_back


@use_case(May.MERGE_IDEAS, on="idea")
def merge(*, actor: Actor, idea: Idea, into: Idea, now: datetime = AT_LOCK) -> None:
    """Merge an idea into another of its challenge. Its authors become authors there.

    Who voted on both keeps the higher vote, and counts once. Where votes are paid from a budget, what was given to the
    merged idea is free again instead: adding it up could make a person spend more on one idea than he meant to.
    Authors of either no longer vote on what is now their own: such votes are taken back, and that they saw it no longer
    counts. Comparisons move too, but for those between the two; what was said before is kept as a change.

    Raises:
        NotPossible: one of the two is not in the running, they belong to different challenges, or voting is over: what is
            measured then must stay as it was cast.
        Refused: the other one is this person's own.
    """
    if idea.challenge_id != into.challenge_id or idea.id == into.id:
        raise NotPossible("merge_within_a_challenge")
    # The challenge is share-locked by the decorator, which keeps freezing and recounts out. Who votes on either idea, or
    # names it in a view or a pair, waits for its key; counts of other ideas are moved, never made anew.
    lock(select(Idea.id).where(Idea.id.in_([idea.id, into.id])).order_by(Idea.id).with_for_update())
    db.session.refresh(into)
    if idea.challenge.frozen_at is not None or votes_are_in(idea.challenge, now):
        raise NotPossible("decision_under_way")
    require(actor, May.MERGE_IDEAS, into)
    if idea.state not in IN_THE_RUNNING or into.state not in IN_THE_RUNNING:
        raise NotPossible("not_in_the_running", state=idea.state)
    authors = _join_authors(idea, into, now)
    if not has_budget(idea.challenge.ballot):
        _move_votes(idea, into, now)
    _take_back_own(into, authors, now)
    _move_comparisons(idea, into, authors, now)
    idea.merged_into_id = into.id
    fact = IdeasMerged(into_id=into.id, **scope(idea))
    lifecycle.move(idea, IDEA, "merge", fact, actor=actor, now=now)
    counting.recount([idea.id, into.id])


@use_case(None)
def take_back_own(*, actor: Actor, idea_id: int, person_id: int, now: datetime = AT_LOCK) -> None:
    """Take back what a person said of an idea that has become his own; nothing once the decision rests on it."""
    lock(select(Idea.id).where(Idea.id == idea_id).with_for_update())
    idea = db.session.get_one(Idea, idea_id)
    frozen = db.session.scalar(select(Challenge.frozen_at).where(Challenge.id == idea.challenge_id))
    if frozen is None and idea.state in IN_THE_RUNNING:
        _take_back_own(idea, {person_id}, now)
        take_back_pairs(idea, {person_id}, now)
        counting.recount([idea_id])


def votes_are_in(challenge: Challenge, now: datetime) -> bool:
    """Whether a vote is over, so that nobody moves or removes what was cast in it."""
    return challenge.vote_closes_at is not None and now >= challenge.vote_closes_at


def _join_authors(idea: Idea, into: Idea, now: datetime) -> set[int]:
    there = {author.person_id for author in db.session.scalars(select(Author).where(Author.idea_id == into.id))}
    coming = db.session.scalars(select(Author).where(Author.idea_id == idea.id).order_by(Author.position)).all()
    place = len(there)
    for author in coming:
        if author.person_id not in there:
            place += 1
            db.session.add(
                Author(idea_id=into.id, person_id=author.person_id, position=place, accepted_at=author.accepted_at)
            )
    db.session.flush()
    return there | {author.person_id for author in coming}


def _move_votes(idea: Idea, into: Idea, now: datetime) -> None:
    there = {vote.person_id: vote for vote in db.session.scalars(select(Vote).where(Vote.idea_id == into.id))}
    for vote in db.session.scalars(select(Vote).where(Vote.idea_id == idea.id)).all():
        present = there.get(vote.person_id)
        if present is None:
            values: dict[str, Any] = {
                "value": vote.value,
                "weight": vote.weight,
                "circle": vote.circle,
                "group_key": vote.group_key,
            }
            db.session.add(
                Vote(
                    person_id=vote.person_id,
                    idea_id=into.id,
                    organisation_id=vote.organisation_id,
                    revision_no=into.revision_no,
                    cast_at=vote.cast_at,
                    **values,
                )
            )
        elif vote.value != 0 and (present.value == 0 or vote.value > present.value):
            _change(present, vote.value, now)
    seen = set(db.session.scalars(select(View.person_id).where(View.idea_id == into.id)))
    for view in db.session.scalars(select(View).where(View.idea_id == idea.id)).all():
        if view.person_id not in seen:
            seen_as: dict[str, Any] = {
                "how": view.how,
                "circle": view.circle,
                "group_key": view.group_key,
                "seen_at": view.seen_at,
            }
            db.session.add(View(person_id=view.person_id, idea_id=into.id, **seen_as))
    db.session.flush()


def _take_back_own(into: Idea, authors: set[int], now: datetime) -> None:
    own = select(Vote).where(Vote.idea_id == into.id, Vote.person_id.in_(authors), Vote.value != 0)
    for vote in db.session.scalars(own).all():
        _change(vote, 0, now)
    db.session.execute(delete(View).where(View.idea_id == into.id, View.person_id.in_(authors)))


def take_back_pairs(idea: Idea, people: set[int], now: datetime) -> None:
    """Let the pairs of some people with an idea say nothing any more. What the other ideas won and lost goes with them;
    the idea's own counts are the caller's."""
    won: Counter[int] = Counter()
    lost: Counter[int] = Counter()
    for pair in _pairs_with(idea):
        other, preferred = _seen_from(idea, pair)
        if pair.person_id in people and preferred:
            (lost if preferred > 0 else won)[other] -= 1
            take_back(pair, now)
    _shift(won, lost)


def _shift(won: Counter[int], lost: Counter[int]) -> None:
    for other in sorted({*won, *lost}):
        by = {"for": won[other], "against": lost[other]}
        counting.add([other], **{f"{side}_{unit}": n for side, n in by.items() for unit in ("count", "weight")})


def _move_comparisons(idea: Idea, into: Idea, authors: set[int], now: datetime) -> None:
    """A pair with the merged idea becomes a pair with the other, unless that person has judged that pair already.

    What the other ideas won and lost is moved by the difference, in ascending order.
    """
    won: Counter[int] = Counter()
    lost: Counter[int] = Counter()

    def count(other: int, preferred: int, by: int) -> None:
        """``preferred`` is 1 where the other idea lost."""
        (lost if preferred > 0 else won)[other] += by if preferred else 0

    judged = set()
    for pair in _pairs_with(into):
        other, preferred = _seen_from(into, pair)
        judged.add((pair.person_id, other))
        if pair.person_id in authors and other != idea.id:
            count(other, preferred, -1)
            take_back(pair, now)
    for pair in _pairs_with(idea):
        other, preferred = _seen_from(idea, pair)
        if other != into.id:
            count(other, preferred, -1)
            if (pair.person_id, other) not in judged and pair.person_id not in authors:
                count(other, preferred, 1)
                db.session.add(_same_with(into, other, preferred, pair))
        take_back(pair, now)
    db.session.flush()
    _shift(won, lost)


def _pairs_with(idea: Idea) -> Sequence[Comparison]:
    both = (Comparison.first_id == idea.id) | (Comparison.second_id == idea.id)
    return db.session.scalars(select(Comparison).where(both).order_by(Comparison.id)).all()


def _seen_from(idea: Idea, pair: Comparison) -> tuple[int, int]:
    """The other idea of a pair, and what was said: 1 where this idea was preferred."""
    first = pair.first_id == idea.id
    return (pair.second_id if first else pair.first_id), (pair.preferred if first else -pair.preferred)


def _same_with(idea: Idea, other: int, preferred: int, pair: Comparison) -> Comparison:
    """What a pair says, said of another idea."""
    low, high = sorted((idea.id, other))
    return Comparison(
        challenge_id=pair.challenge_id,
        person_id=pair.person_id,
        first_id=low,
        second_id=high,
        preferred=preferred if low == idea.id else -preferred,
        circle=pair.circle,
        group_key=pair.group_key,
        cast_at=pair.cast_at,
    )


def _change(vote: Vote, value: int, now: datetime) -> None:
    change = {"before": vote.value, "after": value, "cause": "merged", "changed_at": now}
    db.session.add(VoteChange(person_id=vote.person_id, idea_id=vote.idea_id, **change))
    vote.value = value
