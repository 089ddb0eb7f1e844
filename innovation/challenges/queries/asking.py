"""Reading a challenge's own questions, and whether they can still change."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from innovation.challenges.models import Challenge, OwnQuestion, Terms
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.rules.answers import ON_ONE_PAGE

_SENT = ("IdeaSubmitted", "IdeaHandedIn")
"""The facts that an idea was sent. Ideas lie above; what is stated of a challenge is known to it."""


def questions(challenge_id: int) -> Sequence[OwnQuestion]:
    """What a challenge asks of every idea besides its text, in its order."""
    return db.session.scalars(
        select(OwnQuestion).where(OwnQuestion.challenge_id == challenge_id).order_by(OwnQuestion.position)
    ).all()


def question(challenge: Challenge, public_id: str) -> OwnQuestion | None:
    """One question of a challenge, by its address."""
    return db.session.scalars(
        select(OwnQuestion).where(OwnQuestion.challenge_id == challenge.id, OwnQuestion.public_id == public_id)
    ).one_or_none()


def questions_fixed(challenge: Challenge) -> bool:
    """Whether the questions stay as they are: an idea was sent, so its author answered what stood there."""
    sent = select(Event.id).where(Event.challenge_id == challenge.id, Event.name.in_(_SENT)).limit(1)
    return db.session.scalar(sent) is not None


def transfers(terms: Terms | None) -> bool:
    """Whether an idea's rights go over with the award, so that whoever sends one reads it all once more."""
    return terms is not None and terms.key == "transfer_on_award"


def on_one_page(challenge: Challenge, asked: Sequence[OwnQuestion]) -> bool:
    """Whether an idea is written and sent on one page here; the challenge's terms must be loaded."""
    return len(asked) <= ON_ONE_PAGE and not transfers(challenge.terms)
