"""What a panel is asked: the sponsor's own criteria, or three ready ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from innovation.challenges.models import Challenge
from innovation.evaluation import queries
from innovation.evaluation.events import CriteriaSet
from innovation.evaluation.models import Criterion
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.challenge import BY_PANEL
from innovation.rules.panel import MOST_CRITERIA
from innovation.rules.policy import May


@dataclass(frozen=True, slots=True)
class Asked:
    """One criterion as a person words it: its name, what 1 and 5 mean, and how often it counts."""

    label: str
    help: str = ""
    weight: int = 1


READY: dict[str, tuple[Asked, ...]] = {
    "en": (
        Asked("Novelty", "1: this is done in many places already. 5: nobody has done it like this."),
        Asked("Feasibility", "1: it needs a breakthrough first. 5: we can show that it works within weeks."),
        Asked("Value for the question", "1: it hardly touches the question. 5: it would answer the question in full."),
    ),
    "nl": (
        Asked("Nieuwheid", "1: dit gebeurt al op veel plaatsen. 5: niemand heeft het zo gedaan."),
        Asked("Haalbaarheid", "1: er is eerst een doorbraak nodig. 5: we kunnen binnen weken laten zien dat het werkt."),
        Asked("Waarde voor de vraag", "1: het raakt de vraag nauwelijks. 5: het zou de vraag helemaal beantwoorden."),
    ),
}
"""What a panel is asked where nobody said otherwise, by language."""


@use_case(May.EDIT_CHALLENGE, on="challenge")
def set_criteria(*, actor: Actor, challenge: Challenge, asked: Sequence[Asked], now: datetime = AT_LOCK) -> None:
    """Say what the panel judges by, in this order, instead of what was said before.

    Raises:
        NotPossible: scoring has begun, so the criteria stay as they are.
        Invalid: there is none or more than seven, one has no name or another's, or a weight is not from 1 to 9.
    """
    if queries.criteria_fixed(challenge, now):
        raise NotPossible("criteria_are_fixed")
    _check(asked)
    present = {row.position: row for row in queries.criteria(challenge.id)}
    for position, each in enumerate(asked, start=1):
        row = present.pop(position, None)
        if row is None:
            row = Criterion(challenge_id=challenge.id, position=position)
            db.session.add(row)
        row.label, row.help, row.weight = each.label.strip(), each.help.strip(), each.weight
    for row in present.values():
        db.session.delete(row)
    emit(CriteriaSet(programme_id=challenge.programme_id, challenge_id=challenge.id), actor=actor, now=now)


def _check(asked: Sequence[Asked]) -> None:
    if not asked:
        raise Invalid("criteria_missing", field="label_1")
    if len(asked) > MOST_CRITERIA:
        raise Invalid("too_many_criteria", field="label_1", most=MOST_CRITERIA)
    names: set[str] = set()
    for number, each in enumerate(asked, start=1):
        name = each.label.strip().casefold()
        if not name:
            raise Invalid("criterion_without_name", field=f"label_{number}")
        if name in names:
            raise Invalid("criterion_twice", field=f"label_{number}")
        if not 1 <= each.weight <= 9:
            raise Invalid("weight_out_of_range", field=f"weight_{number}")
        names.add(name)


def ready_criteria(challenge: Challenge) -> tuple[Asked, ...]:
    """The ready criteria in a challenge's language."""
    return READY.get(challenge.language, READY["en"])


def ensure_criteria(challenge: Challenge) -> Sequence[Criterion]:
    """The criteria of a challenge that a panel decides, inside a use case; the ready ones are written where it has none.

    Two at once write the same rows, and each row once.
    """
    present = queries.criteria(challenge.id)
    if present or challenge.who_decides not in BY_PANEL:
        return present
    for position, each in enumerate(ready_criteria(challenge), start=1):
        row = upsert(Criterion).values(
            challenge_id=challenge.id, position=position, label=each.label, help=each.help, weight=each.weight
        )
        db.session.execute(row.on_conflict_do_nothing(index_elements=["challenge_id", "position"]))
    return queries.criteria(challenge.id)


@use_case(None, on="challenge")
def give_ready_criteria(*, actor: Actor, challenge: Challenge) -> None:
    """Give a challenge that a panel decides its three ready criteria, unless it has its own."""
    ensure_criteria(challenge)
