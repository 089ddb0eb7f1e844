"""What a judge asks the authors of an idea, and what they answer: until the result, seen by authors, panel and sponsors."""

from __future__ import annotations

from datetime import datetime

from innovation.ideas.events import AuthorsAnswered, AuthorsAsked
from innovation.ideas.models import Idea, IdeaQuestion
from innovation.ideas.queries import questioning as queries
from innovation.ideas.service.writing import require_accepted, scope
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.inquiry import LONGEST, MOST_OF_ONE
from innovation.rules.policy import May


@use_case(May.ASK_AUTHORS, on="idea")
def ask(*, actor: Actor, idea: Idea, text: str, now: datetime = AT_LOCK) -> IdeaQuestion:
    """Ask the authors of an idea something.

    Raises:
        NotPossible: the idea is not in the running, or its decision is being taken.
        Invalid: nothing is asked, too much, or too many questions of this judge still wait.
    """
    if not queries.open_here(idea):
        raise NotPossible("no_questions_now")
    words = _checked(text)
    assert actor.person_id is not None
    if queries.waiting_by(actor.person_id, idea.id) >= MOST_OF_ONE or queries.how_many(idea.id) >= queries.MOST:
        raise Invalid("too_many_inquiries", field="text")
    question = IdeaQuestion(
        idea_id=idea.id, text=words, language=idea.challenge.language, asked_by=actor.person_id, asked_at=now
    )
    question.idea = idea
    db.session.add(question)
    db.session.flush()
    emit(AuthorsAsked(question_id=question.id, **scope(idea)), actor=actor, now=now)
    return question


@use_case(May.ANSWER_QUESTION, on="idea")
def answer(*, actor: Actor, idea: Idea, question: IdeaQuestion, text: str, now: datetime = AT_LOCK) -> None:
    """Answer what a judge asked; the first author who does answers for all.

    Raises:
        NotPossible: it was answered already, nothing can be answered any more, or this person was only named as an author.
        Invalid: nothing is said, or too much.
    """
    require_accepted(idea, actor.person_id)
    if not queries.open_here(idea):
        raise NotPossible("no_questions_now")
    if question.idea_id != idea.id or question.answered_at is not None:
        raise NotPossible("inquiry_answered")
    question.answer = _checked(text)
    question.answered_by, question.answered_at = actor.person_id, now
    emit(AuthorsAnswered(question_id=question.id, **scope(idea)), actor=actor, now=now)


def _checked(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise Invalid("inquiry_missing", field="text")
    if len(words) > LONGEST:
        raise Invalid("inquiry_too_long", field="text")
    return words
