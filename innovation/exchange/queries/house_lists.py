"""The house as the mapped import reads it: people, challenges, ideas, comments, each with its own id here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload, selectinload

from innovation.challenges.models import Audience, Challenge, Topic
from innovation.discussion.models import Comment, Thread
from innovation.exchange.queries.house import Kept
from innovation.ideas.models import Idea
from innovation.kernel.db import db
from innovation.kernel.money import typed
from innovation.people.models import CircleMembership, Person
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import IdeaState

SHOWN = (ChallengeState.PUBLISHED, ChallengeState.DECIDED, ChallengeState.STOPPED)
NEAR = ("public", "expert", "partner", "staff")
"""Circles, the widest first."""

Listed = tuple[int, list[Any]]
"""A row's number here, and its cells."""


def people(_kept: Kept, after: int, limit: int) -> list[Listed]:
    found = db.session.scalars(
        select(Person)
        .options(
            selectinload(Person.addresses),
            selectinload(Person.circles).options(
                joinedload(CircleMembership.organisation), joinedload(CircleMembership.department)
            ),
        )
        .where(Person.id > after)
        .order_by(Person.id)
        .limit(limit)
    )
    return [(person.id, _person(person)) for person in found]


def _person(person: Person) -> list[Any]:
    if person.erased_at is not None or not person.name:
        return []
    now = next((each for each in person.circles if each.valid_to is None), None)
    address = next((each.typed for each in person.addresses if each.verified_at is not None), "")
    organisation = now.organisation.name if now and now.organisation else ""
    department = now.department.name if now and now.department else ""
    return [person.public_id, address, person.name, now.circle if now else "", organisation, department, person.language]


def challenges(_kept: Kept, after: int, limit: int) -> list[Listed]:
    rows = db.session.scalars(select(Challenge).where(Challenge.id > after).order_by(Challenge.id).limit(limit)).all()
    numbers = [row.id for row in rows]
    circles: dict[int, set[str]] = {}
    for number, value in db.session.execute(
        select(Audience.challenge_id, Audience.value).where(Audience.challenge_id.in_(numbers), Audience.kind == "circle")
    ):
        circles.setdefault(number, set()).add(value)
    topics: dict[int, list[str]] = {}
    for number, topic in db.session.execute(
        select(Topic.challenge_id, Topic.topic).where(Topic.challenge_id.in_(numbers)).order_by(Topic.id)
    ):
        topics.setdefault(number, []).append(topic)
    return [(row.id, _challenge(row, circles.get(row.id, set()), topics.get(row.id, []))) for row in rows]


def _challenge(row: Challenge, circles: set[str], topics: list[str]) -> list[Any]:
    if row.state not in SHOWN:
        return []
    widest = next((each for each in NEAR if each in circles), "staff")
    brief = "\n\n".join(part for part in (row.must, row.background, row.constraints) if part)
    money = [typed(each, row.currency) if each is not None else "" for each in (row.budget_minor, row.prize_minor)]
    times = [_instant(row.opens_at), _instant(row.closes_at)]
    told = [row.public_id, row.title, row.summary, brief, row.text_format, row.sponsor_name, widest, row.source_url]
    return [*told, *times, *money, row.currency, "|".join(topics), row.language]


def ideas(kept: Kept, after: int, limit: int) -> list[Listed]:
    found = db.session.execute(
        select(Idea, kept.words.label("words"), kept.names.label("names"))
        .options(joinedload(Idea.challenge), selectinload(Idea.authors))
        .where(Idea.id > after)
        .order_by(Idea.id)
        .limit(limit)
    ).all()
    people = _public_ids({author.person_id for idea, _, _ in found for author in idea.authors})
    return [(idea.id, [] if words else _idea(idea, {} if names else people)) for idea, words, names in found]


def _idea(idea: Idea, people: dict[int, str]) -> list[Any]:
    if not idea.title or idea.challenge.state not in SHOWN:
        return []
    authors = [people[each.person_id] for each in idea.authors if each.accepted_at is not None and each.person_id in people]
    gone = idea.state == IdeaState.WITHDRAWN
    asks = typed(idea.requested_minor, idea.challenge.currency) if idea.requested_minor is not None else ""
    told = [idea.public_id, idea.challenge.public_id, idea.title, idea.text, "|".join(authors)]
    told += [_instant(idea.submitted_at), "withdrawn" if gone else "submitted", asks, idea.challenge.currency]
    return [*told, idea.source_url, idea.language]


def comments(kept: Kept, after: int, limit: int) -> list[Listed]:
    parent = aliased(Comment)
    found = db.session.execute(
        select(Comment, Idea, parent.public_id, kept.words.label("words"), kept.names.label("names"))
        .join(Thread, Thread.id == Comment.thread_id)
        .join(Idea, (Idea.id == Thread.idea_id) & (Idea.thread_id == Thread.id))
        .join(parent, parent.id == Comment.parent_id, isouter=True)
        .options(joinedload(Idea.challenge))
        .where(Comment.id > after)
        .order_by(Comment.id)
        .limit(limit)
    ).all()
    people = _public_ids({comment.person_id for comment, *_ in found if comment.person_id is not None})
    return [
        (comment.id, [] if words else _comment(comment, idea, answers, {} if names else people))
        for comment, idea, answers, words, names in found
    ]


def _comment(comment: Comment, idea: Idea, answers: str | None, people: dict[int, str]) -> list[Any]:
    if comment.trashed_at is not None or comment.hidden_at is not None or not comment.text:
        return []
    writer = people.get(comment.person_id or 0, "")
    told = [comment.public_id, idea.public_id, comment.text, writer, answers or "", _instant(comment.made_at)]
    return [*told, comment.text_format, comment.language]


def _public_ids(people: set[int]) -> dict[int, str]:
    rows = db.session.execute(select(Person.id, Person.public_id).where(Person.id.in_(people), Person.erased_at.is_(None)))
    return {row.id: row.public_id for row in rows}


def _instant(value: datetime | None) -> str:
    return value.isoformat(" ", "seconds") if value else ""


LISTS: dict[str, tuple[tuple[str, ...], Callable[[Kept, int, int], list[Listed]]]] = {
    "people": (("id", "email", "name", "circle", "organisation", "department", "language"), people),
    "challenges": (
        ("id", "title", "question", "brief", "brief_format", "sponsor", "audience", "url", "opens", "closes", "budget",
         "prize", "currency", "topics", "language"),
        challenges,
    ),
    "ideas": (
        ("id", "challenge", "title", "text", "author_ids", "submitted", "state", "requested", "currency", "url", "language"),
        ideas,
    ),
    "comments": (("id", "idea", "text", "author_id", "answers", "written", "text_format", "language"), comments),
}  # fmt: skip
"""Kind → its columns, as the mapped import calls them, and how its rows are read."""
