"""Keeping words that are said often: for one programme, or for the whole house."""

from __future__ import annotations

from datetime import datetime

from innovation.challenges.models import Programme
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, Refused
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, may, use_case
from innovation.rules.policy import May
from innovation.rules.sending import MOST_WORDS, SendingAct
from innovation.steering.events import ReasonKept, ReasonThrownAway
from innovation.steering.models import SavedReason
from innovation.steering.queries import reasons as queries


@use_case(May.KEEP_REASONS)
def keep(
    *,
    actor: Actor,
    act: SendingAct,
    programme: Programme | None,
    title: str,
    text: str,
    language: str,
    now: datetime = AT_LOCK,
) -> SavedReason:
    """Keep words for an act.

    Args:
        programme: for which programme; None for the whole house, which its managers and administrators alone keep.

    Raises:
        Refused: it is not this person's programme, or house.
        Invalid: a title or the words are missing, or they are too long.
    """
    reason = SavedReason(
        act=act,
        programme_id=programme.id if programme is not None else None,
        title=title,
        text=_checked(title, text),
        language=language,
        made_by=actor.person_id,
        made_at=now,
    )
    _require_own(actor, reason)
    db.session.add(reason)
    db.session.flush()
    emit(ReasonKept(programme_id=reason.programme_id, reason_id=reason.id), actor=actor, now=now)
    return reason


@use_case(May.KEEP_REASONS, on="reason")
def change(
    *,
    actor: Actor,
    reason: SavedReason,
    act: SendingAct,
    programme: Programme | None,
    title: str,
    text: str,
    language: str,
    now: datetime = AT_LOCK,
) -> None:
    """Change kept words, or for what and whom they are. What was said with them before stays as it was said.

    Raises:
        Refused: as in :func:`keep`.
        Invalid: as in :func:`keep`.
    """
    reason.act, reason.title, reason.text, reason.language = act, title, _checked(title, text), language
    reason.programme_id = programme.id if programme is not None else None
    _require_own(actor, reason)
    emit(ReasonKept(programme_id=reason.programme_id, reason_id=reason.id), actor=actor, now=now)


@use_case(May.KEEP_REASONS, on="reason")
def throw_away(*, actor: Actor, reason: SavedReason, now: datetime = AT_LOCK) -> None:
    """Offer these words no longer. The row stays, since what was sent with it points at it."""
    if reason.trashed_at is None:
        reason.trashed_at, reason.trashed_by = now, actor.person_id
        emit(ReasonThrownAway(programme_id=reason.programme_id, reason_id=reason.id), actor=actor, now=now)


def _require_own(actor: Actor, reason: SavedReason) -> None:
    """Whether this person keeps the place that the words are meant for; the verb asked for the one they had."""
    if reason.programme_id is None and not queries.keeps_for_house(actor):
        raise Refused(May.KEEP_REASONS.value)
    if not may(actor, May.KEEP_REASONS, reason):
        raise Refused(May.KEEP_REASONS.value)


def _checked(title: str, text: str) -> str:
    if not title.strip():
        raise Invalid("title_missing", field="title")
    if not text.strip():
        raise Invalid("words_missing", field="text")
    if len(text) > MOST_WORDS:
        raise Invalid("words_too_long", field="text")
    return text.replace("\r\n", "\n").strip()
