"""Loading a vote that was held elsewhere, person by person: voters, votes with their times, and what was seen.

Voters become people without an account. A second load brings only what is later than what the first one brought, and
each batch is a transaction of its own, so that one broken off goes on where it stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import select

from innovation.challenges.models import Challenge
from innovation.exchange.service.rows import CastRow, Problem, SeenRow, VoterRow, VotingRow
from innovation.ideas.models import Idea
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db, lock
from innovation.kernel.usecase import use_case
from innovation.people.service.importing import take_in_voters
from innovation.voting.models import View, Vote
from innovation.voting.service import take_in_votes

_T = TypeVar("_T")
_Pair = tuple[int, int]
VOTERS = 20_000
"""Voters a transaction."""
VOTES = 25_000
"""Votes, or views, a transaction: each recounts its ideas once, so few large batches beat many small ones."""
UNTIL_LOADED = timedelta(days=1)
"""How long a vote is put off while it is being loaded: the clock must not decide on a part of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a vote is loaded: its source's word, its challenge, and the ids of ideas by foreign id."""

    source: str
    challenge_id: int
    ideas: Mapping[str, int]
    now: datetime


def columns(row: VotingRow, now: datetime) -> dict[str, Any]:
    """The columns of a challenge that is voted on; its vote is neither open nor over before `finish`."""
    later = now + UNTIL_LOADED
    return {
        "who_decides": "votes",
        "rule": dict(row.rule),
        "ballot": row.ballot,
        "ballot_budget": row.budget,
        "vote_opens_at": later,
        "vote_closes_at": later,
    }


def load_voting(
    *, actor: Actor, row: VotingRow, place: Place, progress: Callable[[str, int, int], None]
) -> tuple[Counter[str], list[Problem]]:
    """Write what is new of one vote.

    Returns:
        How many people, votes (those that replaced an earlier one included) and views were new, and what was refused.
    """
    new: Counter[str] = Counter()
    ids: dict[str, int] = {}
    for voters, done in _batches(row.voters, VOTERS):
        ids |= _voters(actor=actor, place=place, voters=voters, new=new)
        progress("voters", done, len(row.voters))
    challenge = db.session.get_one(Challenge, place.challenge_id)
    cast, seen = _later(place, row, ids, _end(row, challenge, place.now))
    lost = 0
    for views, done in _batches(seen, VOTES):
        new["views"] += _votes(actor=actor, place=place, votes=[], views=views)
        progress("views", done, len(seen))
    for votes, done in _batches(cast, VOTES):
        taken = _votes(actor=actor, place=place, votes=votes, views=[])
        new["votes"] += taken
        lost += len(votes) - taken
        progress("votes", done, len(cast))
    told: dict[str, str | int] = {"title": challenge.title, "rows": lost}
    return new, [Problem(row.where.file, row.where.line, "already_decided", told, lost=True)] if lost else []


@use_case(None)
def finish(*, actor: Actor, row: VotingRow, place: Place) -> None:
    """Give a vote that was put off the times it had, so that it can be decided; one that went on there ends later here."""
    challenge = db.session.get_one(Challenge, place.challenge_id)
    closes = _end(row, challenge, place.now)
    put_off = challenge.vote_opens_at == challenge.vote_closes_at
    if challenge.frozen_at is None and (put_off or challenge.vote_closes_at is None or closes > challenge.vote_closes_at):
        opens = min(row.opens or closes, closes)
        challenge.vote_opens_at, challenge.vote_closes_at = opens, closes
        wall = {"vote_opens": opens, "vote_closes": closes}
        told = {name: clock.to_wall(moment, challenge.zone).isoformat() for name, moment in wall.items()}
        challenge.wall_times = challenge.wall_times | told


def _end(row: VotingRow, challenge: Challenge, now: datetime) -> datetime:
    """When the vote closed; of one whose source does not say, when it was first imported."""
    return row.closes or min(challenge.vote_closes_at or now, now)


def _batches(rows: Sequence[_T], size: int) -> Iterator[tuple[list[_T], int]]:
    done, rest = 0, iter(rows)
    while batch := list(islice(rest, size)):
        done += len(batch)
        yield batch, done


@use_case(None)
def _voters(*, actor: Actor, place: Place, voters: list[VoterRow], new: Counter[str]) -> dict[str, int]:
    names = [(voter.foreign_id, voter.name) for voter in voters]
    ids, made = take_in_voters(place.source, names, place.now)
    new["people"] += made
    return ids


@use_case(None)
def _votes(*, actor: Actor, place: Place, votes: list[dict[str, Any]], views: list[dict[str, Any]]) -> int:
    """Write rows of a challenge that no run has frozen; how many were written."""
    this = select(Challenge).where(Challenge.id == place.challenge_id)
    lock(this.with_only_columns(Challenge.id).with_for_update())
    if db.session.scalars(this.execution_options(populate_existing=True)).one().frozen_at is not None:
        return 0
    take_in_votes(place.challenge_id, votes, views)
    return len(votes) + len(views)


def _later(
    place: Place, row: VotingRow, ids: Mapping[str, int], ends: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The votes that are later than what is here, and the views that are not here, as columns."""
    groups = {voter.foreign_id: voter.group for voter in row.voters}
    of_challenge = Idea.challenge_id == place.challenge_id
    last: dict[_Pair, datetime] = {
        (person_id, idea_id): at
        for person_id, idea_id, at in db.session.execute(
            select(Vote.person_id, Vote.idea_id, Vote.cast_at).join(Idea, Idea.id == Vote.idea_id).where(of_challenge)
        )
    }
    viewed: set[_Pair] = {
        (person_id, idea_id)
        for person_id, idea_id in db.session.execute(
            select(View.person_id, View.idea_id).join(Idea, Idea.id == View.idea_id).where(of_challenge)
        )
    }

    def where(each: CastRow | SeenRow) -> dict[str, Any]:
        person_id, idea_id = ids[each.voter], place.ideas[each.idea]
        group = {"circle": Circle.PUBLIC, "group_key": groups[each.voter]}
        return {"person_id": person_id, "idea_id": idea_id, **group}

    cast = [where(each) | {"value": each.value, "revision_no": 1, "cast_at": each.at or ends} for each in row.cast]
    seen = [where(each) | {"seen_at": each.at} for each in row.seen]
    return (
        [each for each in cast if (key := _pair(each)) not in last or each["cast_at"] > last[key]],
        [each for each in seen if _pair(each) not in viewed],
    )


def _pair(row: Mapping[str, Any]) -> _Pair:
    return row["person_id"], row["idea_id"]
