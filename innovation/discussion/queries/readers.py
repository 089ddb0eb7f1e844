"""Who reads a thread, and so can be named in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import and_, exists, func, or_, select

from innovation.discussion.models import Comment, Mention, Thread
from innovation.discussion.queries.places import is_closed, named_on_page, veiled, visible
from innovation.kernel.actor import Actor, Circle, Grant
from innovation.kernel.db import db
from innovation.people.models import CircleMembership, GrantRow, Person
from innovation.rules.predicates import Role
from innovation.rules.talk import token

SUGGESTED = 6
_LOOKED_AT = 24


def _actors(person_ids: Iterable[int]) -> list[Actor]:
    """People as actors, in the order asked for: two queries whatever their number."""
    wanted = list(dict.fromkeys(person_ids))
    grants: dict[int, set[Grant]] = {}
    held = select(GrantRow).where(GrantRow.person_id.in_(wanted), GrantRow.valid_to.is_(None))
    for row in db.session.scalars(held):
        grants.setdefault(row.person_id, set()).add(Grant(Role(row.role), row.scope, row.scope_id))
    rows = db.session.execute(
        select(Person.id, Person.name, CircleMembership)
        .outerjoin(CircleMembership, and_(CircleMembership.person_id == Person.id, CircleMembership.valid_to.is_(None)))
        .where(Person.id.in_(wanted), Person.erased_at.is_(None), Person.disabled_at.is_(None))
    )
    found = {
        person_id: Actor(
            person_id=person_id,
            name=name,
            circle=Circle(circle.circle) if circle else None,
            organisation_id=circle.organisation_id if circle else None,
            department_id=circle.department_id if circle else None,
            grants=frozenset(grants.get(person_id, ())),
        )
        for person_id, name, circle in rows
    }
    return [found[each] for each in wanted if each in found]


def reading(thread: Thread, person_ids: Iterable[int]) -> set[int]:
    """Which of some people may read a thread: three queries whatever their number."""
    return _readers(thread, _actors(person_ids))


def _readers(thread: Thread, asked: Sequence[Actor]) -> set[int]:
    if not asked:
        return set()
    sees = [select(Thread.id).where(Thread.id == thread.id, visible(each)).exists() for each in asked]
    row = db.session.execute(select(*(each.label(f"p{number}") for number, each in enumerate(sees)))).one()
    return {who.person_id for who, holds in zip(asked, row, strict=True) if holds and who.person_id is not None}


def _nameless(actor: Actor, thread: Thread) -> frozenset[int]:
    """Whom a person can neither find nor name in a thread, because that he reads it would tell that he is an author whose
    name is kept back: where besides authors a known few read. Elsewhere it is their absence that would tell.

    A sponsor who withholds his name is found as long as he would read the thread without his part in the challenge.
    """
    kept = veiled(actor, thread)
    if not kept:
        return kept
    return kept if is_closed(thread) else kept.sponsors - _reading_anyway(thread, kept.sponsors)


def _reading_anyway(thread: Thread, person_ids: Iterable[int]) -> set[int]:
    """Which of some people would read a thread without what they were granted in its challenge."""
    here = "challenge", thread.challenge_id
    asked = [
        replace(each, grants=frozenset(grant for grant in each.grants if (grant.scope, grant.scope_id) != here))
        for each in _actors(person_ids)
    ]
    return _readers(thread, asked)


def by_names(actor: Actor, thread: Thread, names: Iterable[str], already: Iterable[int] = ()) -> dict[str, Person]:
    """The people of these full names who may read a thread, as this person may name them.

    Where two have one name, one who is named already goes first. A name that two people have, neither of them named
    already, is nobody's: it would be a guess.
    """
    wanted = set(names)
    if not wanted:
        return {}
    rows = db.session.scalars(select(Person).where(Person.name.in_(wanted)).order_by(Person.id).limit(200)).all()
    allowed = reading(thread, [row.id for row in rows]) - _nameless(actor, thread)
    found: dict[str, Person] = {}
    before = set(already)
    for name in wanted:
        same = [row for row in rows if row.name == name and row.id in allowed]
        known = [row for row in same if row.id in before]
        if known or len(same) == 1:
            found[name] = (known or same)[0]
    return found


def by_public_ids(actor: Actor, thread: Thread, public_ids: Iterable[str]) -> dict[str, Person]:
    """The people of these public ids who may read a thread, as this person may name them."""
    rows = db.session.scalars(select(Person).where(Person.public_id.in_(list(public_ids)))).all()
    allowed = reading(thread, [row.id for row in rows]) - _nameless(actor, thread)
    return {row.public_id: row for row in rows if row.id in allowed}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody who can be named: the name, and what is put into the text."""

    name: str
    insert: str


def suggested(actor: Actor, thread: Thread, start: str) -> list[Suggestion]:
    """People whose name begins so (any word of it), who read this thread; those who spoke here first.

    Staff find everybody; anybody else finds his own organisation's people, whoever spoke here under his name, and whoever
    the page names, as a challenge's sponsors.
    """
    words = " ".join(start.lower().split())
    if not words or actor.person_id is None:
        return []
    name = func.lower(Person.name)
    spoke = exists().where(
        Comment.thread_id == thread.id, Comment.person_id == Person.id, Comment.trashed_at.is_(None)
    ) & Person.id.not_in(veiled(actor, thread))
    statement = (
        select(Person)
        .where(
            or_(name.startswith(words, autoescape=True), name.contains(f" {words}", autoescape=True)),
            Person.id != actor.person_id,
            Person.erased_at.is_(None),
            Person.disabled_at.is_(None),
        )
        .order_by(spoke.desc(), Person.name, Person.id)
        .limit(_LOOKED_AT)
    )
    if actor.circle != Circle.STAFF:
        near = exists().where(
            CircleMembership.person_id == Person.id,
            CircleMembership.valid_to.is_(None),
            CircleMembership.organisation_id.is_not(None),
            CircleMembership.organisation_id == actor.organisation_id,
        )
        statement = statement.where(or_(spoke, near, Person.id.in_(named_on_page(thread) - veiled(actor, thread))))
    rows = db.session.scalars(statement).all()
    allowed = reading(thread, [row.id for row in rows]) - _nameless(actor, thread)
    shown = [row for row in rows if row.id in allowed][:SUGGESTED]
    return [Suggestion(row.name, f"@{row.name}" if row.name in _alone(shown) else token(row.public_id)) for row in shown]


def _alone(people: Sequence[Person]) -> set[str]:
    """The names among these that one person in the whole house has."""
    rows = db.session.scalars(select(Person.name).where(Person.name.in_([each.name for each in people])))
    return {name for name, count in Counter(rows).items() if count == 1}


def mentioned(comment_ids: Iterable[int]) -> dict[int, list[Person]]:
    """The people whom comments name, by the comment's id: one query."""
    rows = db.session.execute(
        select(Mention.comment_id, Person)
        .join(Person, Person.id == Mention.person_id)
        .where(Mention.comment_id.in_(list(comment_ids)))
        .order_by(Mention.id)
    )
    found: dict[int, list[Person]] = {}
    for comment_id, person in rows:
        found.setdefault(comment_id, []).append(person)
    return found
