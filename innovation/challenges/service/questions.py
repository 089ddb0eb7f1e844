"""A challenge's own questions: what every idea answers besides its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from innovation.challenges import queries
from innovation.challenges.events import ChallengeEdited
from innovation.challenges.models import Challenge, OwnQuestion
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.answers import (
    FEWEST_OPTIONS,
    LONGEST_TEXT,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    USUAL_TEXT,
    AnswerKind,
)
from innovation.rules.policy import May


@dataclass(frozen=True, slots=True)
class Wording:
    """A question as a person words it.

    Attributes:
        most: at most so many characters, for a text.
        unit: what a number counts.
        options: what can be chosen.
        criterion: the position of the panel's criterion that it bears on.
    """

    kind: AnswerKind
    label: str
    help: str = ""
    required: bool = False
    most: int | None = None
    unit: str = ""
    options: Sequence[str] = field(default_factory=tuple)
    criterion: int | None = None


@use_case(May.EDIT_CHALLENGE, on="challenge")
def add(*, actor: Actor, challenge: Challenge, wording: Wording, now: datetime = AT_LOCK) -> OwnQuestion:
    """Ask one thing more, below what is asked already.

    Raises:
        NotPossible: an idea was sent, or there are ten already.
        Invalid: the question is not complete.
    """
    require_changeable(challenge)
    present = queries.questions(challenge.id)
    if len(present) >= MOST_QUESTIONS:
        raise NotPossible("too_many_questions", most=MOST_QUESTIONS)
    _check(wording, present)
    made = OwnQuestion(challenge_id=challenge.id, position=present[-1].position + 1 if present else 1)
    _write(made, wording)
    db.session.add(made)
    db.session.flush()
    _tell(actor, challenge, now)
    return made


@use_case(May.EDIT_CHALLENGE, on="challenge")
def change(*, actor: Actor, challenge: Challenge, question: OwnQuestion, wording: Wording, now: datetime = AT_LOCK) -> None:
    """Word a question differently. What drafts answer stays as it was typed, and is checked when it is sent.

    Raises:
        NotPossible: an idea was sent.
        Invalid: the question is not complete.
    """
    require_changeable(challenge)
    _check(wording, [each for each in queries.questions(challenge.id) if each.id != question.id])
    _write(question, wording)
    _tell(actor, challenge, now)


@use_case(May.EDIT_CHALLENGE, on="challenge")
def move(*, actor: Actor, challenge: Challenge, question: OwnQuestion, up: bool, now: datetime = AT_LOCK) -> None:
    """Ask a question one place earlier or later; the first one stays first, the last one last.

    Raises:
        NotPossible: an idea was sent.
    """
    require_changeable(challenge)
    present = list(queries.questions(challenge.id))
    at = next(place for place, each in enumerate(present) if each.id == question.id)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(present):
        return
    present[at], present[to] = present[to], present[at]
    _number(present)
    _tell(actor, challenge, now)


@use_case(May.EDIT_CHALLENGE, on="challenge")
def take_out(*, actor: Actor, challenge: Challenge, question: OwnQuestion, now: datetime = AT_LOCK) -> None:
    """Ask a question no more. Whoever keeps answers to it has deleted them before.

    Raises:
        NotPossible: an idea was sent.
    """
    require_changeable(challenge)
    db.session.delete(question)
    db.session.flush()
    _number(list(queries.questions(challenge.id)))
    _tell(actor, challenge, now)


def copy_questions(original: Challenge, challenge: Challenge) -> None:
    """Ask in a new challenge what an earlier one asked, inside the verb that copies it."""
    for each in queries.questions(original.id):
        db.session.add(
            OwnQuestion(
                challenge_id=challenge.id,
                position=each.position,
                kind=each.kind,
                label=each.label,
                help=each.help,
                required=each.required,
                most=each.most,
                unit=each.unit,
                options=list(each.options),
                criterion=each.criterion,
            )
        )


def require_changeable(challenge: Challenge) -> None:
    """Refuse what changes the questions once somebody has answered them.

    Raises:
        NotPossible: an idea was sent.
    """
    if queries.questions_fixed(challenge):
        raise NotPossible("questions_are_fixed")


def _check(wording: Wording, others: Sequence[OwnQuestion]) -> None:
    """Whether a question can be asked like this beside the others.

    Raises:
        Invalid: the first thing that is wrong.
    """
    label = wording.label.strip()
    if not label:
        raise Invalid("question_missing", field="label")
    if any(each.label.casefold() == label.casefold() for each in others):
        raise Invalid("question_twice", field="label")
    if wording.kind == AnswerKind.TEXT and not 1 <= (wording.most or USUAL_TEXT) <= LONGEST_TEXT:
        raise Invalid("limit_out_of_range", field="most")
    if wording.kind == AnswerKind.CHOICE:
        options = _options(wording)
        if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
            raise Invalid("options_out_of_range", field="options")
        if len({each.casefold() for each in options}) < len(options):
            raise Invalid("option_twice", field="options")


def _options(wording: Wording) -> list[str]:
    return [each.strip() for each in wording.options if each.strip()]


def _write(question: OwnQuestion, wording: Wording) -> None:
    """A question keeps what its kind has a use for."""
    kind = wording.kind
    question.kind = str(kind)
    question.label, question.help, question.required = wording.label.strip(), wording.help.strip(), wording.required
    question.most = (wording.most or USUAL_TEXT) if kind == AnswerKind.TEXT else None
    question.unit = wording.unit.strip() if kind == AnswerKind.NUMBER else ""
    question.options = _options(wording) if kind == AnswerKind.CHOICE else []
    question.criterion = wording.criterion


def _number(present: Sequence[OwnQuestion]) -> None:
    """Number questions anew, by way of places that none has: a place is one question's at every moment."""
    for place, each in enumerate(present, start=1):
        each.position = -place
    db.session.flush()
    for place, each in enumerate(present, start=1):
        each.position = place
    db.session.flush()


def _tell(actor: Actor, challenge: Challenge, now: datetime) -> None:
    emit(ChallengeEdited(programme_id=challenge.programme_id, challenge_id=challenge.id), actor=actor, now=now)
