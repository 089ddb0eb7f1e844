"""What an announcement says of ideas besides their states, for the figures: that one met the conditions, that its answer was
in time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from innovation.ideas.models import Idea
from innovation.kernel import lifecycle
from innovation.kernel.events import Event
from innovation.promotion.models import Decision
from innovation.rules.promotion.reasons import UNFIT


def eligible(made: Iterable[Decision], event: Event, now: datetime) -> None:
    """Mark the ideas that met the conditions of the rule, chosen or not. A person's call says nothing of conditions: what
    counts there is the rule's own reason."""
    for each in made:
        if each.params.get("was", each.because) not in UNFIT:
            lifecycle.mark(each.idea, "eligible", event, now=now)


def in_time(answered: Iterable[Idea], event: Event, now: datetime) -> None:
    """Mark whether an answer came by the day that was promised, where one was."""
    for idea in answered:
        promised = idea.challenge.answer_by
        if promised is not None:
            lifecycle.mark(idea, "answered_in_time" if now <= promised else "answered_late", event, now=now)
