"""A challenge's own questions, asked by its sponsor."""

from __future__ import annotations

from typing import Any

from innovation.challenges.models import Challenge, OwnQuestion
from innovation.challenges.service import questions
from innovation.challenges.service.questions import Wording
from innovation.kernel.actor import Actor
from innovation.rules.answers import AnswerKind
from tests.support.world import World


def ask(
    world: World, challenge: Challenge, label: str, kind: str = "text", *, who: Actor | None = None, **wording: Any
) -> OwnQuestion:
    """One question more."""
    asker = who or world.sponsor_of(challenge)
    made = Wording(kind=AnswerKind(kind), label=label, **({"required": True} | wording))
    return questions.add(actor=asker, challenge=world.again(challenge), wording=made)


def field(question: OwnQuestion, more: str = "") -> str:
    """The name of its field."""
    return f"answer_{question.public_id}{more}"
