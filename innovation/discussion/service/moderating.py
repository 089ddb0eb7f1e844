"""Deciding what was reported: kept, or removed with a reason; and once more by somebody else when the writer objects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from innovation.discussion.events import (
    CommentKept,
    CommentRemoved,
    CommentRestoredByAppeal,
    RemovalAppealed,
    RemovalUpheld,
)
from innovation.discussion.models import Case
from innovation.discussion.queries.cases import may_object_until
from innovation.discussion.service.counting import recount
from innovation.discussion.service.threads import scope
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.errors import Invalid, NotNow
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.moderation import CASE, LONGEST_WORDS, ReportReason
from innovation.rules.policy import May


@use_case(May.MODERATE, on="case")
def keep(*, actor: Actor, case: Case, words: str = "", now: datetime = AT_LOCK) -> None:
    """Leave a reported comment where it is; one that was hidden meanwhile is shown again.

    Raises:
        NotPossible: it is decided already.
    """
    hidden = case.comment.hidden_at is not None
    fact = CommentKept(hidden=hidden, **_where(case))
    lifecycle.move(case, CASE, "keep", fact, actor=actor, now=now)
    case.decided_at, case.decided_by, case.reason = now, actor.person_id, _checked(words)
    _hide(case, None)


@use_case(May.MODERATE, on="case")
def remove(*, actor: Actor, case: Case, reason: ReportReason, words: str, now: datetime = AT_LOCK) -> None:
    """Hide a reported comment from readers, with a reason that its writer reads.

    Raises:
        Invalid: no sentence says why.
        NotPossible: it is decided already.
    """
    said = _needed(words)
    lifecycle.move(case, CASE, "remove", CommentRemoved(code=str(reason), **_where(case)), actor=actor, now=now)
    case.decided_at, case.decided_by = now, actor.person_id
    case.reason_code, case.reason = str(reason), said
    _hide(case, case.comment.hidden_at or now)


@use_case(May.OBJECT_TO_REMOVAL, on="case")
def object_to(*, actor: Actor, case: Case, words: str, now: datetime = AT_LOCK) -> None:
    """The writer asks that somebody else looks once more. Once, and for a fortnight after the removal.

    Raises:
        Invalid: nothing is said.
        NotNow: the fortnight is over.
        NotPossible: nothing was removed, or an objection was made already.
    """
    said = _needed(words)
    until = may_object_until(case)
    if until is not None and now >= until:
        raise NotNow("objection_is_late", at=until)
    lifecycle.move(case, CASE, "appeal", RemovalAppealed(**_where(case)), actor=actor, now=now)
    case.appealed_at, case.appeal = now, said


@use_case(May.SETTLE_OBJECTION, on="case")
def uphold(*, actor: Actor, case: Case, words: str, now: datetime = AT_LOCK) -> None:
    """Let a removal stand, with a sentence for its writer. For good.

    Raises:
        Invalid: no sentence says why.
        NotPossible: no objection waits.
    """
    said = _needed(words)
    lifecycle.move(case, CASE, "uphold", RemovalUpheld(**_where(case)), actor=actor, now=now)
    case.settled_at, case.settled_by, case.settlement = now, actor.person_id, said


@use_case(May.SETTLE_OBJECTION, on="case")
def restore(*, actor: Actor, case: Case, words: str = "", now: datetime = AT_LOCK) -> None:
    """Show a removed comment again: the objection is right.

    Raises:
        NotPossible: no objection waits.
    """
    said = _checked(words)
    lifecycle.move(case, CASE, "restore", CommentRestoredByAppeal(**_where(case)), actor=actor, now=now)
    case.settled_at, case.settled_by, case.settlement = now, actor.person_id, said
    _hide(case, None)


def _hide(case: Case, since: datetime | None) -> None:
    case.comment.hidden_at = since
    recount(case.comment.thread)


def _where(case: Case) -> dict[str, Any]:
    thread = case.comment.thread
    return {"thread_id": thread.id, "comment_id": case.comment_id, "case_id": case.id} | scope(thread)


def _checked(words: str) -> str:
    said = words.strip()
    if len(said) > LONGEST_WORDS:
        raise Invalid("words_too_long", field="words")
    return said


def _needed(words: str) -> str:
    said = _checked(words)
    if not said:
        raise Invalid("reason_missing", field="words")
    return said
