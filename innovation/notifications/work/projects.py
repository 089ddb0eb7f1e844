"""Messages about projects: to the team, the sponsor, the manager and who follows one; and to whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable

from innovation.kernel.events import Delivery, Event, on
from innovation.notifications import service
from innovation.people import queries as people
from innovation.projects.events import (
    DeputyNamed,
    GateAgain,
    GateAsked,
    GateDue,
    GateExtended,
    GateHeld,
    GatePassed,
    GateReopened,
    GateStopped,
    MemberAsked,
    MilestoneLate,
    ProjectAdopted,
    ProjectIterated,
    ProjectShelved,
    UpdatePosted,
)
from innovation.projects.queries import audience
from innovation.rules.gatekeeping import GateStep

NEWS = {
    "UpdatePosted": "update_posted",
    "GatePassed": "gate_passed",
    "GateStopped": "gate_stopped",
    "GateAgain": "gate_again",
    "GateHeld": "gate_held",
    "GateExtended": "gate_later",
    "GateReopened": "gate_reopened",
    "ProjectAdopted": "project_adopted",
    "ProjectIterated": "project_iterated",
    "ProjectShelved": "project_shelved",
}


@on(
    UpdatePosted,
    GatePassed,
    GateStopped,
    GateAgain,
    GateHeld,
    GateExtended,
    GateReopened,
    ProjectAdopted,
    ProjectIterated,
    ProjectShelved,
    name="notifications.project_news",
)
def project_news(event: Event, delivery: Delivery) -> None:
    """Everybody a project concerns, but not who made the news himself."""
    assert event.project_id is not None
    _tell(event, NEWS[event.name], audience.concerned(event.project_id))


@on(GateAsked, name="notifications.gate_asked")
def gate_asked(event: Event, delivery: Delivery) -> None:
    assert event.project_id is not None
    _tell(event, "gate_asked", audience.keepers(event.project_id, event.payload["gate"]))


@on(GateDue, name="notifications.gate_due")
def gate_due(event: Event, delivery: Delivery) -> None:
    """Before its day the team is told; once it is late or waits too long, everybody who can do something about it; of one
    on hold its keeper alone, since nobody else can let it go on."""
    assert event.project_id is not None
    step, gate = GateStep(event.payload["step"]), event.payload["gate"]
    if step == GateStep.SOON:
        told = set(audience.team(event.project_id))
    elif step == GateStep.LATE:
        told = audience.concerned(event.project_id)
    elif step == GateStep.ON_HOLD:
        told = audience.keepers(event.project_id, gate)
    else:
        told = audience.keepers(event.project_id, gate) | audience.deputies(event.project_id, gate)
        told |= set(people.managers(event.programme_id or 0))
    _tell(event, f"gate_{step}", told)


@on(MilestoneLate, name="notifications.milestone_late")
def milestone_late(event: Event, delivery: Delivery) -> None:
    """Its owner and who leads the project, the sponsor, the manager and the followers."""
    assert event.project_id is not None
    milestone_id = event.payload["milestone_id"]
    told = audience.concerned(event.project_id, team_leads_only=True) | audience.owner(milestone_id)
    _tell(event, "milestone_late", told, milestone_id=milestone_id)


@on(MemberAsked, name="notifications.member_asked")
def member_asked(event: Event, delivery: Delivery) -> None:
    _tell(event, "member_asked", [event.payload["person_id"]])


@on(DeputyNamed, name="notifications.deputy_named")
def deputy_named(event: Event, delivery: Delivery) -> None:
    if event.payload["person_id"] is not None:
        _tell(event, "deputy_named", [event.payload["person_id"]])


def _tell(event: Event, kind: str, person_ids: Iterable[int], **params: int) -> None:
    assert event.project_id is not None
    told = set(person_ids) - {event.actor_id or 0}
    service.tell(event, kind, told, {"project_id": event.project_id, **params})
