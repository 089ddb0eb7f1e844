"""The address under which a reader of feeds or a calendar asks in a person's name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from innovation.kernel import ids
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.notifications.models import FeedKey
from innovation.rules.policy import May


@use_case(May.USE_ACCOUNT)
def make_key(*, actor: Actor, now: datetime = AT_LOCK) -> str:
    """Make a person's key, in place of an earlier one, which opens nothing any more.

    Returns:
        The token, which is shown once: only its digest is kept.
    """
    assert actor.person_id is not None
    _revoke(actor.person_id, now)
    token = ids.token()
    db.session.add(FeedKey(person_id=actor.person_id, token_digest=ids.digest(token), made_at=now))
    return token


@use_case(May.USE_ACCOUNT)
def revoke_key(*, actor: Actor, now: datetime = AT_LOCK) -> None:
    """Let a person's key open nothing any more."""
    assert actor.person_id is not None
    _revoke(actor.person_id, now)


def _revoke(person_id: int, now: datetime) -> None:
    db.session.execute(
        update(FeedKey).where(FeedKey.person_id == person_id, FeedKey.revoked_at.is_(None)).values(revoked_at=now)
    )
