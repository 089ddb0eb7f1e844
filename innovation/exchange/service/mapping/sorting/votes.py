"""Votes cast elsewhere: one per person and idea, and never into a vote that is held here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select

from innovation.challenges.models import Challenge
from innovation.exchange.service.mapping.meaning import CastVote, Entry
from innovation.exchange.service.mapping.sorting.referring import ideas_named, people_named, refer
from innovation.exchange.service.mapping.task import Place, Sorted
from innovation.ideas.models import Author, Idea
from innovation.kernel.db import db, lock
from innovation.people.models import CircleMembership
from innovation.rules.ballot import KINDS, Ballot, cost, has_budget
from innovation.rules.challenge import ChallengeState
from innovation.voting.models import Poll, View, Vote
from innovation.voting.service import take_in_votes


def sort(place: Place, entries: Sequence[Entry]) -> Sorted:
    """Tell new votes and later ones from those that are here; what a ballot does not take is left out with its reason."""
    found = Sorted()
    rows = [(entry, entry.row) for entry in entries if isinstance(entry.row, CastVote)]
    ideas = ideas_named(place, (row.idea for _, row in rows))
    people = people_named(place.task.source, (row.person for _, row in rows))
    challenges = {idea.challenge_id: idea.challenge for idea in ideas.values()}
    closed = {number: why_not(challenge, place.now) for number, challenge in challenges.items()}
    numbers = [idea.id for idea in ideas.values()]
    cast, own = _cast(numbers, people.values()), _own(numbers)
    spent = _spent([each for each in challenges.values() if has_budget(each.ballot)], set(people.values()))
    for name, points in place.seen.items():  # what earlier rows of this file spend that are not written
        if points and name.startswith("\x00"):
            who, where = name[1:].split(" ")
            spent[int(who), int(where)] += int(points)
    for entry, row in rows:
        idea, voter = ideas.get(row.idea), people.get(row.person)
        if idea is None or voter is None:
            field, value = ("idea", row.idea) if idea is None else ("person", row.person)
            refer(found, entry, field, value)
            continue
        challenge = idea.challenge
        before = cast.get((voter, idea.id))
        at = row.at or _end(challenge, place.now)
        price = cost(challenge.ballot, row.value) if has_budget(challenge.ballot) else 0
        was = cost(challenge.ballot, before[0]) if before and has_budget(challenge.ballot) else 0
        if before is not None and (before[0] == row.value or before[1] >= at):
            found.known.append(entry)
        elif closed[challenge.id]:
            found.refuse(entry, closed[challenge.id], id=row.idea)
        elif (voter, idea.id) in own:
            found.refuse(entry, "own_idea", id=row.idea)
        elif not KINDS[Ballot(challenge.ballot)].takes(row.value, challenge.ballot_budget):
            found.refuse(entry, "not_on_this_ballot", value=row.value, id=row.idea)
        elif price and spent[voter, challenge.id] + price - was > (challenge.ballot_budget or 0):
            found.refuse(entry, "budget_is_spent", id=row.person, most=challenge.ballot_budget or 0)
        else:
            spent[voter, challenge.id] += price - was
            found.ids[f"idea {row.idea}"], found.ids[f"person {row.person}"] = idea.id, voter
            (found.new if before is None else found.changed).append(entry)
    return found


def spends(place: Place, found: Sorted) -> dict[str, str]:
    """What new votes cost their voters, under the names by which `sort` finds it in ``seen`` again."""
    points: dict[str, int] = defaultdict(int)
    ideas = ideas_named(place, (entry.row.idea for entry in found.new if isinstance(entry.row, CastVote)))
    for entry in found.new:
        if isinstance(entry.row, CastVote) and has_budget(ideas[entry.row.idea].challenge.ballot):
            challenge = ideas[entry.row.idea].challenge
            name = f"\x00{found.ids[f'person {entry.row.person}']} {challenge.id}"
            points[name] += cost(challenge.ballot, entry.row.value)
    return {name: str(int(place.seen.get(name, "0")) + each) for name, each in points.items()}


def write(place: Place, found: Sorted) -> None:
    """Write new and later votes, and count their ideas anew. A challenge that was frozen meanwhile takes none."""
    by_challenge: dict[int, list[dict[str, Any]]] = defaultdict(list)
    numbers = {found.ids[f"idea {e.row.idea}"] for e in (*found.new, *found.changed) if isinstance(e.row, CastVote)}
    ideas = {idea.id: idea for idea in db.session.scalars(select(Idea).where(Idea.id.in_(numbers)))}
    circles = _circles({number for name, number in found.ids.items() if name.startswith("person ")})
    challenges = {each.challenge_id for each in ideas.values()}
    ends = _locked(sorted(challenges), place.now)
    for entry in (*found.new, *found.changed):
        if not isinstance(entry.row, CastVote):
            continue
        idea = ideas[found.ids[f"idea {entry.row.idea}"]]
        voter = found.ids[f"person {entry.row.person}"]
        if idea.challenge_id in ends:
            by_challenge[idea.challenge_id].append(
                {
                    "person_id": voter,
                    "idea_id": idea.id,
                    "value": entry.row.value,
                    "revision_no": idea.revision_no,
                    "circle": circles.get(voter),
                    "group_key": "",
                    "cast_at": entry.row.at or ends[idea.challenge_id],
                }
            )
    for challenge_id, votes in sorted(by_challenge.items()):
        take_in_votes(challenge_id, votes)


def why_not(challenge: Challenge, now: datetime) -> str:
    """Why a challenge takes no votes from a file; empty where it does.

    Only what is over takes them, and only what holds no vote of its own: a secret ballot that was held here is whole as it
    is, and totals that came from elsewhere are counted instead of votes.
    """
    if challenge.state != ChallengeState.PUBLISHED or challenge.frozen_at is not None:
        return "vote_is_decided"
    over = challenge.vote_closes_at or challenge.closes_at
    if over is None or over > now:
        return "vote_is_running"
    cast_here = (
        select(Vote.id)
        .join(Idea, Idea.id == Vote.idea_id)
        .join(View, (View.idea_id == Vote.idea_id) & (View.person_id == Vote.person_id))
        .where(Idea.challenge_id == challenge.id, View.how != "import")
    )
    if db.session.scalar(select(exists(cast_here))):
        return "vote_was_held_here"
    counted = exists().where(Poll.challenge_id == challenge.id)
    return "vote_is_counted" if db.session.scalar(select(counted)) else ""


def _locked(challenge_ids: Sequence[int], now: datetime) -> dict[int, datetime]:
    """The challenges under their locks that still take votes, with the end of each vote."""
    this = select(Challenge).where(Challenge.id.in_(challenge_ids)).order_by(Challenge.id)
    lock(this.with_only_columns(Challenge.id).with_for_update())
    rows = db.session.scalars(this.execution_options(populate_existing=True)).all()
    return {row.id: _end(row, now) for row in rows if not why_not(row, now)}


def _end(challenge: Challenge, now: datetime) -> datetime:
    """When a vote of which no time is known counts as cast."""
    return min(challenge.vote_closes_at or challenge.closes_at or now, now)


def _cast(ideas: Sequence[int], people: Any) -> dict[tuple[int, int], tuple[int, datetime]]:
    rows = db.session.execute(
        select(Vote.person_id, Vote.idea_id, Vote.value, Vote.cast_at).where(
            Vote.idea_id.in_(ideas), Vote.person_id.in_(set(people))
        )
    )
    return {(person_id, idea_id): (value, at) for person_id, idea_id, value, at in rows}


def _own(ideas: Sequence[int]) -> set[tuple[int, int]]:
    rows = db.session.execute(select(Author.person_id, Author.idea_id).where(Author.idea_id.in_(ideas)))
    return {(person_id, idea_id) for person_id, idea_id in rows}


def _spent(challenges: Sequence[Challenge], people: set[int]) -> dict[tuple[int, int], int]:
    spent: dict[tuple[int, int], int] = defaultdict(int)
    for challenge in challenges:
        square = challenge.ballot == Ballot.QUADRATIC
        points = func.sum(Vote.value * Vote.value if square else func.abs(Vote.value))
        rows = db.session.execute(
            select(Vote.person_id, points)
            .join(Idea, Idea.id == Vote.idea_id)
            .where(Idea.challenge_id == challenge.id, Vote.person_id.in_(people))
            .group_by(Vote.person_id)
        )
        for person_id, points_spent in rows:
            spent[person_id, challenge.id] = int(points_spent or 0)
    return spent


def _circles(people: set[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(CircleMembership.person_id, CircleMembership.circle).where(
            CircleMembership.person_id.in_(people), CircleMembership.valid_to.is_(None)
        )
    )
    return {row.person_id: row.circle for row in rows}
