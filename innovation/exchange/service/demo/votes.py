"""The votes of the demo: a crowd that each idea's appeal draws; never a judge's, never an author's own."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.exchange.service.demo.telling import Demo, ideas_of
from innovation.ideas.models import Author
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import use_case
from innovation.voting.service import take_in_votes

TURNOUT = (45, 110)
"""How many people judge one idea, at least and at most, where a challenge says nothing else."""


def take_in(demo: Demo, row: dict[str, Any]) -> None:
    """Take in a challenge's votes, if its voting has begun."""
    if row["who_decides"] == "votes" and row["schedule"]["vote_opens"] < 0 and ideas_of(row):
        _write_votes(actor=demo.house, demo=demo, row=row)


@use_case(None)
def _write_votes(*, actor: Actor, demo: Demo, row: dict[str, Any]) -> None:
    challenge_id = demo.challenge_ids[row["key"]]
    crowd = _crowd(demo, row, challenge_id)
    first, span = _voting(demo, row)
    own: dict[int, set[int]] = {}
    for idea_id, person_id in db.session.execute(select(Author.idea_id, Author.person_id)):
        own.setdefault(idea_id, set()).add(person_id)
    votes: list[dict[str, Any]] = []
    for each in ideas_of(row):
        if each["fate"] in {"draft", "withdrawn"}:
            continue
        idea_id = demo.idea_ids[each["key"]]
        turnout = demo.chance.randint(*row.get("turnout", TURNOUT))
        for person_id in demo.chance.sample(crowd, min(turnout, len(crowd))):
            if person_id in own[idea_id]:
                continue
            circle, organisation_id, group = demo.circle[person_id]
            votes.append(
                {
                    "person_id": person_id,
                    "idea_id": idea_id,
                    "value": _value(demo.chance, row.get("ballot", "yes_no"), each["appeal"]),
                    "weight": 1,
                    "revision_no": 1,
                    "circle": circle,
                    "organisation_id": organisation_id,
                    "group_key": group,
                    "cast_at": first + timedelta(seconds=demo.chance.random() * span),
                }
            )
    take_in_votes(challenge_id, votes, _looked_on(demo, votes, crowd, own))


def _crowd(demo: Demo, row: dict[str, Any], challenge_id: int) -> list[int]:
    circles = {str(line.value) for line in challenges.by_id(challenge_id).audience}
    judges = demo.judges(row)
    return [p for circle in demo.crowd.values() for p in circle if demo.circle[p][0] in circles and p not in judges]


def _voting(demo: Demo, row: dict[str, Any]) -> tuple[datetime, float]:
    """When voting began, and how many seconds of it are over."""
    schedule = row["schedule"]
    first, last = (demo.today + timedelta(days=schedule[key]) for key in ("vote_opens", "vote_closes"))
    return first, (min(last, demo.today) - first).total_seconds()


def _value(chance: random.Random, ballot: str, appeal: float) -> int:
    if ballot == "stars":
        return max(1, min(5, round(chance.gauss(1 + 4 * appeal, 1.0))))
    return 1 if chance.random() < appeal else -1


def _looked_on(demo: Demo, votes: list[dict[str, Any]], crowd: list[int], own: dict[int, set[int]]) -> list[dict[str, Any]]:
    """People who saw an idea and passed on, about one for every four who voted on it."""
    chance = random.Random(f"views of {len(votes)}")  # of its own: the votes stay as their stories tell
    said = {(row["person_id"], row["idea_id"]) for row in votes}
    views = []
    for row in votes[::4]:
        person_id = chance.choice(crowd)
        if (person_id, row["idea_id"]) not in said and person_id not in own[row["idea_id"]]:
            circle, _, group = demo.circle[person_id]
            views.append(
                {
                    "person_id": person_id,
                    "idea_id": row["idea_id"],
                    "circle": circle,
                    "group_key": group,
                    "seen_at": row["cast_at"],
                }
            )
    return views
