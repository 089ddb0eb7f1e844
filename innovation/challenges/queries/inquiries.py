"""Reading what was asked of a sponsor: what waits for him, what is published, and what somebody asked himself.

A question belongs to who asked it and to those who answer it; once it is published, everybody who sees the challenge reads
the edited words, and nobody's name. Where names wait for the result, those who answer do not learn who asks either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from innovation.challenges.models import Challenge, Inquiry
from innovation.challenges.queries.roles import roles_on_challenge
from innovation.challenges.queries.seeing import manages, visible
from innovation.kernel import paging
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import loader_of, locks_of, roles_of
from innovation.people.models import Person
from innovation.rules.challenge import LIVE, ChallengeState
from innovation.rules.predicates import Role

UNANSWERED = and_(Inquiry.answered_at.is_(None), Inquiry.text != "")
"""Questions that wait for an answer. Of somebody who was erased nothing is left to be answered."""


def answers(actor: Actor) -> ColumnElement[bool]:
    """Challenges whose questions this person answers: as sponsor, a deputy among them, or as manager."""
    scopes = actor.scopes(Role.SPONSOR, "challenge")
    asked = Challenge.id.in_(scopes) if scopes else false()
    return and_(Challenge.state.in_(LIVE), or_(asked, manages(actor, Challenge.programme_id)))


def can_be_asked(challenge: Challenge) -> bool:
    """Whether a challenge runs, so that its sponsor can be asked something: from publication until the decision is taken."""
    return challenge.state == ChallengeState.PUBLISHED and challenge.frozen_at is None


def asked(actor: Actor) -> ColumnElement[bool]:
    """Questions this person asked."""
    return false() if actor.person_id is None else Inquiry.asked_by == actor.person_id


def readable(actor: Actor) -> ColumnElement[bool]:
    """Questions this person may read, in whichever words; the challenge must be joined."""
    return or_(asked(actor), answers(actor), and_(Inquiry.published_at.is_not(None), visible(actor)))


def get(actor: Actor, public_id: str) -> Inquiry | None:
    """One question this person may read, with its challenge."""
    return db.session.scalars(_with_challenge().where(Inquiry.public_id == public_id, readable(actor))).one_or_none()


def to_answer(actor: Actor, public_id: str) -> Inquiry | None:
    """One question this person answers, with its challenge."""
    return db.session.scalars(_with_challenge().where(Inquiry.public_id == public_id, answers(actor))).one_or_none()


def by_ids(ids: Iterable[int]) -> Sequence[Inquiry]:
    """Questions for the house's own work, with their challenges."""
    return db.session.scalars(_with_challenge().where(Inquiry.id.in_(list(ids))).order_by(Inquiry.id)).all()


@loader_of(Inquiry)
def by_id(inquiry_id: int) -> Inquiry | None:
    """One question for the house's own work, with its challenge."""
    return next(iter(by_ids([inquiry_id])), None)


def seen(actor: Actor, ids: Iterable[int]) -> set[int]:
    """Those of some questions that this person may read."""
    found = select(Inquiry.id).join(Inquiry.challenge).where(Inquiry.id.in_(list(ids)), readable(actor))
    return set(db.session.scalars(found))


def waiting(actor: Actor, *, after: int | None = None, limit: int = paging.PAGE) -> Sequence[Inquiry]:
    """Questions that wait for this person's answer, in whichever challenge, the oldest first, with their challenges.

    Args:
        after: the id of the last one on the page before.
    """
    found = _with_challenge().where(UNANSWERED, answers(actor))
    if after is not None:
        found = found.where(Inquiry.id > after)
    return db.session.scalars(found.order_by(Inquiry.id).limit(limit)).all()


def waiting_in(challenge: Challenge) -> int:
    """How many questions of a challenge wait for an answer."""
    waits = Inquiry.challenge_id == challenge.id, UNANSWERED
    return db.session.scalar(select(func.count()).select_from(Inquiry).where(*waits)) or 0


def of_challenge(challenge: Challenge, *, answered: bool, cursor: str | None) -> paging.Page[Inquiry]:
    """A challenge's questions for those who answer: what waits, the oldest first, or what was answered, the latest first."""
    found = select(Inquiry).where(
        Inquiry.challenge_id == challenge.id, Inquiry.answered_at.is_not(None) if answered else UNANSWERED
    )
    return paging.fetch(found, [paging.Key(Inquiry.id, answered)], cursor, lambda row: (row[0].id,))


def published(challenge: Challenge, cursor: str | None = None, size: int = paging.PAGE) -> paging.Page[Inquiry]:
    """What a challenge's sponsor answered to everybody, the latest first."""
    found = select(Inquiry).where(Inquiry.challenge_id == challenge.id, Inquiry.published_at.is_not(None))
    return paging.fetch(found, [paging.Key(Inquiry.id, True)], cursor, lambda row: (row[0].id,), size)


def mine(actor: Actor, challenge: Challenge) -> Sequence[Inquiry]:
    """What this person asked in a challenge, the latest first."""
    if actor.person_id is None:
        return []
    found = select(Inquiry).where(Inquiry.challenge_id == challenge.id, asked(actor))
    return db.session.scalars(found.order_by(Inquiry.id.desc()).limit(50)).all()


def names_of(challenge: Challenge, inquiries: Iterable[Inquiry]) -> dict[int, str | None]:
    """Who asked some questions of a challenge, by person id, for those who answer; None for who is no longer here.

    Nobody where names wait for the result: a question may tell whose idea comes.
    """
    if challenge.names_hidden and not challenge.decided_at:
        return {}
    ids = {each.asked_by for each in inquiries}
    rows = db.session.execute(select(Person.id, Person.name, Person.erased_at).where(Person.id.in_(ids)))
    return {row.id: None if row.erased_at else row.name for row in rows}


def waiting_of(person_id: int, challenge_id: int) -> int:
    """How many questions of one person wait for an answer in a challenge."""
    waits = Inquiry.challenge_id == challenge_id, Inquiry.asked_by == person_id, Inquiry.answered_at.is_(None)
    return db.session.scalar(select(func.count()).select_from(Inquiry).where(*waits)) or 0


@roles_of(Inquiry)
def roles_on_inquiry(actor: Actor, inquiry: Inquiry) -> frozenset[Role]:
    return roles_on_challenge(actor, inquiry.challenge)


@locks_of(Inquiry)
def _locks(inquiry: Inquiry) -> Sequence[Select[Any]]:
    return [select(Inquiry.id).where(Inquiry.id == inquiry.id).with_for_update()]


def _with_challenge() -> Select[Inquiry]:
    return select(Inquiry).join(Inquiry.challenge).options(joinedload(Inquiry.challenge).joinedload(Challenge.programme))
