"""Questions to a sponsor: asked in private or not, answered to who asked alone, or published in edited words for all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from innovation.challenges.events import InquiryAnswered, InquiryAsked, InquiryDue
from innovation.challenges.models import Challenge, Inquiry
from innovation.challenges.queries import inquiries as queries
from innovation.kernel import reminders
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules import promises
from innovation.rules.challenge import LIVE, ChallengeState
from innovation.rules.inquiry import LONGEST, MOST_OF_ONE
from innovation.rules.policy import May

BATCH = 200


@use_case(May.ASK_SPONSOR, on="challenge")
def ask(*, actor: Actor, challenge: Challenge, text: str, private: bool, now: datetime = AT_LOCK) -> Inquiry:
    """Ask a challenge's sponsor something, from its publication until the decision is taken.

    Args:
        private: that the answer is never published, neither in these words nor in others.

    Raises:
        NotPossible: the challenge is not running.
        Invalid: nothing is asked, too much, or too many questions of this person still wait.
    """
    if not queries.can_be_asked(challenge):
        raise NotPossible("no_questions_now")
    words = _checked(text, "text")
    assert actor.person_id is not None
    if queries.waiting_of(actor.person_id, challenge.id) >= MOST_OF_ONE:
        raise Invalid("too_many_inquiries", field="text")
    inquiry = Inquiry(
        challenge_id=challenge.id,
        text=words,
        private=private,
        language=challenge.language,
        asked_by=actor.person_id,
        asked_at=now,
    )
    inquiry.challenge = challenge
    db.session.add(inquiry)
    db.session.flush()
    emit(InquiryAsked(inquiry_id=inquiry.id, **_scope(challenge)), actor=actor, now=now)
    return inquiry


@use_case(May.ANSWER_INQUIRY, on="inquiry")
def answer(
    *, actor: Actor, inquiry: Inquiry, text: str, shown_text: str = "", publish: bool = False, now: datetime = AT_LOCK
) -> None:
    """Answer a question, to who asked it alone or to everybody who sees the challenge.

    Args:
        text: the answer.
        shown_text: the question as everybody reads it; needed where it is published, ignored where it is not.
        publish: whether everybody reads it, without the name of who asked.

    Raises:
        NotPossible: it was answered already, or its challenge is not out.
        Invalid: nothing is said, too much, or a question asked in private is to be published.
    """
    if inquiry.challenge.state not in LIVE:
        raise NotPossible("no_questions_now")
    if inquiry.answered_at is not None:
        raise NotPossible("inquiry_answered")
    words = _checked(text, "text")
    if publish and inquiry.private:
        raise Invalid("inquiry_is_private", field="publish")
    shown = _checked(shown_text, "shown_text") if publish else ""
    inquiry.answer, inquiry.shown_text = words, shown
    inquiry.answered_by, inquiry.answered_at = actor.person_id, now
    inquiry.published_at = now if publish else None
    said = InquiryAnswered(inquiry_id=inquiry.id, published=publish, **_scope(inquiry.challenge))
    emit(said, actor=actor, now=now)


@use_case(None)
def remind(*, actor: Actor, after: int = 0, now: datetime = AT_LOCK) -> int | None:
    """State for questions that wait that three days have passed, or the promised five, once per step.

    Returns:
        The id after which to go on, or None when no question is left.
    """
    found = db.session.scalars(
        select(Inquiry)
        .join(Inquiry.challenge)
        .options(joinedload(Inquiry.challenge))
        .where(
            queries.UNANSWERED,
            Inquiry.asked_at <= now - promises.INQUIRY_REMINDER,
            Inquiry.id > after,
            Challenge.state == ChallengeState.PUBLISHED,
        )
        .order_by(Inquiry.id)
        .limit(BATCH)
    ).all()
    for inquiry in found:
        due = promises.inquiry_step(inquiry.asked_at, now)
        if due is not None and reminders.first_time("inquiry", inquiry.id, due[1], now=now):
            fact = InquiryDue(inquiry_id=inquiry.id, step=due[0], **_scope(inquiry.challenge))
            emit(fact, actor=actor, now=now)
    return found[-1].id if len(found) == BATCH else None


def _checked(text: str, field: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise Invalid("inquiry_missing", field=field)
    if len(words) > LONGEST:
        raise Invalid("inquiry_too_long", field=field)
    return words


def _scope(challenge: Challenge) -> dict[str, int]:
    return {"programme_id": challenge.programme_id, "challenge_id": challenge.id}
