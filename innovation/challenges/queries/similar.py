"""Reading which challenges of the past asked much the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import load_only

from innovation.challenges.models import Challenge
from innovation.challenges.queries.seeing import visible
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.rules.challenge import ChallengeState
from innovation.rules.similar import LONGEST, most_similar

NEWEST: Final = 1_000
"""Of the past, so many challenges are looked at, the latest."""
AT_LEAST: Final = 0.08
"""Below this the words only happen to meet. A brief against another is longer than an idea's title against an idea."""


def like(actor: Actor, challenge: Challenge, now: datetime, count: int = 3) -> Sequence[Challenge]:
    """The past challenges most like one, of those this person may see, the nearest first; none where none is.

    The full part of a brief takes no part in it.
    """
    past = or_(
        Challenge.state.in_([ChallengeState.DECIDED, ChallengeState.STOPPED]),
        and_(Challenge.state == ChallengeState.PUBLISHED, Challenge.closes_at <= now),
    )
    rows = db.session.scalars(
        select(Challenge)
        .options(
            load_only(
                Challenge.public_id,
                Challenge.title,
                Challenge.summary,
                Challenge.must,
                Challenge.background,
                Challenge.language,
                Challenge.state,
                Challenge.visibility,
                raiseload=True,
            )
        )
        .where(past, Challenge.id != challenge.id, visible(actor))
        .order_by(Challenge.closes_at.desc(), Challenge.id.desc())
        .limit(NEWEST)
    ).all()
    nearest = most_similar(_words(challenge), [_words(each) for each in rows], count, AT_LEAST)
    return [rows[place] for place, _likeness in nearest]


def _words(challenge: Challenge) -> str:
    return "\n".join((challenge.title, challenge.summary, challenge.must, challenge.background))[:LONGEST]
