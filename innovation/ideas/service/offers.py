"""Offering an idea that was not chosen to later challenges: its authors' consent, the ask, and what they answer.

Who asks lets the authors in: once they bring the idea they are named in the audience of the challenge, like somebody who was
invited to it, where their circle or employer does not include them. So an ask needs the same right as an invitation: a
challenge for our own staff is opened to somebody else by who manages it alone.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.challenges.service.joining import admit
from innovation.ideas.events import AuthorNamed, IdeaAskedFor, OfferAgreed, OfferAnswered, OfferTakenBack
from innovation.ideas.models import Author, Idea, Offer, OfferConsent
from innovation.ideas.queries import offers as queries
from innovation.ideas.service import writing
from innovation.ideas.service.writing import require_accepted, scope
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, forget_roles, may, use_case
from innovation.people import queries as people
from innovation.rules.inquiry import LONGEST
from innovation.rules.policy import May
from innovation.rules.predicates import Role


@use_case(May.OFFER_IDEA, on="idea")
def agree(*, actor: Actor, idea: Idea, readable: bool, now: datetime = AT_LOCK) -> None:
    """Let an idea that was not chosen be offered to later challenges, until it is taken back. Twice is once.

    Args:
        readable: that sponsors and managers of later challenges may read the title and the first lines of a sealed idea.

    Raises:
        NotPossible: it cannot be offered, or this person was only named as an author.
        Invalid: it is from a sealed challenge, and nobody may read it.
    """
    require_accepted(idea, actor.person_id)
    if not queries.can_be_offered(idea):
        raise NotPossible("not_to_be_offered")
    if _sealed(idea) and not readable:
        raise Invalid("offer_unreadable", field="readable")
    assert actor.person_id is not None
    if any(each.person_id == actor.person_id and each.agreed_at for each in queries.consents(idea)):
        return
    values = {"idea_id": idea.id, "person_id": actor.person_id, "agreed_at": now, "taken_back_at": None}
    row = upsert(OfferConsent).values(**values)
    db.session.execute(
        row.on_conflict_do_update(index_elements=["idea_id", "person_id"], set_={"agreed_at": now, "taken_back_at": None})
    )
    emit(OfferAgreed(person_id=actor.person_id, **scope(idea)), actor=actor, now=now)


@use_case(May.OFFER_IDEA, on="idea")
def take_back(*, actor: Actor, idea: Idea, now: datetime = AT_LOCK) -> None:
    """Let an idea be offered no more; from now on no later challenge reads or asks for it. Twice is once."""
    mine = OfferConsent.idea_id == idea.id, OfferConsent.person_id == actor.person_id
    row = db.session.scalars(select(OfferConsent).where(*mine)).one_or_none()
    if row is None or row.taken_back_at is not None:
        return
    row.taken_back_at = now
    emit(OfferTakenBack(person_id=row.person_id, **scope(idea)), actor=actor, now=now)


@use_case(May.ASK_FOR_IDEA, on="challenge")
def ask(*, actor: Actor, challenge: Challenge, idea: Idea, message: str, now: datetime = AT_LOCK) -> Offer:
    """Ask the authors of an earlier idea to bring it to a challenge that takes ideas; once for each.

    Raises:
        NotPossible: the challenge takes no ideas, the idea is not on offer any more, it was asked for already, or its
            authors are not in the challenge's audience and this person may not invite them.
        Invalid: nothing is said, or too much.
    """
    words = message.replace("\r\n", "\n").strip()
    if not words:
        raise Invalid("ask_missing", field="message")
    if len(words) > LONGEST:
        raise Invalid("inquiry_too_long", field="message")
    if not takes_ideas(challenge, now):
        raise NotPossible("takes_no_ideas")
    if queries.one_on_offer(actor, challenge, idea.public_id) is None:
        raise NotPossible("no_longer_on_offer")
    if queries.asked_for(idea, challenge) is not None:
        raise NotPossible("asked_for_already")
    authors = people.actors(_accepted(idea)).values()
    inside = all(Role.AUDIENCE in challenges.roles_on_challenge(each, challenge) for each in authors)
    if not inside and challenges.choice_to_invite(actor, challenge.public_id, now) is None:
        raise NotPossible("authors_not_in_audience")
    offer = Offer(idea_id=idea.id, challenge_id=challenge.id, message=words, asked_by=actor.person_id, asked_at=now)
    db.session.add(offer)
    db.session.flush()
    emit(IdeaAskedFor(offer_id=offer.id, **_asking(challenge)), actor=actor, now=now)
    return offer


@use_case(May.OFFER_IDEA, on="offer")
def bring(*, actor: Actor, offer: Offer, now: datetime = AT_LOCK) -> Idea:
    """Bring an earlier idea to the challenge that asks for it, as a draft; nothing is sent, and no terms are accepted yet.

    The other authors are named in it and accept for themselves. The earlier idea stays as it is.

    Raises:
        NotPossible: it was answered already.
        NotNow: the challenge takes no ideas now.
        Refused: this author judges in that challenge.
    """
    if offer.state != "asked":
        raise NotPossible("offer_answered")
    earlier, challenge = offer.idea, offer.challenge
    others = [each for each in earlier.authors if each.accepted_at is not None and each.person_id != actor.person_id]
    admit(actor=actor, challenge=challenge, person_ids=_accepted(earlier), now=now)
    forget_roles(challenge)
    idea = writing.start(
        actor=actor,
        challenge=challenge,
        title=earlier.title,
        text=earlier.text,
        requested_minor=None,
        language=earlier.language,
    )
    idea.offered_from_id = earlier.id
    for position, each in enumerate(others, 2):
        if may(people.actor(each.person_id), May.START_IDEA, challenge):
            db.session.add(Author(idea_id=idea.id, person_id=each.person_id, position=position))
            emit(AuthorNamed(person_id=each.person_id, **scope(idea)), actor=actor, now=now)
    _answered(offer, actor, now, brought=True)
    return idea


@use_case(May.OFFER_IDEA, on="offer")
def refuse(*, actor: Actor, offer: Offer, now: datetime = AT_LOCK) -> None:
    """Say no to a challenge that asks for an idea, for all its authors.

    Raises:
        NotPossible: it was answered already.
    """
    if offer.state != "asked":
        raise NotPossible("offer_answered")
    _answered(offer, actor, now, brought=False)


def takes_ideas(challenge: Challenge, now: datetime) -> bool:
    """Whether a challenge is out and takes ideas."""
    return challenge.state == "published" and queries.takes_earlier(challenge, now)


def _answered(offer: Offer, actor: Actor, now: datetime, *, brought: bool) -> None:
    offer.state, offer.answered_by, offer.answered_at = "brought" if brought else "refused", actor.person_id, now
    emit(OfferAnswered(offer_id=offer.id, brought=brought, **_asking(offer.challenge)), actor=actor, now=now)


def _asking(challenge: Challenge) -> dict[str, int]:
    """Where the facts of an ask stand: at the challenge that asks."""
    return {"programme_id": challenge.programme_id, "challenge_id": challenge.id}


def _accepted(idea: Idea) -> list[int]:
    return [each.person_id for each in idea.authors if each.accepted_at is not None]


def _sealed(idea: Idea) -> bool:
    return "sealed" in {idea.visibility, idea.challenge.visibility}
