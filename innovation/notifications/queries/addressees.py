"""Whom a fact can reach, and by which ways: addresses, choices and mutes of many people in one query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, literal, or_, select, union_all

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Author
from innovation.kernel.actor import VISITOR, Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.notifications.models import Choice, Watch
from innovation.people import queries as people
from innovation.people.models import EmailAddress, Person
from innovation.rules import notices
from innovation.rules.notices import Topic, Way


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who can be told of a fact: where his mail goes, and the ways he wants for its topic."""

    person_id: int
    address: str
    language: str
    ways: frozenset[Way]


def addressees(person_ids: Iterable[int], topic: Topic, event: Event) -> list[Addressee]:
    """The people among these who can be written to, each with his ways for a topic: one query.

    Only who has a confirmed address and neither left nor was disabled is told anything.
    """
    rows = db.session.execute(
        select(Person.id, EmailAddress.typed, Person.language, Person.digest, _muted(event), Choice.channel, Choice.wanted)
        .join(EmailAddress, EmailAddress.person_id == Person.id)
        .outerjoin(Choice, and_(Choice.person_id == Person.id, Choice.topic == topic))
        .where(
            Person.id.in_(list(person_ids)),
            EmailAddress.verified_at.is_not(None),
            Person.disabled_at.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(Person.id, EmailAddress.id)
    ).all()
    firsts: dict[int, Any] = {}
    choices: dict[int, dict[Way, bool]] = {}
    for row in rows:
        firsts.setdefault(row.id, row)
        if row.channel is not None:
            choices.setdefault(row.id, {})[Way(row.channel)] = row.wanted
    return [
        Addressee(
            row.id,
            row.typed,
            row.language,
            notices.ways(topic, choices.get(row.id, {}), muted=bool(row.muted), digest=row.digest),
        )
        for row in firsts.values()
    ]


UNNAMED = frozenset({"InquiryAsked", "AuthorsAsked"})
"""Facts of which nobody who is told of them learns who did it: neither by a name, nor by a silence where he muted him."""


def subjects(event: Event) -> list[ColumnElement[bool]]:
    """What a fact is about, as conditions on :class:`Watch`: its idea, its challenge, whose question that is, who did it.

    That an author did it, whose name waits for the result, or a sponsor who withholds his, is kept from who muted him too:
    silence would tell.
    """
    found: list[ColumnElement[bool]] = []
    if event.idea_id is not None:
        found.append(Watch.idea_id == event.idea_id)
    if event.challenge_id is not None:
        named = Challenge.id == event.challenge_id, Challenge.sponsor_withheld.is_(False)
        asked_by = select(Challenge.organisation_id).where(*named).scalar_subquery()
        found += [Watch.challenge_id == event.challenge_id, Watch.organisation_id == asked_by]
    if event.actor_id is not None and event.name not in UNNAMED:
        waits = Challenge.id == event.challenge_id, Challenge.names_hidden, Challenge.decided_at.is_(None)
        wrote = Author.idea_id == event.idea_id, Author.person_id == event.actor_id
        kept_back = and_(exists().where(*waits), exists().where(*wrote))
        withheld = event.challenge_id is not None and event.actor_id in challenges.withheld_in(VISITOR, event.challenge_id)
        if not withheld:
            found.append(and_(Watch.followed_id == event.actor_id, ~kept_back))
    return found


def _muted(event: Event) -> ColumnElement[bool]:
    about = subjects(event)
    if not about:
        return literal(False).label("muted")
    return exists().where(Watch.person_id == Person.id, Watch.level == "mute", or_(*about)).label("muted")


def followers(*about: ColumnElement[bool]) -> list[int]:
    """The people who follow any of some subjects."""
    if not about:
        return []
    found = select(Watch.person_id).where(Watch.level == "follow", or_(*about)).distinct()
    return sorted(db.session.scalars(found))


AT_ONCE = 100
"""How many people are asked about in one statement; SQLite joins at most 500 selects."""


def who_see(person_ids: Iterable[int], rows: Callable[[Actor], Select[Any]]) -> list[int]:
    """Those of some people for whom a select finds a row: the very predicate of the pages, asked for many at once.

    Args:
        rows: the select of the row in question as one person may see it.
    """
    known: Sequence[Actor] = list(people.actors(person_ids).values())
    seen: set[int] = set()
    for start in range(0, len(known), AT_ONCE):
        asked = [select(literal(each.person_id)).where(rows(each).exists()) for each in known[start : start + AT_ONCE]]
        seen.update(db.session.scalars(union_all(*asked) if len(asked) > 1 else asked[0]))
    return sorted(seen)
