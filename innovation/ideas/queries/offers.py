"""Reading ideas on offer to later challenges, who asked for one, and which of them fit a challenge.

An idea is on offer from the announcement of a result that did not choose it, for as long as every author who accepted to be
one agrees. What somebody else than its authors reads of it is its title and first lines. One from a sealed challenge is
shown to published challenges alone: anybody of our staff may begin a draft, and nobody has looked at that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea, Offer, OfferConsent
from innovation.ideas.queries.seeing import roles_on_idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import loader_of, locks_of, roles_of
from innovation.people.models import GrantRow, Person
from innovation.rules.challenge import EDITABLE, ChallengeState
from innovation.rules.idea import IdeaState
from innovation.rules.predicates import Role
from innovation.rules.similar import LONGEST, most_similar

NOT_CHOSEN: Final = frozenset({IdeaState.DECLINED, IdeaState.PARKED})
NEWEST: Final = 1_000
"""Of the ideas on offer so many are looked at, the latest."""
SHOWN: Final = 12
AT_LEAST: Final = 0.06
"""Below this the words only happen to meet: a brief and an idea share fewer than two briefs do."""
FIRST_LINES: Final = 400
"""Letters of an idea on offer that a later challenge reads."""


@dataclass(frozen=True, slots=True)
class OnOffer:
    """An idea that fits a challenge: its title and first lines, who wrote it as far as each agreed to be named, and whether
    it was asked for."""

    idea: Idea
    first_lines: str
    names: Sequence[str]
    unnamed: int
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class Consent:
    """An author of an idea that was not chosen, and since when he lets it be offered (None: he does not)."""

    person_id: int
    name: str | None
    agreed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How an idea that was not chosen stands for one of its authors: whether he agrees, whether all do, who waits for an
    answer."""

    mine: bool
    all: bool
    waiting: Sequence[Offer]


def can_be_offered(idea: Idea) -> bool:
    """Whether an idea's authors can let it be offered: its result is announced, it was not chosen, and it is still here."""
    here = idea.emptied_at is None and idea.trashed_at is None and not idea.unchecked
    return here and idea.state in NOT_CHOSEN and idea.challenge.decided_at is not None


def on_offer() -> ColumnElement[bool]:
    """Ideas that can be offered and whose authors all agree; the challenge must be joined."""
    wrote = Author.idea_id == Idea.id, Author.accepted_at.is_not(None)
    agrees = exists().where(
        OfferConsent.idea_id == Author.idea_id,
        OfferConsent.person_id == Author.person_id,
        OfferConsent.agreed_at.is_not(None),
        OfferConsent.taken_back_at.is_(None),
    )
    gone = exists().where(Person.id == Author.person_id, Person.erased_at.is_not(None))
    return and_(
        Idea.state.in_(NOT_CHOSEN),
        Idea.emptied_at.is_(None),
        Idea.trashed_at.is_(None),
        Idea.unchecked.is_(False),
        Challenge.decided_at.is_not(None),
        exists().where(*wrote).correlate(Idea),
        ~exists().where(*wrote, or_(~agrees.correlate(Author), gone.correlate(Author))).correlate(Idea),
    )


def takes_earlier(challenge: Challenge, now: datetime) -> bool:
    """Whether a challenge may look for earlier ideas: it is being prepared, or takes ideas."""
    running = challenge.state == ChallengeState.PUBLISHED and challenge.frozen_at is None and challenge.closes_at > now
    return challenge.state in EDITABLE or running


def fitting(actor: Actor, challenge: Challenge, now: datetime, count: int = SHOWN) -> Sequence[OnOffer]:
    """The ideas on offer most like what a challenge asks, the nearest first: at most five queries.

    Left out are ideas of the challenge itself, those whose author would judge here, and this person's own.
    """
    if not takes_earlier(challenge, now):
        return []
    rows = db.session.scalars(
        select(Idea)
        .join(Idea.challenge)
        .options(joinedload(Idea.challenge), selectinload(Idea.authors).joinedload(Author.person))
        .where(on_offer(), _fits_in(actor, challenge))
        .order_by(Idea.id.desc())
        .limit(NEWEST)
    ).all()
    nearest = most_similar(_asks(challenge), [_says(each) for each in rows], count, AT_LEAST)
    found = [rows[place] for place, _likeness in nearest]
    asked = {each.idea_id: each for each in of_challenge(challenge)}
    return [_shown(each, asked.get(each.id)) for each in found]


def one_on_offer(actor: Actor, challenge: Challenge, public_id: str) -> Idea | None:
    """An idea on offer that a challenge could ask for, with its own challenge and authors."""
    return db.session.scalars(
        select(Idea)
        .join(Idea.challenge)
        .options(joinedload(Idea.challenge), selectinload(Idea.authors).joinedload(Author.person))
        .where(Idea.public_id == public_id, on_offer(), _fits_in(actor, challenge))
    ).one_or_none()


def of_challenge(challenge: Challenge) -> Sequence[Offer]:
    """What a challenge asked for, the first first."""
    return db.session.scalars(select(Offer).where(Offer.challenge_id == challenge.id).order_by(Offer.id)).all()


def asked_for(idea: Idea, challenge: Challenge) -> Offer | None:
    """The one ask of a challenge for an idea."""
    return db.session.scalars(
        select(Offer).where(Offer.idea_id == idea.id, Offer.challenge_id == challenge.id)
    ).one_or_none()


def of_idea(idea: Idea) -> Sequence[Offer]:
    """Which challenges asked for an idea, the latest first."""
    return db.session.scalars(
        select(Offer)
        .options(joinedload(Offer.challenge))
        .where(Offer.idea_id == idea.id)
        .order_by(Offer.id.desc())
        .limit(50)
    ).all()


def get(actor: Actor, public_id: str) -> Offer | None:
    """An ask for an idea that this person is an accepted author of, with the idea and the brief of who asks.

    The ask is what lets an author read a brief whose audience he is not in, for as long as that challenge is out.
    """
    if actor.person_id is None:
        return None
    wrote = Author.idea_id == Offer.idea_id, Author.person_id == actor.person_id, Author.accepted_at.is_not(None)
    return db.session.scalars(
        _whole().where(Offer.public_id == public_id, exists().where(*wrote), Challenge.state.not_in(EDITABLE))
    ).one_or_none()


@loader_of(Offer)
def by_id(offer_id: int) -> Offer | None:
    """One ask for the house's own work."""
    return db.session.scalars(_whole().where(Offer.id == offer_id)).one_or_none()


def brought_by(offer: Offer) -> Idea | None:
    """The idea that an ask was answered with."""
    return db.session.scalars(
        select(Idea).where(Idea.offered_from_id == offer.idea_id, Idea.challenge_id == offer.challenge_id).order_by(Idea.id)
    ).first()


def consents(idea: Idea) -> list[Consent]:
    """Who of an idea's accepted authors lets it be offered."""
    given = {
        row.person_id: row.agreed_at
        for row in db.session.scalars(select(OfferConsent).where(OfferConsent.idea_id == idea.id))
        if row.taken_back_at is None
    }
    return [
        Consent(each.person_id, None if each.person.erased_at else each.person.name, given.get(each.person_id))
        for each in idea.authors
        if each.accepted_at is not None
    ]


def standing(actor: Actor, idea: Idea) -> Standing | None:
    """How an idea stands for one of its authors: two queries; none, and None, where it cannot be offered or is not his."""
    if not can_be_offered(idea) or all(each.person_id != actor.person_id for each in idea.authors):
        return None
    given = consents(idea)
    agrees = {each.person_id for each in given if each.agreed_at}
    waiting = [each for each in of_idea(idea) if each.state == "asked"]
    return Standing(actor.person_id in agrees, len(agrees) == len(given), waiting)


@locks_of(Offer)
def _locks(offer: Offer) -> Sequence[Select[Any]]:
    return [challenges.share_lock(offer.challenge_id), select(Offer.id).where(Offer.id == offer.id).with_for_update()]


@roles_of(Offer)
def roles_on_offer(actor: Actor, offer: Offer) -> frozenset[Role]:
    """What somebody is to the idea that is asked for."""
    return roles_on_idea(actor, offer.idea)


def _fits_in(actor: Actor, challenge: Challenge) -> ColumnElement[bool]:
    judges = exists().where(
        GrantRow.person_id == Author.person_id,
        GrantRow.role.in_([Role.SPONSOR, Role.PANEL, Role.CHECKER]),
        GrantRow.scope == "challenge",
        GrantRow.scope_id == challenge.id,
        GrantRow.valid_to.is_(None),
    )
    own = or_(judges.correlate(Author), Author.person_id == (actor.person_id or 0))
    conflict = exists().where(Author.idea_id == Idea.id, own).correlate(Idea)
    other = Idea.challenge_id != challenge.id
    if challenge.state != ChallengeState.PUBLISHED:
        return and_(other, ~conflict, Challenge.visibility == "open", Idea.visibility != "sealed")
    return and_(other, ~conflict)


def _whole() -> Select[Offer]:
    return (
        select(Offer)
        .join(Offer.challenge)
        .options(
            joinedload(Offer.idea).joinedload(Idea.challenge),
            joinedload(Offer.idea).selectinload(Idea.authors).joinedload(Author.person),
            joinedload(Offer.challenge).joinedload(Challenge.terms),
            joinedload(Offer.challenge).joinedload(Challenge.programme),
            joinedload(Offer.challenge).selectinload(Challenge.audience),
        )
    )


def _asks(challenge: Challenge) -> str:
    return "\n".join((challenge.title, challenge.summary, challenge.must, challenge.background))[:LONGEST]


def _says(idea: Idea) -> str:
    return f"{idea.title}\n{idea.text}"[:LONGEST]


def _shown(idea: Idea, offer: Offer | None) -> OnOffer:
    wrote = [each.person for each in idea.authors if each.accepted_at is not None]
    named = [each.name for each in wrote if each.named_publicly_at is not None and each.erased_at is None]
    return OnOffer(idea, idea.text[:FIRST_LINES], named, len(wrote) - len(named), offer)
