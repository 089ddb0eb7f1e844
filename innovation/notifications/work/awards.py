"""Messages about awards: to who wins one and to who offers it, never to the one who made the news."""

from __future__ import annotations

from innovation.awards import queries as awards
from innovation.awards.events import (
    AwardAccepted,
    AwardDeclined,
    AwardDivided,
    AwardDue,
    AwardOffered,
    AwardPaid,
    AwardPapersComplete,
    AwardRemarked,
    AwardTakenBack,
)
from innovation.kernel.events import Delivery, Event, on
from innovation.notifications import service

TO_WINNERS = {"AwardOffered": "award_offered", "AwardDivided": "award_divided"}
TO_ALL = {
    "AwardAccepted": "award_accepted",
    "AwardDeclined": "award_declined",
    "AwardPapersComplete": "award_papers_complete",
    "AwardPaid": "award_paid",
    "AwardTakenBack": "award_taken_back",
    "AwardRemarked": "award_remark",
}


@on(AwardOffered, AwardDivided, name="notifications.award_to_winners")
def award_to_winners(event: Event, delivery: Delivery) -> None:
    _tell(event, TO_WINNERS[event.name], awards.winners(event.payload["award_id"]))


@on(
    AwardAccepted,
    AwardDeclined,
    AwardPapersComplete,
    AwardPaid,
    AwardTakenBack,
    AwardRemarked,
    name="notifications.award_to_all",
)
def award_to_all(event: Event, delivery: Delivery) -> None:
    _tell(event, TO_ALL[event.name], _everybody(event))


@on(AwardDue, name="notifications.award_due")
def award_due(event: Event, delivery: Delivery) -> None:
    """Before its day whose turn it is; once it is late, those who offer the award too."""
    step, award_id = event.payload["step"], event.payload["award_id"]
    if step.startswith("pay_"):
        told = awards.offerers(award_id)
    elif step.endswith("_late"):
        told = _everybody(event)
    else:
        told = awards.winners(award_id)
    _tell(event, f"award_{step}", told)


def _everybody(event: Event) -> set[int]:
    award_id = event.payload["award_id"]
    return awards.winners(award_id) | awards.offerers(award_id)


def _tell(event: Event, kind: str, person_ids: set[int]) -> None:
    told = person_ids - {event.actor_id or 0}
    service.tell(event, kind, told, {"award_id": event.payload["award_id"]})
