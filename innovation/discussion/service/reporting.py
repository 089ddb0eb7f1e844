"""Reporting a comment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from innovation.discussion.events import CommentHeldBack, CommentReported
from innovation.discussion.models import Case, Comment, Report
from innovation.discussion.queries.cases import has_reported
from innovation.discussion.service.counting import recount
from innovation.discussion.service.threads import scope
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.moderation import CASE, HIDES_AT_ONCE, LONGEST_WORDS, CaseState, ReportReason
from innovation.rules.policy import May


@use_case(May.REPORT_COMMENT, on="comment")
def report(*, actor: Actor, comment: Comment, reason: ReportReason, words: str = "", now: datetime = AT_LOCK) -> Case:
    """Ask those who keep order to look at a comment; each person once for each comment.

    Reports that come in while a case is open are added to it. What may be confidential is hidden until somebody has looked.

    Raises:
        NotPossible: the comment is gone, or this person has reported it before.
        Invalid: the words are too many.
    """
    if comment.trashed_at or comment.hidden_at:
        raise NotPossible("comment_is_gone")
    assert actor.person_id is not None, "the policy table asks for somebody signed in"
    if has_reported(actor.person_id, comment.id):
        raise NotPossible("reported_already")
    if len(words) > LONGEST_WORDS:
        raise Invalid("words_too_long", field="words")
    case, first = _open_case(comment, now)
    db.session.add(Report(case_id=case.id, person_id=actor.person_id, reason=reason, words=words.strip(), made_at=now))
    where: dict[str, Any] = {"thread_id": comment.thread_id, "comment_id": comment.id, "case_id": case.id}
    where |= scope(comment.thread)
    fact = CommentReported(code=str(reason), first=first, **where)
    if first:
        lifecycle.begin(case, CASE, fact, actor=actor, now=now)
    else:
        emit(fact, actor=actor, now=now)
    if reason in HIDES_AT_ONCE:
        comment.hidden_at = now
        recount(comment.thread)
        emit(CommentHeldBack(**where), actor=actor, now=now)
    return case


def _open_case(comment: Comment, now: datetime) -> tuple[Case, bool]:
    """The case under way about a comment, or a new one; called under the comment's lock."""
    row = db.session.scalars(select(Case).where(Case.comment_id == comment.id, Case.state == CaseState.OPEN)).one_or_none()
    if row is not None:
        return row, False
    row = Case(comment_id=comment.id, opened_at=now)
    db.session.add(row)
    db.session.flush()
    return row, True
