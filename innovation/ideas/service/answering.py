"""Answers to a challenge's own questions, inside the verbs that write an idea; and a question that goes with them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, OwnQuestion
from innovation.challenges.service import questions
from innovation.ideas import queries
from innovation.ideas.models import Answer, Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.usecase import use_case
from innovation.rules.answers import AnswerKind, problems
from innovation.rules.policy import May

FIELD = "answer_"
"""Before a question's address: the name of its field."""


def write(idea: Idea, given: Mapping[str, str] | None) -> None:
    """Keep answers as they are, complete or not. A question that is not named keeps its answer; an empty one loses it."""
    if not given:
        return
    asked = {each.public_id: each for each in challenges.questions(idea.challenge_id)}
    ids = {asked[name].id: value.strip() for name, value in given.items() if name in asked}
    present = db.session.scalars(select(Answer).where(Answer.idea_id == idea.id, Answer.question_id.in_(ids)))
    rows = {row.question_id: row for row in present}
    for question_id, value in ids.items():
        row = rows.get(question_id)
        if row is not None and value:
            row.value = value
        elif row is not None:
            db.session.delete(row)
        elif value:
            db.session.add(Answer(idea_id=idea.id, question_id=question_id, value=value))
    db.session.flush()


def shortcomings(
    challenge: Challenge, given: Mapping[str, str], idea: Idea | None, *, coming: frozenset[str] = frozenset()
) -> list[tuple[str, Invalid]]:
    """What is wrong with answers, as (field, refusal) pairs, in the challenge's order.

    Args:
        given: answers by the question's address.
        idea: whose files can be an answer; None before there is one.
        coming: questions that are answered by a file on its way.
    """
    asked = challenges.questions(challenge.id)
    wants_files = any(each.kind == AnswerKind.FILE for each in asked)
    files = queries.own_files(idea) if idea is not None and wants_files else {}
    found = []
    for each in asked:
        if each.public_id in coming:
            continue
        for code in problems(each, given.get(each.public_id, ""), files):
            field = FIELD + each.public_id
            found.append((field, Invalid(code, field=field, most=each.most)))
    return found


def require_answered(idea: Idea) -> None:
    """Refuse to send an idea whose answers are not what its challenge asks for.

    Raises:
        Invalid: the first answer that is missing or wrong.
    """
    for _field, error in shortcomings(idea.challenge, queries.said(idea), idea):
        raise error


@use_case(May.EDIT_CHALLENGE, on="challenge")
def remove_question(*, actor: Actor, challenge: Challenge, question: OwnQuestion) -> None:
    """Ask a question no more; what drafts answered to it goes with it.

    Raises:
        NotPossible: an idea was sent.
    """
    questions.require_changeable(challenge)
    db.session.execute(delete(Answer).where(Answer.question_id == question.id))
    questions.take_out(actor=actor, challenge=challenge, question=question)
